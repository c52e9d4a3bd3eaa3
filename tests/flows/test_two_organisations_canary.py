"""A word planted in one organisation is looked for by every door of the other."""

from __future__ import annotations

import re
from typing import Any

import aiohttp
import asyncpg
import pytest

from tests.flows.poll import until
from tests.flows.product import Agent, Product, letter

CANARY = "kanarialintu"
KELA = "asiakaspalvelu@kela.example"
OUT_OF_HAND = "SELECT owner IS NULL FROM contact WHERE id = $1"


async def plant(product: Product) -> dict[str, Any]:
    """A Kela agent works on a mail whose every part holds the canary; the card."""
    mail = letter(subject=f"Aihe {CANARY}", text=f"Teksti {CANARY}", to=KELA)
    mail.add_attachment(CANARY, subtype="plain", filename=f"{CANARY}.txt")
    await product.mail(mail)
    async with product.agent("kirsi@kela.example") as kirsi:
        await kirsi.available()
        taken = await kirsi.take()
        card: dict[str, Any] = taken["contact"]
        await kirsi.send(type="note", contact=card["contact"], client_id="n1", text=CANARY)
        await kirsi.of("message")
        await kirsi.reply(card["contact"], f"Vastaus {CANARY}", "r1")
        card["messages"] = taken["messages"]
    return card


@pytest.fixture(scope="module")
async def card(standing: Product) -> dict[str, Any]:
    """It, planted once: whoever looks for it leaves it as it is."""
    return await plant(standing)


async def paths(card: dict[str, Any]) -> list[str]:
    """Every address at which something of the case can be read."""
    attachment = card["messages"][0]["attachments"][0]["id"]
    return [
        f"/api/cases/{card['case']}/messages",
        f"/api/cases/{card['case']}/messages?before=2&limit=200",
        f"/api/cases/{card['case']}/service",
        f"/api/cases/{card['case']}/times",
        f"/api/contacts/{card['contact']}/reason",
        f"/api/cases/{card['case']}/feedback",
        f"/feedback/open/{card['contact']}",
        "/feedback?what=all",
        "/open311/v2/requests.json?jurisdiction_id=kela",
        f"/open311/v2/requests/{card['contact']}.xml?jurisdiction_id=kela",
        f"/api/messages/{card['case']}/1/html",
        f"/api/messages/{card['case']}/1/html?remote=1",
        f"/api/attachments/{attachment}",
        f"/api/persons/{card['person']['id']}",
        f"/api/persons/{card['person']['id']}/proposals",
        f"/admin/quarantine/{card['contact']}/raw",
        "/api/console",
        "/admin/audit",
        "/admin/quarantine",
        "/admin/users",
        "/console",
        "/metrics",
        "/health/ready",
        "/demo/mail",
    ]


def absent(path: str) -> str:
    """The same of something that was never there."""
    return re.sub(r"/(cases|messages|attachments)/\d+", r"/\1/999999999999", path)


async def every_verb(agent: Agent, card: dict[str, Any]) -> None:
    """Try to do everything to the foreign contact."""
    contact, case, client_id = card["contact"], card["case"], "x1"
    frames: list[dict[str, Any]] = [
        {"type": "accept", "offer": contact},
        {"type": "decline", "offer": contact},
        {"type": "reply", "contact": contact, "client_id": client_id, "text": "hei"},
        {"type": "note", "contact": contact, "client_id": client_id, "text": "hei"},
        {"type": "transfer", "contact": contact, "queue": "general"},
        {"type": "transfer", "contact": contact, "agent": "2"},
        {"type": "hold", "contact": contact},
        {"type": "unhold", "contact": contact},
        {"type": "close", "contact": contact},
        {"type": "wrap_up", "contact": contact, "disposition": "answered"},
        {"type": "wrap_up", "contact": contact, "disposition": "answered", "reason": "question"},
        {"type": "resolve", "case": case},
        {"type": "reopen", "case": case},
        {"type": "resend", "send_id": contact},
        {"type": "arrived", "send_id": contact},
        {"type": "read", "contact": contact},
        {"type": "draft", "contact": contact, "text": "hei"},
    ]
    for number, frame in enumerate(frames):
        await agent.send(ref=number, **frame)
        answer = await agent.wait(lambda f: bool(f.get("ref") == number))  # noqa: B023
        assert answer["type"] == "error", (frame, answer)
        assert answer["code"] in ("not_found", "offer_ended"), (frame, answer)


