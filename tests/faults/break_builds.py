"""The product with one promise broken, killed at the right moment: the checker must see it."""

from __future__ import annotations

import asyncio

from tests.channels.sink import HANG
from tests.faults.stage import Stage

SMALL = {"burst": 30, "rate": 20, "agents": 10, "in_flight": 40}


async def acknowledge_before_commit(stage: Stage) -> None:
    """Killed while mail comes in."""
    async with stage.crowded(**SMALL) as crowd:
        before = crowd.acknowledged("mail")
        for _ in range(20):
            crowd.come("mail")
        await crowd.until(before + 5, "mail")
        await stage.node.kill()
        await stage.house.start(stage.node)


async def pop_before_work(stage: Stage) -> None:
    """Killed while a relay thinks before it takes a mail."""
    await _killed_while_sending(stage, "DATA")


async def resend_blindly(stage: Stage) -> None:
    """Killed while a relay thinks after it has taken a mail."""
    await _killed_while_sending(stage, "dot")


async def _killed_while_sending(stage: Stage, step: str) -> None:
    sink = stage.house.sink
    async with stage.crowded(**SMALL):
        sink.hanging.clear()
        sink.hang_again()
        sink.script[step] = HANG
        async with asyncio.timeout(stage.within(20.0)):
            await sink.hanging.wait()
        await stage.node.kill()
        sink.script.clear()
        sink.go_on()
        await stage.house.start(stage.node)
