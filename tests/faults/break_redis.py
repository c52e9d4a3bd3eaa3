"""Redis dies, forgets, is away, or stands still."""

from __future__ import annotations

import asyncio
import signal

import redis.asyncio as redis

from tests.faults.stage import Stage

REDIS_S = 15.0
AWAY_S, STILL_S = 60.0, 20.0


async def killed(stage: Stage) -> None:
    """F04: kill -9, and started again with nothing in it."""
    await _killed(stage, 2)


async def emptied(stage: Stage) -> None:
    """F05: FLUSHALL, and again while the line is being written anew."""
    async with stage.crowded():
        await asyncio.sleep(1)
        client = redis.Redis.from_url(stage.house.servers.redis.url)
        try:
            await client.flushall()
            await asyncio.sleep(0.5)
            stage.over(REDIS_S)
            await client.flushall()
        finally:
            await client.aclose()
        await asyncio.sleep(3)


async def away(stage: Stage) -> None:
    """F06: away for a minute; what comes is taken in meanwhile."""
    await _killed(stage, AWAY_S)


async def _killed(stage: Stage, away_s: float) -> None:
    servers = stage.house.servers
    async with stage.crowded(rate=20.0 if away_s < STILL_S else 5.0):
        await asyncio.sleep(1)
        servers.send(servers.redis, signal.SIGKILL)
        await servers.gone(servers.redis)
        await asyncio.sleep(away_s)
        stage.over(REDIS_S)
        await servers.run(servers.redis)
        await asyncio.sleep(3)


async def stalled(stage: Stage) -> None:
    """F07: nothing passes to or from it for 20 s; then what was held comes late."""
    house = stage.house
    async with house.only(await house.add_node(gated=True)), stage.crowded(rate=5.0):
        await asyncio.sleep(1)
        house.redis_gate.stall()
        await asyncio.sleep(STILL_S)
        stage.over(REDIS_S)
        house.redis_gate.flow()
        await asyncio.sleep(3)


async def unheard(stage: Stage) -> None:
    """F29: one of two nodes hears nothing of what is published for 20 s; what it asks is answered.
    Then all of it comes late."""
    house = stage.house
    other = await house.add_node(gated=True)
    async with stage.crowded(rate=10.0):
        await asyncio.sleep(1)
        house.redis_gate.deafen()
        await asyncio.sleep(stage.within(STILL_S))  # longer than an answer may take
        stage.over(REDIS_S)
        house.redis_gate.hear()
        await asyncio.sleep(3)
    await house.remove_node(other)
