"""Calls that the city owes, with the product as a process: asked for, kept, missed, changed to."""

from __future__ import annotations

from typing import Any

import aiohttp
import asyncpg
import pytest

from tests.flows.citizen import Citizen, open_citizen
from tests.flows.client import Frame
from tests.flows.conftest import running
from tests.flows.product import Agent, Product, Relay

AINO = "aino@mikkeli.example"
NUMBER = "050 339 1387"


async def ask(product: Product, **given: Any) -> Frame:
    """POST /api/callbacks; the answer."""
    body = {
        "queue": "general",
        "number": NUMBER,
        "language": "fi",
        "matter": "Koskee päivähoitoa.",
        "request_id": "flow-1",
    }
    async with (
        aiohttp.ClientSession() as http,
        http.post(f"{product.url}/api/callbacks", json=body | given) as answer,
    ):
        assert answer.status == 201, await answer.text()
        found: Frame = await answer.json()
    return found


async def state(url: str) -> Frame:
    """What the link of a request says."""
    headers = {"Accept": "application/json"}
    async with aiohttp.ClientSession(headers=headers) as http, http.get(url) as answer:
        assert answer.status == 200
        found: Frame = await answer.json()
    return found


async def windows(product: Product) -> list[Frame]:
    """The half hours on offer."""
    url = f"{product.url}/api/callbacks/windows?queue=general"
    async with aiohttp.ClientSession() as http, http.get(url) as answer:
        found: list[Frame] = (await answer.json())["windows"]
    return found


async def time_passes(product: Product, contact: str) -> None:
    """The promised window begins now: nobody waits half an hour in a test."""
    conn = await asyncpg.connect(product.servers()["database_url"])
    await conn.execute(
        "UPDATE callback SET promise_from = now(), promise_to = now() + interval '30 min',"
        " next_at = now(), slot_queue = NULL WHERE contact_id = $1",
        int(contact),
    )
    await conn.execute("DELETE FROM callback_slot")
    await conn.close()


async def always_open(product: Product) -> None:
    """A further try is due within the opening hours only: there are none to wait for."""
    conn = await asyncpg.connect(product.servers()["database_url"])
    await conn.execute("UPDATE queue SET hours = '{}'")
    await conn.close()


async def attempt(agent: Agent, contact: str, outcome: str, client_id: str) -> Frame:
    """Record what came of a call; the card after it."""
    await agent.send(
        type="attempt", contact=contact, client_id=client_id, outcome=outcome, ref=client_id
    )
    card: Frame = (await agent.of("contact", ref=client_id))["contact"]
    return card


async def kinds(product: Product, contact: str) -> list[tuple[str, str | None]]:
    """What happened to a contact, from the export."""
    events = await product.export("events")
    return [(e["kind"], e.get("why")) for e in events if e.get("contact") == contact]


async def test_callback_kept(product: Product) -> None:
    """Asked for a window, called within it, reached and closed: the promise counts as kept."""
    window = (await windows(product))[0]
    asked = await ask(product, window=window)
    contact = asked["contact"]
    assert asked["promise"] == window
    assert (await state(asked["status_url"]))["state"] == "scheduled"
    assert await ask(product, window=window) == asked
    async with product.agent(AINO) as aino:
        await aino.available()
        await time_passes(product, contact)
        card = (await aino.take())["contact"]
        assert card["callback"]["number"] == "+358503391387"
        assert (await state(asked["status_url"]))["cancellable"] is False
        await aino.send(type="dial", contact=contact, ref="d1")
        card = (await aino.of("contact", ref="d1"))["contact"]
        assert card["callback"]["dialled_at"] is not None
        assert (await attempt(aino, contact, "reached", "a1"))["state"] == "active"
        await aino.send(type="wrap_up", contact=contact, disposition="answered", ref="w")
        assert (await aino.of("contact", ref="w"))["contact"]["state"] == "closed"
    assert (await state(asked["status_url"]))["state"] == "closed"
    (promise,) = [e for e in await product.export("events") if e["kind"] == "promise"]
    assert (promise["contact"], promise["kept"]) == (contact, True)
    assert ("entered", "window") in await kinds(product, contact)
    (exported,) = await product.export("contacts")
    assert (exported["channel"], exported["external_id"]) == ("callback", "flow-1")
    assert (await product.verify())["violations"] == []


