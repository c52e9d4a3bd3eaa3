"""offer: from a contact's commit to the offer on the agent's socket, at 50/s, the agents' sockets in
another process. Floor: an insert, a PUBLISH, and a bare socket in another process."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import redis.asyncio as redis
from websockets.asyncio.client import ClientConnection, connect

from bench.intake import TEXT
from bench.measure import ROUNDS, Known, Sample, quantile, report
from bench.stage import Stage
from contactcenter.accounts import sessions
from contactcenter.channel import Inbound, Sender
from contactcenter.queue import agents

AGENTS, A_ROUND, EVERY_S = 50, 200, 0.02


async def run(stage: Stage) -> None:
    """Measure and print both quantiles."""
    rounds = [sample async for sample in _rounds(stage)]
    for share, known in ((0.5, 2.4), (0.99, 8.0)):
        samples = [Sample(quantile(v, share), quantile(f, share)) for v, f in rounds]
        report(f"offer_p{share * 100:.0f}", "ms", samples, Known(known, rate=False))


async def _rounds(stage: Stage) -> AsyncIterator[tuple[list[float], list[float]]]:
    async with _bare(stage) as floor, _agents(stage) as product:
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
async def _bare(stage: Stage) -> AsyncIterator[object]:
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
                    committed = time.perf_counter()
                    await client.publish("bench", str(n))
                    assert await ws.recv() == str(n)
                    took.append((time.perf_counter() - committed) * 1000)
                    await asyncio.sleep(max(0, EVERY_S - (time.perf_counter() - began)))
                return took

            yield measure
        await client.aclose()
        await conn.close()
