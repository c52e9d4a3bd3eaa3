"""Nobody sees, writes into or ends a chat that is not theirs."""

from __future__ import annotations

from typing import Any

import pytest
from websockets.exceptions import InvalidStatus

from tests.flows.citizen import Citizen, open_citizen
from tests.flows.product import Agent, Product

OWNER, COLLEAGUE, FOREIGNER = "aino", "bjorn", "kirsi"


def _verbs(contact: str) -> list[dict[str, Any]]:
    """What an agent may do with a contact of their own."""
    words: list[dict[str, Any]] = [
        {"type": "read"},
        {"type": "stay"},
        {"type": "reply", "client_id": "z1", "text": "forged"},
        {"type": "note", "client_id": "z2", "text": "forged"},
        {"type": "draft", "text": "forged"},
        {"type": "hold"},
        {"type": "transfer", "queue": "general"},
        {"type": "close"},
        {"type": "wrap_up", "disposition": "answered"},
    ]
    return [word | {"contact": contact} for word in words]


async def _refusals(agent: Agent, contact: str) -> set[str]:
    """How each verb of this agent on the contact is refused."""
    await agent.send(type="typing", contact=contact)
    found = set()
    for frame in _verbs(contact):
        await agent.send(ref="mine", **frame)
        answer = await agent.wait(lambda f: f.get("ref") == "mine")
        found.add(answer.get("code", "done"))
    return found


async def _own_world(citizen: Citizen) -> list[tuple[int, str, str]]:
    """Go round once, so that whatever was sent before has arrived; what the page shows."""
    await citizen.send(type="ping")
    await citizen.of("pong")
    assert not [frame for frame in citizen.frames if frame["type"] in ("typing", "closed", "read")]
    return citizen.story()


async def test_agents_touch_no_chat_that_is_not_theirs(product: Product) -> None:
    async with (
        open_citizen(product) as citizen,
        product.agent(f"{OWNER}@mikkeli.example") as owner,
        product.agent(f"{COLLEAGUE}@mikkeli.example") as colleague,
        product.agent(f"{FOREIGNER}@kela.example") as foreigner,
    ):
        await citizen.hello()
        await citizen.say("kanarialintu", "c1")
        await owner.available()
        card = (await owner.take())["contact"]
        await citizen.of("joined")
        assert await _refusals(colleague, card["contact"]) == {"not_yours"}
        assert await _refusals(foreigner, card["contact"]) == {"not_found"}
        assert (await foreigner.get(f"/api/cases/{card['case']}/messages"))[0] == 404
        assert await _own_world(citizen) == [(1, "inbound", "kanarialintu")]
        assert not [f for f in foreigner.frames + colleague.frames if "kanarialintu" in str(f)]


async def test_a_citizens_frames_name_no_other_chat(product: Product) -> None:
    async with open_citizen(product) as victim, open_citizen(product) as other:
        await victim.hello()
        await victim.say("minun", "c1")
        await other.hello()
        theirs = {"contact": victim.contact, "case": "1", "resume": victim.secret}
        await other.send(type="message", client_id="c1", text="into yours", **theirs)
        await other.send(type="read", seq=1, **theirs)
        await other.send(type="leave", **theirs)
        await other.of("closed")
        assert await _own_world(victim) == [(1, "inbound", "minun")]
    (row,) = [c for c in await product.export("contacts") if c["id"] == victim.contact]
    assert row["state"] == "queued"


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "{url}.evil.example",
        "http://evil@{host}",
        "https://{host}",
        "{url}, http://e.example",
    ],
)
async def test_no_foreign_page_opens_a_chat(standing: Product, origin: str) -> None:
    citizen = Citizen(standing)
    host = standing.url.removeprefix("http://")
    with pytest.raises(InvalidStatus, match="403"):
        await citizen.connect(origin=origin.format(url=standing.url, host=host))


async def test_a_secret_of_another_kind_is_no_way_in(standing: Product) -> None:
    async with open_citizen(standing) as citizen:
        await citizen.hello()
        for secret in ("", "x" * 43, "ä" * 43, citizen.contact, f"{citizen.secret} ", "' OR 1=1--"):
            async with open_citizen(standing) as thief:
                await thief.send(type="hello", queue="general", language="fi", resume=secret)
                assert (await thief.of("error"))["code"] == "resume_unknown"
        assert citizen.close_code is None
