"""Nodes are killed where a promise could break: just before a commit, just after it, and when a
relay has taken a mail and nobody has written that down (docs/how-it-works.md, "Killed at any
point")."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from contextlib import suppress

from tests.faults.break_nodes import APP_S
from tests.faults.house import Node
from tests.faults.stage import Stage

# By which door somebody must come so that it is passed. All but those of a case's page and of a
# waiting chat that becomes a call or a mail: the crowd does neither.
POINTS = {
    "intake.before_commit": "mail",
    "intake.after_commit": "mail",
    "chat.before_commit": "chat",
    "chat.after_commit": "chat",
    "say.before_commit": "chat",
    "say.after_commit": "chat",
    "callback.before_commit": "callback",
    "callback.after_commit": "callback",
    "delivery.after_send": "mail",
    "counting.before_commit": "mail",
    "counting.after_commit": "mail",
}
ROUNDS, PASSED_S, ALL_S = 3, 20.0, 240.0
COMES_S, MOST = 0.25, 20  # how soon the next one comes, and how many for one kill
GONE = {"CONTACTCENTER_CHAT_RESUME_S": "30"}  # who begins anew leaves a chat behind: it ends
MOST_LOST = 3
RATE = 3.0  # few others: while a node dies every few seconds, a crowd would only pile up


async def killed_at_each(stage: Stage) -> None:
    """F02: three times at each, at the first, second or third passing. Two nodes die in turns. A
    page whose first connection was taken over must begin anew (docs/reliability.md): few may."""
    house, nodes = stage.house, [stage.node, await stage.house.add_node()]
    due = deque(point for _ in range(ROUNDS) for point in POINTS)
    end = time.monotonic() + stage.within(ALL_S)
    async with stage.crowded(rate=RATE, burst=50, in_flight=50):
        await asyncio.gather(*(_killed(stage, node, due, end) for node in nodes))
        if due:
            stage.broken.append(f"{len(due)} kills were still to come after {ALL_S:.0f} s")
        lost = {e.id for e in stage.ledger.entries if e.act == "gave_up"}
        if len(lost) > MOST_LOST:
            stage.broken.append(f"the pages of {len(lost)} chats were not known any more")
        house.forget(nodes[1])
        stage.over(APP_S)
        await house.start(nodes[0], **GONE)
        await asyncio.sleep(2)
    await nodes[0].stop()
    await house.start(nodes[0])


async def _killed(stage: Stage, node: Node, due: deque[str], end: float) -> None:
    """One node, again and again."""
    await node.kill()
    while due and time.monotonic() < end:
        await _killed_at(stage, node, due.popleft())


async def _killed_at(stage: Stage, node: Node, point: str) -> None:
    nth = stage.chance.randint(1, 3)
    coming = asyncio.create_task(_come(stage, node, POINTS[point]))
    try:
        async with asyncio.timeout(stage.within(PASSED_S)):
            with suppress(AssertionError):  # killed before it could say that it is ready
                await stage.house.start(node, CONTACTCENTER_FAIL=f"{point}:{nth}", **GONE)
            await node.ended()
        stage.ledger.seen("checker", "killed", point, nth=nth)
    except TimeoutError:
        stage.broken.append(f"{point} was not passed {nth} times")
        await node.kill()
    finally:
        coming.cancel()


async def _come(stage: Stage, node: Node, door: str) -> None:
    """One after the other, so that they are not all in one commit, once the node is there."""
    while not await _answers(stage, node):
        await asyncio.sleep(COMES_S)
    for _ in range(MOST):
        stage.crowd.come(door)
        await asyncio.sleep(COMES_S)


async def _answers(stage: Stage, node: Node) -> bool:
    """Whether it takes connections."""
    try:
        _, writer = await asyncio.open_connection(*stage.house.url_of(node))
    except OSError:
        return False
    writer.close()
    return True
