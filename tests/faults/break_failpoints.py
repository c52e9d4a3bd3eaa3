"""A node is killed where a promise could break: just before a commit, just after it, and when a
relay has taken a mail and nobody has written that down (docs/how-it-works.md, "Killed at any
point")."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from tests.faults.break_nodes import APP_S
from tests.faults.machine import patience
from tests.faults.stage import Stage

# All but those of a case's page and of a waiting chat that becomes a call or a mail: the crowd does
# neither.
POINTS = (
    "intake.before_commit",
    "intake.after_commit",
    "chat.before_commit",
    "chat.after_commit",
    "say.before_commit",
    "say.after_commit",
    "callback.before_commit",
    "callback.after_commit",
    "delivery.after_send",
    "counting.before_commit",
    "counting.after_commit",
)
ROUNDS, PASSED_S = 3, 20.0


async def killed_at_each(stage: Stage) -> None:
    """F02: three times at each, at the first, second or third passing."""
    house, node = stage.house, stage.node
    async with stage.crowded():
        await node.kill()
        for _ in range(ROUNDS):
            for point in POINTS:
                await _killed_at(stage, point)
        stage.over(APP_S)
        await house.start(node)
        await asyncio.sleep(2)


async def _killed_at(stage: Stage, point: str) -> None:
    nth = stage.chance.randint(1, 3)
    try:
        async with asyncio.timeout(PASSED_S * patience()):
            with suppress(AssertionError):  # killed before it could say that it is ready
                await stage.house.start(stage.node, CONTACTCENTER_FAIL=f"{point}:{nth}")
            await stage.node.ended()
    except TimeoutError:
        stage.broken.append(f"{point} was not passed {nth} times")
        await stage.node.kill()