async def every_act(
    product: Product, http: aiohttp.ClientSession, card: dict[str, Any]
) -> set[int]:
    """Try to do everything to the person; how it was refused."""
    person, statuses = f"/api/persons/{card['person']['id']}", set()
    for path, body in (
        (f"{person}/merge", {"other": card["person"]["id"], "checked": "document"}),
        (f"{person}/protection", {"protected": True}),
        (f"{person}/addresses", {"reason": "Uteliaisuus"}),
        (f"/api/merges/{card['person']['id']}/undo", {}),
        ("/api/persons/find", {"address": "ville@example.org"}),
    ):
        head = {"Origin": product.url}
        async with http.post(product.url + path, json=body, headers=head) as answer:
            if path.endswith("find") and answer.status == 200:
                assert await answer.json() == {"persons": []}
            else:
                statuses.add(answer.status)
    return statuses


@pytest.mark.parametrize(
    "email", ["aino@mikkeli.example", "seppo@mikkeli.example", "admin@mikkeli.example"]
)
async def test_two_organisations_canary(
    standing: Product, card: dict[str, Any], email: str
) -> None:
    before = await standing.export("messages"), await standing.export("events")
    async with standing.agent(email) as foreign:
        await foreign.available()
        for path in await paths(card):
            status, text = await foreign.get(path)
            assert CANARY not in text, path
            assert status != 500, path
        await every_verb(foreign, card)
        assert await every_act(standing, foreign.http, card) <= {403, 404}
        assert CANARY not in str(foreign.frames) + str(foreign.snapshot)
    messages, events = await standing.export("messages"), await standing.export("events")
    assert messages == before[0]
    foreign_events = [e for e in events if e not in before[1] and e.get("contact")]
    assert {e["kind"] for e in foreign_events} <= {"left", "returned"}  # Kirsi's tab closed
    assert CANARY not in standing.log()


async def test_nobody_reads_anything_without_signing_in(
    standing: Product, card: dict[str, Any]
) -> None:
    async with aiohttp.ClientSession() as http:
        for path in await paths(card):
            async with http.get(standing.url + path, allow_redirects=False) as answer:
                assert CANARY not in await answer.text(), path
                assert answer.status < 500, path
        assert await every_act(standing, http, card) == {401}


async def test_the_own_organisation_still_sees_it(standing: Product, card: dict[str, Any]) -> None:
    async with standing.agent("kirsi@kela.example") as kirsi:
        status, text = await kirsi.get(f"/api/cases/{card['case']}/messages")
    assert status == 200
    assert text.count(CANARY) >= 3


async def test_a_sensitive_case_is_read_by_who_has_it_in_hand_alone(
    standing: Product, card: dict[str, Any]
) -> None:
    """By no door of its own organisation either: last, since the queue stays so."""
    conn = await asyncpg.connect(standing.servers()["database_url"])
    await conn.execute("UPDATE queue SET sensitive = true WHERE key = $1", card["queue"])
    await until(lambda: conn.fetchval(OUT_OF_HAND, int(card["contact"])))  # its agent is lost
    await conn.close()
    async with standing.agent("kirsi@kela.example") as kirsi:
        for path in await paths(card):
            status, text = await kirsi.get(path)
            assert CANARY not in text, path
            if path.startswith(("/api/cases/", "/api/messages/", "/api/attachments/")):
                assert (status, text) == await kirsi.get(absent(path)), path
        await kirsi.available()
        await kirsi.take()
        shown = [path for path in await paths(card) if CANARY in (await kirsi.get(path))[1]]
    assert {path.split("/")[2] for path in shown} == {"cases", "attachments", "persons"}
