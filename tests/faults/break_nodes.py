"""Nodes are killed, stopped, and wake up again."""

from __future__ import annotations

import asyncio

from tests.faults.stage import Stage

APP_S, NODE_S = 10.0, 30.0


async def killed(stage: Stage) -> None:
    """F01: kill -9 five times, each time with 200 in flight."""
    async with stage.crowded():
        for _ in range(5):
            await asyncio.sleep(stage.chance.uniform(0.3, 1.5))
            await stage.node.kill()
            stage.over(APP_S)
            await stage.house.start(stage.node)
