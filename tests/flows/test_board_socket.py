"""The supervisor's socket: who may watch, what is seen, and that it goes on."""

from __future__ import annotations

import asyncio

import asyncpg
import pytest
from websockets.exceptions import InvalidStatus

from tests.flows.product import Product, letter
from tests.flows.watcher import Watcher, signed_in, watching


async def test_agents_and_foreign_pages_get_403(standing: Product) -> None:
    async with signed_in(standing, "aino@mikkeli.example") as (_, cookie):
        with pytest.raises(InvalidStatus) as refused:
            await Watcher(standing.url).open(None, cookie)
        assert refused.value.response.status_code == 403
    async with signed_in(standing, "seppo@mikkeli.example") as (_, cookie):
        with pytest.raises(InvalidStatus) as refused:
            await Watcher(standing.url).open("http://evil.example", cookie)
        assert refused.value.response.status_code == 403


async def test_signed_out_is_4401(standing: Product) -> None:
    nobody = Watcher(standing.url)
    await nobody.open(None, None)
    assert await nobody.closed() == 4401
    async with signed_in(standing, "seppo@mikkeli.example") as (http, cookie):
        watcher = Watcher(standing.url)
        await watcher.open(None, cookie)
        await watcher.board()
        async with http.delete(standing.url + "/api/session") as answer:
            assert answer.status < 300
        assert await watcher.closed() == 4401


async def test_who_may_watch_no_more_is_4403(product: Product) -> None:
    async with watching(product) as seppo:
        await seppo.board()
        conn = await asyncpg.connect(product.servers()["database_url"])
        await conn.execute("UPDATE users SET role = 'agent' WHERE email LIKE 'seppo%'")
        await conn.close()
        assert await seppo.closed() == 4403


async def test_bad_frames_are_answered_and_the_board_goes_on(standing: Product) -> None:
    async with watching(standing) as seppo:
        first = await seppo.board()
        for text, code in (("x", "bad_request"), ('{"type": "board"}', "unknown_type")):
            await seppo.send_text(text)
            assert (await seppo.of("error"))["code"] == code
        await seppo.send(type="ping", ref=7)
        assert (await seppo.of("pong"))["ref"] == 7
        await seppo.board(after=first["at"])
        for _ in range(100):
            await seppo.send(type="ping")
        assert await seppo.closed() == 4429


async def test_it_shows_what_happens_to_the_own_city_only(product: Product) -> None:
    async with (
        watching(product) as seppo,
        watching(product, "admin@kela.example") as kela,
        product.agent("aino@mikkeli.example") as aino,
    ):
        await product.mail(letter())
        await seppo.wait(lambda f: f["type"] == "board" and waiting(f, "general") == 1)
        await aino.available()
        await aino.take()
        shown = await seppo.wait(
            lambda f: f["type"] == "board" and waiting(f, "general") == 0 and taken(f)
        )
        (agent,) = [a for a in shown["agents"] if a["agent"] == aino.user["id"]]
        assert (agent["state"], agent["load"], agent["organisation"]) == ("available", 1, "mikkeli")
        assert shown["zone"] == "Europe/Helsinki"
        theirs = await kela.board(after=shown["at"])
        assert {q["organisation"] for q in theirs["queues"]} == {"kela"}
        assert theirs["agents"] == []


async def test_two_nodes_show_the_same_and_a_stop_says_come_back(product: Product) -> None:
    sibling = product.sibling(product.home.parent / "sibling")
    await sibling.start_serving()
    try:
        async with watching(product) as here, watching(sibling) as there:
            await product.mail(letter())
            for one in (here, there):
                await one.wait(lambda f: f["type"] == "board" and waiting(f, "general") == 1)
            await asyncio.gather(sibling.stop(), there.closed())
            assert there.close_code == 1012
    finally:
        if sibling.running:
            await sibling.stop()


def waiting(frame: dict[str, object], queue: str) -> int:
    rows: list[dict[str, object]] = frame["queues"]  # type: ignore[assignment]
    return sum(int(str(row["waiting"])) for row in rows if row["queue"] == queue)


def taken(frame: dict[str, object]) -> bool:
    agents: list[dict[str, object]] = frame["agents"]  # type: ignore[assignment]
    return any(agent["load"] == 1 for agent in agents)
