"""Whoever comes to the counter, rings or is rung by an agent is in every figure."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.flows.client import Frame
from tests.flows.product import Agent, Product

WAITED = timedelta(minutes=5)


async def begin(agent: Agent, request_id: str, **fields: Any) -> Frame:
    """Begin one in the queue general; its card."""
    asked = {"queue": "general", "language": "fi", "request_id": request_id} | fields
    await agent.send(type="start", ref=request_id, **asked)
    card: Frame = (await agent.of("contact", ref=request_id))["contact"]
    return card


async def end(agent: Agent, card: Frame) -> None:
    """Record its outcome."""
    await agent.send(type="wrap_up", contact=card["contact"], disposition="answered")
    await agent.wait(
        lambda f: (
            f["type"] == "contact"
            and f["contact"]["contact"] == card["contact"]
            and f["contact"]["state"] == "closed"
        )
    )


async def serve_both(aino: Agent) -> tuple[str, str]:
    """Somebody is served at the counter, then somebody is called; their contacts."""
    await aino.available()
    came = datetime.now(UTC) - WAITED
    visit = await begin(aino, "visit-1", channel="visit", arrived_at=came.isoformat())
    again = await begin(aino, "visit-1", channel="visit", arrived_at=came.isoformat())
    contact = visit["contact"]
    assert (again["contact"], visit["state"]) == (contact, "active")
    assert datetime.fromisoformat(visit["wait_from"]) == came
    await aino.send(type="person", contact=contact, name="Ville", number="040 123 4567", ref="p")
    known = await aino.of("contact", ref="p")
    assert known["contact"]["person"]["address"] == "+358401234567"
    await aino.send(type="note", contact=contact, client_id="n1", text="Neuvottu lomake.", ref="n")
    assert (await aino.of("message", ref="n"))["message"]["direction"] == "note"
    await aino.send(type="reply", contact=contact, client_id="r1", text="Hei", ref="r")
    assert (await aino.of("error", ref="r"))["code"] == "wrong_state"
    await aino.send(type="close", contact=contact, ref="c")
    await aino.of("contact", ref="c")
    await end(aino, visit)
    call = await begin(aino, "call-1", channel="call", direction="agent")
    await end(aino, call)
    return contact, call["contact"]


def told(events: list[Frame], contact: str) -> dict[str, Frame]:
    """The events of a contact by their kind, each there once."""
    found = [event for event in events if event["contact"] == contact]
    by_kind = {event["kind"]: event for event in found}
    assert len(by_kind) == len(found)
    return by_kind


def seconds(since: str, until: str) -> float:
    """Between two moments of the export."""
    return (datetime.fromisoformat(until) - datetime.fromisoformat(since)).total_seconds()


async def test_a_visit_is_exported_and_verified(product: Product) -> None:
    async with product.agent("aino@mikkeli.example") as aino:
        visit, call = await serve_both(aino)
    contacts = {row["id"]: row for row in await product.export("contacts")}
    assert set(contacts) == {visit, call}
    row = contacts[visit]
    assert (row["channel"], row["direction"], row["state"]) == ("visit", "citizen", "closed")
    assert (row["external_id"], row["disposition"]) == ("visit-1", "answered")
    assert contacts[call]["direction"] == "agent"
    events = await product.export("events")
    of_visit, of_call = told(events, visit), told(events, call)
    assert list(of_visit) == ["entered", "accepted", "wrap_up", "closed"]
    assert of_visit["entered"]["wait_from"] == of_visit["accepted"]["wait_from"]
    assert list(of_call) == ["accepted", "wrap_up", "closed"]
    assert of_call["accepted"].get("wait_from") is None
    verified = await product.verify()
    assert (verified["received"], verified["violations"]) == (2, [])


async def test_visit_by_hand_counts(product: Product) -> None:
    since = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(hours=1)
    async with product.agent("aino@mikkeli.example") as aino:
        visit, call = await serve_both(aino)
    events = await product.export("events")
    of_visit, of_call = told(events, visit), told(events, call)
    period = ("--from", since.isoformat(), "--to", (since + timedelta(hours=3)).isoformat())
    figures = json.loads(await product.command("stats", *period, "--json"))
    rows = {(row["queue"], row["channel"]): row for row in figures["queues"]}
    row = rows["general", "visit"]
    assert (row["entered"], row["accepted"]) == (1, 1)
    accepted, closed = of_visit["accepted"], of_visit["closed"]
    assert row["asa_s"] == pytest.approx(seconds(accepted["wait_from"], accepted["at"]), abs=0.01)
    assert row["aht_s"] == pytest.approx(seconds(accepted["at"], closed["at"]), abs=0.01)
    row = rows["general", "call"]  # nobody waited for it: it is handling, and nothing else
    assert (row["entered"], row["accepted"], row["asa_s"]) == (0, 0, None)
    handled = seconds(of_call["accepted"]["at"], of_call["closed"]["at"])
    assert row["aht_s"] == pytest.approx(handled, abs=0.01)
