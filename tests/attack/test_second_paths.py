"""What issue 4 added, asked for by who has no business with it."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest

from tests.flows.client import Frame
from tests.flows.product import Agent, Product

CALL = {"queue": "general", "number": "050 339 1387", "language": "fi", "matter": "Salaisuus"}
START = {"type": "start", "request_id": "s", "channel": "visit", "language": "fi"} | {
    "queue": "general"
}


async def _refused(agent: Agent, **frame: Any) -> str:
    """The code that a frame is answered with."""
    await agent.send(ref="r", **frame)
    answer = await agent.wait(lambda f: f.get("ref") == "r" or f["type"] == "error")
    return str(answer.get("code", answer["type"]))


async def _called(product: Product, agent: Agent) -> Frame:
    """A callback that this agent has in hand; its card."""
    await agent.available()
    async with aiohttp.ClientSession(product.url) as http:
        async with http.post("/api/callbacks", json=CALL | {"request_id": "p1"}) as answer:
            assert answer.status == 201
    card: Frame = (await agent.take())["contact"]
    return card


async def test_another_organisations_agent_reaches_no_call(product: Product) -> None:
    async with product.agent("kirsi@kela.example") as kirsi:
        async with product.agent("aino@mikkeli.example") as aino:
            await kirsi.available()
            contact = (await _called(product, aino))["contact"]
            tried = [
                await _refused(kirsi, type="dial", contact=contact),
                await _refused(
                    kirsi, type="attempt", contact=contact, client_id="a", outcome="reached"
                ),
                await _refused(kirsi, type="person", contact=contact, name="X"),
                await _refused(kirsi, type="wrap_up", contact=contact, disposition="answered"),
                await _refused(kirsi, **START),
            ]
            assert "Salaisuus" not in str(kirsi.frames)
    assert tried == ["not_found"] * 4 + ["unknown_queue"]
    assert (await product.verify())["violations"] == []


@pytest.mark.parametrize("contact", ["0", "-1", "9" * 18, "9" * 30, "", "1e3", "٣"])
async def test_no_number_of_a_contact_is_our_fault(standing: Product, contact: str) -> None:
    async with standing.agent("aino@mikkeli.example") as aino:
        for frame in (
            {"type": "dial"},
            {"type": "attempt", "client_id": "a", "outcome": "reached"},
            {"type": "person", "name": "X"},
        ):
            code = await _refused(aino, contact=contact, **frame)
            assert code in ("not_found", "bad_request"), (frame, code)


async def test_two_tabs_count_one_attempt(product: Product) -> None:
    async with product.agent("aino@mikkeli.example") as aino:
        contact = (await _called(product, aino))["contact"]
        frame = {"type": "attempt", "contact": contact, "client_id": "a", "outcome": "no_answer"}
        await asyncio.gather(*(aino.send(**frame) for _ in range(10)))
        await aino.wait(lambda f: f["type"] == "contact" and f["contact"]["state"] == "scheduled")
    left = [e for e in await product.export("events") if e["kind"] == "left"]
    assert len(left) == 1
    assert (await product.verify())["violations"] == []