async def test_callback_three_misses(relay: Relay) -> None:
    """Nobody answers three times: it keeps its place each time, and then a mail says so."""
    async with (
        running(
            CONTACTCENTER_RELAY=f"smtp://127.0.0.1:{relay.port}?starttls=never",
            CONTACTCENTER_CALLBACK_RETRY_S="1",
        ) as product,
        product.agent(AINO) as aino,
    ):
        await always_open(product)
        asked = await ask(product, email="ville@example.org")
        contact = asked["contact"]
        await aino.available()
        for n, outcome in enumerate(("no_answer", "busy", "no_answer"), 1):
            card = (await aino.take())["contact"]
            assert (card["contact"], card["callback"]["attempts"]) == (contact, n - 1)
            after = await attempt(aino, contact, outcome, f"a{n}")
            assert after["state"] == ("scheduled" if n < 3 else "closed")
        (mail,) = await relay.received(1)
        assert mail["To"] == "ville@example.org"
        assert mail["Auto-Submitted"] == "auto-generated"
        happened = await kinds(product, contact)
        assert happened.count(("left", "not_reached")) == 2
        assert happened.count(("entered", "retry")) == 2
        assert (await state(asked["status_url"]))["state"] == "closed"
        (exported,) = await product.export("contacts")
        assert exported["disposition"] == "not_reached"
        assert not (await ask(product, request_id="flow-2")).get("joined")
        assert (await product.verify())["violations"] == []


async def changed(citizen: Citizen, request_id: str = "c1") -> Frame:
    """Ask to be called instead; the answer."""
    await citizen.send(type="change", to="callback", number=NUMBER, request_id=request_id)
    return await citizen.of("changed")


async def test_chat_to_callback_keeps_place(product: Product) -> None:
    """Who chatted first is called first, before those who came after and stayed."""
    async with open_citizen(product) as first, open_citizen(product) as second:
        await first.hello(name="Ville")
        await second.hello(name="Åsa")
        await first.say("Asia", "m1")
        assert (await changed(first))["contact"] == first.contact
        async with product.agent(AINO) as aino:
            await aino.available()
            frame = await aino.take()
            card = frame["contact"]
            assert (card["contact"], card["channel"]) == (first.contact, "callback")
            assert [m["text"] for m in frame["messages"]] == ["Asia"]
            await attempt(aino, card["contact"], "reached", "a1")
            await aino.send(type="wrap_up", contact=card["contact"], disposition="answered")
            assert (await aino.take())["contact"]["contact"] == second.contact
        assert not [frame for frame in first.frames if frame["type"] == "closed"]
    assert first.contact is not None
    assert (await kinds(product, first.contact))[:2] == [("entered", "new"), ("entered", "change")]
    contacts = {c["id"]: c for c in await product.export("contacts")}
    assert contacts[first.contact]["rank"] < contacts[str(second.contact)]["rank"]
    assert (await product.verify())["violations"] == []


@pytest.mark.parametrize("point", ["before_commit", "after_commit"])
async def test_killed_around_the_commit_nothing_is_lost(point: str) -> None:
    """The page sends its change again, and there is one callback in the chat's place."""
    async with running(CONTACTCENTER_FAIL=f"callback.{point}:1") as product:
        ville = Citizen(product)
        await ville.connect()
        await ville.hello()
        await ville.say("Asia", "m1")
        contact = ville.contact
        await ville.send(type="change", to="callback", number=NUMBER, request_id="c1")
        await product.ended()
        await ville.closed()
        await product.start(CONTACTCENTER_FAIL="")
        await ville.connect()
        await ville.hello()
        if point == "after_commit":
            await ville.of("changed")
        assert (await changed(ville))["contact"] == contact
        await ville.close()
        (exported,) = await product.export("contacts")
        assert (exported["channel"], exported["state"]) == ("callback", "queued")
        assert exported["id"] == contact
        async with product.agent(AINO) as aino:
            await aino.available()
            assert (await aino.take())["contact"]["contact"] == contact
        assert (await product.verify())["violations"] == []
