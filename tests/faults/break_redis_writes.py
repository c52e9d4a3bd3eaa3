"""Redis answers, and takes nothing: out of memory, its disk lost, a replica, cut off from its
replicas; or it throws our keys away."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from random import Random
from typing import Any

import redis.asyncio as redis

from tests.faults.break_redis import REDIS_S
from tests.faults.house import House
from tests.faults.stage import Stage

REFUSES_S, BETWEEN_S = 5.0, 1.5
EVICTS_S, EVICTED_AT_ONCE = 10.0, 20_000
SILENT_S = 15.0  # who was not heard for so long is lost, once Redis has been there for as long
LOST = "SELECT count(*) FROM event WHERE kind = 'agent_state' AND reason = 'lost' AND at > $1"
# By what it is called: how it begins, and how it ends.
Command = tuple[str, ...]
MOODS: dict[str, tuple[Command, Command]] = {
    "OOM": (("CONFIG", "SET", "maxmemory", "1"), ("CONFIG", "SET", "maxmemory", "0")),
    "READONLY": (("REPLICAOF", "127.0.0.1", "1"), ("REPLICAOF", "NO", "ONE")),
    "NOREPLICAS": (
        ("CONFIG", "SET", "min-replicas-to-write", "1"),
        ("CONFIG", "SET", "min-replicas-to-write", "0"),
    ),
}


async def refused(stage: Stage) -> None:
    """F08: for each reason to refuse a write; then all connections are closed by the server, five
    times. The health page must say that something is wrong."""
    house = stage.house
    async with _asking(house) as ask, stage.crowded(rate=10.0):
        for name, (begin, end) in MOODS.items():
            await ask(*begin)
            await _refuses(stage, name)
            await ask(*end)
            await asyncio.sleep(BETWEEN_S)
        house.servers.redis.data.chmod(0o500)
        await ask("CONFIG", "SET", "save", "3600 1")
        await ask("BGSAVE")
        await _refuses(stage, "MISCONF")
        await ask("CONFIG", "SET", "save", "")
        house.servers.redis.data.chmod(0o700)
        for _ in range(5):
            for kind in ("normal", "pubsub"):
                await ask("CLIENT", "KILL", "TYPE", kind, "SKIPME", "yes")
            await asyncio.sleep(0.3)
        stage.over(REDIS_S)
        await asyncio.sleep(3)


async def _refuses(stage: Stage, name: str) -> None:
    """So long; within some seconds it must be known."""
    began = time.monotonic()
    known = False
    while time.monotonic() - began < stage.within(REFUSES_S):
        status = (await stage.house.health())[1]
        known |= status != "ok"
        await asyncio.sleep(0.2)
    if not known:
        stage.broken.append(f"Redis says {name}, and the health page {status}")


async def evicted(stage: Stage) -> None:
    """F09: for 10 s it has less memory than it uses, and throws away keys by chance; and besides
    one of each kind, since some kinds are one key. Whose place is thrown away may be passed over
    until the line is compared; nobody whose page is there loses what is in hand."""
    stage.settles_s = REDIS_S
    began = datetime.now(UTC)
    async with _asking(stage.house) as ask, stage.crowded(rate=10.0):
        await ask("CONFIG", "SET", "maxmemory-policy", "allkeys-random")
        await asyncio.sleep(stage.within(SILENT_S))
        before, had, more = await _thrown_away(ask), set[str](), True
        end = time.monotonic() + EVICTS_S
        while more or time.monotonic() < end:
            memory = await ask("INFO", "memory")
            less = max(memory["used_memory"] - EVICTED_AT_ONCE, memory["used_memory_startup"])
            await ask("CONFIG", "SET", "maxmemory", str(less))
            await asyncio.sleep(0.1)
            await ask("CONFIG", "SET", "maxmemory", "0")
            more = await _throw_away_another_kind(ask, stage.chance, had)
            await asyncio.sleep(0.4)
        if await _thrown_away(ask) == before:
            stage.broken.append("no key was thrown away")
        await ask("CONFIG", "SET", "maxmemory-policy", "noeviction")
        stage.over(REDIS_S)
        await asyncio.sleep(3)
    conn = await stage.house.connect()
    if lost := await conn.fetchval(LOST, began):
        stage.broken.append(f"{lost} times an agent whose page was there counted as lost")
    await conn.close()


async def _throw_away_another_kind(
    ask: Callable[..., Awaitable[Any]], chance: Random, had: set[str]
) -> bool:
    """One key, of a kind of which none `had` to go yet; whether there was one."""
    kinds: dict[str, list[str]] = defaultdict(list)
    for key in sorted(key.decode() for key in await ask("KEYS", "*")):
        kinds[key.partition(":")[0]].append(key)
    if others := sorted(kinds.keys() - had):
        had.add(others[0])
        await ask("UNLINK", chance.choice(kinds[others[0]]))
    return bool(others)


async def _thrown_away(ask: Callable[..., Awaitable[Any]]) -> int:
    return int((await ask("INFO", "stats"))["evicted_keys"])


@asynccontextmanager
async def _asking(house: House) -> AsyncIterator[Callable[..., Awaitable[Any]]]:
    client = redis.Redis.from_url(house.servers.redis.url)
    try:
        yield client.execute_command
    finally:
        await client.aclose()
