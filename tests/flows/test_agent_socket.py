"""The agent's socket: bad input is answered and harms nobody; what was missed is told again."""

from __future__ import annotations

import asyncio
import json

import aiohttp
import pytest
import redis.asyncio as redis
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from tests.flows.product import Product, letter


async def test_bad_frames_get_a_clear_error_and_the_socket_lives(standing: Product) -> None:
    async with standing.agent("aino@mikkeli.example") as aino:
        bad = {
            "not json": "bad_request",
            "[]": "bad_request",
            '{"type": 5}': "bad_request",
            '{"type": "no_such"}': "unknown_type",
            '{"type": "accept"}': "bad_request",
            '{"type": "accept", "offer": 5}': "bad_request",
            '{"type": "accept", "offer": "1 OR 1=1"}': "bad_request",
            '{"type": "state", "value": "sleeping"}': "bad_request",
            '{"type": "reply", "contact": "1", "client_id": "a b", "text": "x"}': "bad_request",
            '{"type": "reply", "contact": "1", "client_id": "a", "text": "  "}': "bad_request",
            '{"type": "transfer", "contact": "1"}': "bad_request",
            '{"type": "resume", "after": 0}': "wrong_state",
            json.dumps({"type": "note", "text": "x" * 70_000}): "too_large",
            "[" * 30_000: "bad_request",
        }
        for text, code in bad.items():
            await aino.send_text(text)
            error = await aino.of("error")
            assert error["code"] == code, text[:60]
            assert error["message"]
            assert "Traceback" not in error["message"]
        await aino.available()


async def test_a_ref_comes_back_in_the_effect_and_in_the_error(standing: Product) -> None:
    async with standing.agent("aino@mikkeli.example") as aino:
        await aino.send(type="state", value="break", reason="lunch", ref={"n": 1})
        frame = await aino.of("agent")
        assert frame["ref"] == {"n": 1}
        await aino.send(type="accept", offer="99", ref="again")
        assert (await aino.of("error"))["ref"] == "again"


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://127.0.0.1.evil.example", None]
)
async def test_a_foreign_or_missing_origin_gets_403_before_anything(
    standing: Product, origin: str | None
) -> None:
    async with standing.agent("aino@mikkeli.example") as aino:
        with pytest.raises(InvalidStatus) as refused:
            await connect(
                standing.url.replace("http", "ws") + "/ws/agent",
                origin=origin,  # type: ignore[arg-type]
                additional_headers={"Cookie": aino.cookie},
            )
        assert refused.value.response.status_code == 403


async def test_no_session_is_closed_with_4401(standing: Product) -> None:
    url = standing.url.replace("http", "ws") + "/ws/agent"
    async with connect(url, origin=standing.url) as ws:  # type: ignore[arg-type]
        await ws.wait_closed()
        assert ws.close_code == 4401


async def test_signing_out_closes_the_socket(standing: Product) -> None:
    async with standing.agent("aino@mikkeli.example") as aino:
        async with aino.http.delete(standing.url + "/api/session") as answer:
            assert answer.status < 300
        assert await aino.closed() == 4401


async def test_missed_frames_are_told_again(product: Product) -> None:
    async with product.agent("aino@mikkeli.example") as aino:
        await aino.available()
        after = aino.snapshot["seq"] + 1
        await aino.vanish()
        await product.mail(letter())
        aino.close_code = None
        async with product.agent("aino@mikkeli.example") as other:
            offer = (
                await other.wait(lambda f: f["type"] == "offer")
                if not other.snapshot["offers"]
                else other.snapshot["offers"][0]
            )
            await aino.open(after=after)
            assert "offers" in aino.snapshot or aino.snapshot
            again = await aino.of("offer")
            assert again["offer"] == offer["offer"]
            await aino.send(type="accept", offer=again["offer"])
            await other.of("offer_ended", offer=offer["offer"], why="accepted")
            await aino.of("contact")


async def test_a_silent_agents_contact_returns_with_its_draft(product: Product) -> None:
    await product.mail(letter())
    async with product.agent("aino@mikkeli.example") as aino:
        await aino.available()
        contact = (await aino.take())["contact"]["contact"]
        await aino.send(type="draft", contact=contact, text="Hyvä Ville", ref=1)
        await aino.wait(lambda f: f.get("ref") == 1)
        await aino.vanish()
    async with product.agent("carla@mikkeli.example") as carla:
        await carla.available()
        taken = await carla.take()
        assert taken["contact"]["contact"] == contact
        assert taken["contact"]["draft"] == "Hyvä Ville"
    async with product.agent("aino@mikkeli.example") as aino:
        assert aino.snapshot["state"]["value"] == "available"  # back in time: as it was
        assert aino.snapshot["contacts"] == []


async def test_who_has_just_come_is_not_lost_on_an_old_server(product: Product) -> None:
    client = redis.Redis.from_url(product.servers()["redis_url"])
    await client.zadd("alive", {"0": 1})  # as if it had been up for long
    await client.aclose()
    async with product.agent("aino@mikkeli.example") as aino:
        await aino.available()
        await product.mail(letter())
        await aino.take()
        assert [f for f in aino.frames if f["type"] == "agent"] == []


async def test_transfer_to_a_colleague_and_to_a_queue(product: Product) -> None:
    await product.mail(letter())
    async with (
        product.agent("aino@mikkeli.example") as aino,
        product.agent("bjorn@mikkeli.example") as bjorn,
    ):
        await aino.available()
        contact = (await aino.take())["contact"]["contact"]
        await aino.send(type="transfer", contact=contact, agent=bjorn.user["id"], ref=1)
        error = await aino.wait(lambda f: f.get("ref") == 1)
        assert (error["type"], error["code"]) == ("error", "unavailable")
        await bjorn.available()
        await aino.send(
            type="transfer", contact=contact, agent=bjorn.user["id"], summary="Osaat tämän"
        )
        await aino.wait(lambda f: f["type"] == "contact" and f["contact"]["state"] != "active")
        taken = await bjorn.take()
        assert taken["messages"][-1]["text"] == "Osaat tämän"
        assert taken["messages"][-1]["direction"] == "note"
        await bjorn.send(type="transfer", contact=contact, queue="building")
        await bjorn.wait(lambda f: f["type"] == "contact" and f["contact"]["state"] != "active")
        again = await asyncio.wait_for(aino.of("offer"), 20)
        assert again["contact"]["queue"] == "building"
    events = [e["kind"] for e in await product.export("events") if e.get("contact") == contact]
    assert events.count("left") >= 2
    assert (await product.verify())["violations"] == []


async def test_wrong_passwords_look_all_alike(standing: Product) -> None:
    async with aiohttp.ClientSession(headers={"Origin": standing.url}) as http:
        answers = []
        for email, password in (
            ("aino@mikkeli.example", "wrong"),
            ("nobody@mikkeli.example", "wrong"),
        ):
            async with http.post(
                standing.url + "/api/session", json={"email": email, "password": password}
            ) as answer:
                answers.append((answer.status, await answer.text()))
    assert answers[0] == answers[1]
    assert answers[0][0] == 401
