"""offer: from a contact's commit to the offer on the agent's socket, at 50/s, the agents' sockets
in another process. Floor: an insert, a PUBLISH, and a bare socket in another process."""

from __future__ import annotations

import asyncio
import itertools
import json
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager

import asyncpg
import redis.asyncio as redis
from websockets.asyncio.client import ClientConnection, connect

from bench.intake import TEXT
from bench.measure import ROUNDS, Known, Sample, quantile, report
from bench.stage import Stage, free_port
from contactcenter.channel import Inbound, Sender
from contactcenter.kernel.loop import forever
from contactcenter.kernel.sql import Row
from contactcenter.queue import agents
from contactcenter.watch import sign_in

AGENTS, A_ROUND, EVERY_S = 50, 200, 0.02
HIRE = """
WITH u AS (
    INSERT INTO users (organisation_id, email, name, role, capacity, password_hash)
    SELECT organisation_id, e, e, 'agent', 100, password_hash FROM users, unnest($1::text[]) AS e
    WHERE email = 'aino@mikkeli.example' ON CONFLICT DO NOTHING RETURNING id, organisation_id
), s AS (
    INSERT INTO user_organisation (user_id, organisation_id) SELECT id, organisation_id FROM u
)
INSERT INTO skill (user_id, organisation_id, task, language, level)
SELECT id, organisation_id, 'building', 'fi', 1 FROM u -- an empty line
"""
LOGINS = {"CONTACTCENTER_LOGINS_PER_MINUTE_PER_ADDRESS": "1000000"}
Measure = Callable[[int], Awaitable[list[float]]]
_numbers = itertools.count()


async def run(stage: Stage) -> None:
    """Measure and print both quantiles."""
    rounds = [sample async for sample in _rounds(stage)]
    for share, known in ((0.5, 2.4), (0.99, 8.0)):
        samples = [Sample(quantile(v, share), quantile(f, share)) for v, f in rounds]
        report(f"offer_p{share * 100:.0f}", "ms", samples, Known(known, rate=False))


async def _rounds(stage: Stage) -> AsyncIterator[tuple[list[float], list[float]]]:
    async with _bare(stage) as floor, agents_at_work(stage) as product:
        await floor(20)
        await product(20)
        for _ in range(ROUNDS):
            yield await product(A_ROUND), await floor(A_ROUND)


@asynccontextmanager
async def _process(*words: str, env: dict[str, str]) -> AsyncIterator[asyncio.StreamReader]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", *words, env=env, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        yield process.stdout
    finally:
        process.terminate()
        await process.wait()


@asynccontextmanager
async def _bare(stage: Stage) -> AsyncIterator[Measure]:
    env = stage.environment()
    async with _process("bench.bare_socket", stage.redis_url, env=env) as out:
        port = int(await out.readline())
        conn = await asyncpg.connect(stage.database_url)
        client = redis.Redis.from_url(stage.redis_url)
        async with connect(f"ws://127.0.0.1:{port}/", compression=None) as ws:

            async def measure(count: int) -> list[float]:
                took = []
                for n in range(count):
                    began = time.perf_counter()
                    await conn.execute("INSERT INTO floor_contact (body) VALUES ($1)", TEXT)
                    await client.publish("bench", str(n))
                    assert await ws.recv() == str(n)
                    took.append((time.perf_counter() - began) * 1000)
                    await asyncio.sleep(max(0, EVERY_S - (time.perf_counter() - began)))
                return took

            yield measure
        await client.aclose()
        await conn.close()


@asynccontextmanager
async def agents_at_work(stage: Stage) -> AsyncIterator[Measure]:
    """Agents' sockets on a web node; the contacts come in through this process's node."""
    emails = await _hire(stage)
    port = free_port()
    env = stage.environment() | LOGINS
    words = ("contactcenter", "serve", "--only", "web", "--port", str(port))
    url = f"http://127.0.0.1:{port}"
    heard: dict[str, asyncio.Future[float]] = {}
    committed: dict[str, float] = {}
    router = asyncio.create_task(
        forever("router", stage.node.router.run_once, every_s=5, wake=stage.node.router.woken)
    )
    _mark_commits(stage, committed)
    async with _process(*words, env=env) as out, AsyncExitStack() as stack:
        assert b"ready" in await out.readline()
        for email in emails:
            ws = await stack.enter_async_context(_open(url, email))
            listener = asyncio.create_task(_listen(ws, heard))
            stack.callback(listener.cancel)
        await _to_work(stage)

        async def measure(count: int) -> list[float]:
            took = []
            for _ in range(count):
                began = time.perf_counter()
                number = next(_numbers)
                contact = (await stage.node.reception.receive(_mail(number))).contacts[0]
                at = await asyncio.wait_for(heard.setdefault(contact, _future()), 10)
                took.append((at - committed[contact]) * 1000)
                await asyncio.sleep(max(0, EVERY_S - (time.perf_counter() - began)))
            await stage.node.publisher.settle()
            return took

        yield measure
        router.cancel()


def _future() -> asyncio.Future[float]:
    return asyncio.get_running_loop().create_future()


def _mark_commits(stage: Stage, committed: dict[str, float]) -> None:
    """Note the moment at which the intake statement has come back."""
    arrived = stage.node.publisher.arrived

    async def marked(rows: list[Row]) -> None:
        now = time.perf_counter()
        committed.update({str(row["id"]): now for row in rows})
        await arrived(rows)

    stage.node.publisher.arrived = marked  # type: ignore[method-assign]


def _mail(number: int) -> Inbound:
    return Inbound(
        channel="mail",
        to=("rakennusvalvonta@mikkeli.example",),
        fingerprint=f"offer-{number}",
        sender=Sender(kind="email", address=f"o{number}@example.org", name="C"),
        text=TEXT,
        language="fi",
    )


async def _hire(stage: Stage) -> list[str]:
    """Agents enough, each with room for the whole bench."""
    emails = [f"bench{n}@mikkeli.example" for n in range(AGENTS)]
    async with stage.node.db.connection() as conn:
        await conn.execute(
            HIRE,
            emails,
        )
    return emails


async def _to_work(stage: Stage) -> None:
    async with stage.node.db.connection() as conn:
        ids = [row["user_id"] for row in await conn.fetch("SELECT user_id FROM agent")]
    for user in ids:
        async with stage.node.db.transaction() as conn:
            change = await agents.set_state(conn, user, "available", None)
        await stage.node.publisher.publish(change)


@asynccontextmanager
async def _open(url: str, email: str) -> AsyncIterator[ClientConnection]:
    cookie = await sign_in(url, email, "mikkeli-demo")
    socket = url.replace("http", "ws", 1) + "/ws/agent"
    async with connect(
        socket,
        origin=url,  # type: ignore[arg-type]
        additional_headers={"Cookie": cookie},
        compression=None,
    ) as ws:
        await ws.send('{"type": "resume", "after": 0}')
        await ws.recv()
        yield ws


async def _listen(ws: ClientConnection, heard: dict[str, asyncio.Future[float]]) -> None:
    async for text in ws:
        now = time.perf_counter()
        frame = json.loads(text)
        if frame["type"] == "offer":
            future = heard.setdefault(frame["contact"]["contact"], _future())
            if not future.done():
                future.set_result(now)
