"""Traffic that asks to be called, against every answer that a server may give."""

from __future__ import annotations

import tomllib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer

from contactcenter import demo
from contactcenter.demo_history.load import TOPICS
from contactcenter.traffic import plan
from contactcenter.traffic.letters import Callbacks
from contactcenter.traffic.tally import Tally

WINDOW = {"from": "2026-11-27T08:00:00.000000+00:00", "to": "2026-11-27T08:30:00.000000+00:00"}


def people(count: int) -> list[plan.Approach]:
    """So many who want to be called."""
    options = plan.Options(
        url="", rate=100, minutes=10, contacts=count, agents=0,
        mix=plan.read_mix("0:0:1"), seed=1, profile=False,
    )  # fmt: skip
    queues = [queue | {"address": None} for queue in demo.city()["queue"]]
    topics = tomllib.loads(TOPICS.read_text(encoding="utf-8"))["topic"]
    return list(plan.approaches(options, queues, topics))


@asynccontextmanager
async def asked(status: int, body: dict[str, Any], count: int = 1) -> AsyncIterator[Any]:
    """What was asked of a server that always answers so, and what traffic made of it."""
    heard: list[dict[str, Any]] = []

    async def post(request: web.Request) -> web.Response:
        assert "Cookie" not in request.headers
        heard.append(await request.json())
        given = {name: f"{value}{len(heard)}" for name, value in body.items()}
        return web.json_response(given, status=status)

    async def windows(request: web.Request) -> web.Response:
        return web.json_response({"windows": [WINDOW]})

    app = web.Application()
    app.router.add_post("/api/callbacks", post)
    app.router.add_get("/api/callbacks/windows", windows)
    tally = Tally()
    async with TestServer(app) as server, aiohttp.ClientSession() as http:
        callbacks = Callbacks(str(server.make_url("")).rstrip("/"), "run", http, tally)
        for approach in people(count):
            await callbacks.ask(approach)
        yield heard, tally


async def test_what_is_acknowledged_is_kept() -> None:
    async with asked(201, {"contact": "c", "status_url": "u"}, 20) as (heard, tally):
        assert tally.callbacks == {f"c{n}" for n in range(1, 21)}
        assert len({request["request_id"] for request in heard}) == 20
        assert any(request.get("window") == WINDOW for request in heard)
        assert any("window" not in request for request in heard)
        assert {"queue", "number", "language", "matter"} <= heard[0].keys()


async def test_a_server_without_callbacks_is_named_and_no_error() -> None:
    async with asked(404, {"code": "not_found"}) as (_, tally):
        assert (tally.not_offered, tally.callbacks, tally.errors.total()) == (1, set(), 0)


async def test_a_refusal_is_counted_by_its_code() -> None:
    async with asked(429, {"code": "too_many"}) as (_, tally):
        assert tally.refused.total() == 1
        assert tally.errors.total() == 0


async def test_a_server_that_fails_is_an_error() -> None:
    tally = Tally()
    async with aiohttp.ClientSession() as http:
        callbacks = Callbacks("http://127.0.0.1:9", "run", http, tally)
        await callbacks.ask(people(1)[0])
    assert (tally.errors.total(), tally.callbacks) == (1, set())
