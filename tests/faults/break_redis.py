"""Redis dies, or forgets."""

from __future__ import annotations

import asyncio
import signal

from tests.faults.stage import Stage

REDIS_S = 15.0


async def killed(stage: Stage) -> None:
    """F04: kill -9, and started again with nothing in it."""
    servers = stage.house.servers
    async with stage.crowded():
        await asyncio.sleep(1)
        servers.send(servers.redis, signal.SIGKILL)
        await servers.gone(servers.redis)
        await asyncio.sleep(2)
        stage.over(REDIS_S)
        await servers.run(servers.redis)
        await asyncio.sleep(3)
