"""Mailboxes whose server breaks off, refuses or falls silent; and a node that dies over one."""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import suppress
from typing import Any

from tests.faults.break_nodes import APP_S
from tests.faults.mail_server import Lying
from tests.faults.post import Post, fetching
from tests.faults.stage import Stage

MAILS, LARGE = 100, 20_000
LONGEST, LEAST_CUTS = 60_000, 5  # bytes of a connection until it is cut; how many are, at least
FAILURES = 3  # from then on a mailbox counts as ill
MOODS = (
    {"AUTHENTICATE": "BAD not now"},
    {"SELECT": "NO [INUSE] later"},
    {"SEARCH": "BAD what"},
    {"FETCH": "NO [UNAVAILABLE] later"},
    {"STORE": "NO [NOPERM] not you"},
    {"IDLE": "BAD what"},
    {"FETCH": ""},
)
BATCH = 25  # as many as are marked as read at once
KILLS = 3
MOOD_S = 20.0  # in which each must have been met


async def broken_off(stage: Stage) -> None:
    """F16: connections are cut at any byte; every command is refused for a while; one lies in
    silence; another mailbox's login is refused all the time, until it is not."""
    async with fetching(stage) as post, stage.crowded(rate=5.0, burst=50, in_flight=40):
        post.server.locked.add("building")
        post.come(3, "building")
        await _cut(post)
        await _refused(post)
        await post.health(lambda checks: _ill(checks, "building"))
        await _silent(post)
        post.server.locked.clear()
        await post.fetched()
        await post.health(lambda checks: not _ill(checks, "building"))


async def _cut(post: Post) -> None:
    cuts = 0

    def cut_at() -> int:
        nonlocal cuts
        cuts += 1
        return post.stage.chance.randrange(LONGEST)

    post.gate.cut_at = cut_at
    post.gate.reset()
    post.come(round(MAILS * post.stage.share), most=LARGE)
    await post.fetched("general")
    if cuts < LEAST_CUTS:
        post.stage.broken.append(f"it was cut {cuts} times only")
    post.gate.cut_at = lambda: None


async def _refused(post: Post) -> None:
    server = post.server
    for mood in MOODS:
        server.says, before = dict(mood), server.refused
        post.come(2)
        post.gate.reset()
        async with asyncio.timeout(post.stage.within(MOOD_S)):
            while server.refused == before:
                await asyncio.sleep(0.02)
        server.says = {}
        await post.fetched("general")


async def _silent(post: Post) -> None:
    """A connection in IDLE is there no more, and nobody says so: a hundredth of 10 minutes."""
    post.gate.swallow({"127.0.0.1"})
    post.come(3)
    await post.fetched("general")


def _ill(checks: dict[str, Any], box: str) -> bool:
    return not checks[f"mailbox {box}"]["ok"]


async def killed_around_seen(stage: Stage) -> None:
    """F17: killed after a commit and before its mail is marked as read, three times; then in the
    moment in which mails become so."""
    async with fetching(stage) as post, stage.crowded(rate=3.0, burst=30, in_flight=20):
        house, node, marked = stage.house, post.node, post.server.reads

        async def dies(user: str, mails: list[Lying]) -> None:
            await marked(user, mails)
            os.kill(node.pid, signal.SIGKILL)
            post.server.reads = marked

        await node.kill()
        for _ in range(KILLS):
            post.come(BATCH)
            await post.free()
            fail = f"intake.after_commit:{stage.chance.randrange(3, 20)}"
            with suppress(
                AssertionError, TimeoutError
            ):  # it may end before it says that it is ready
                await house.start(node, CONTACTCENTER_FAIL=fail)
            await node.ended()
        post.server.reads = dies
        await post.free()
        await house.start(node)
        await node.ended()
        await post.free()
        stage.over(APP_S)
        await house.start(node)
        await post.fetched()
