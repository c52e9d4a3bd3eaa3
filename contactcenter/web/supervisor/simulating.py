"""Simulations for pages: each in a process of its own, so that the loop that serves chats never
stands still; a few at once, one for each user, and none that nobody waits for."""

from __future__ import annotations

import asyncio
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager, suppress

from aiohttp import web

from contactcenter.errors import Refused
from contactcenter.planning.actions import Prepared
from contactcenter.planning.worker import COMMAND, question

AT_ONCE = 2  # of all users of a node
WAIT_S = 2.0  # who cancels and asks again waits so long for the former process to end
LINE = 8 * 1024 * 1024  # bytes; an answer is one line, of some 100 kB


class Simulating:
    """Who simulates now."""

    def __init__(self) -> None:
        self._who: set[int] = set()
        self._ended = asyncio.Condition()

    @asynccontextmanager
    async def turn(self, user: int) -> AsyncIterator[None]:
        """Raises Refused("too_many") where this user's, or enough others', is not done."""
        await self._own_has_ended(user)
        if user in self._who or len(self._who) >= AT_ONCE:
            raise Refused("too_many", "plan_busy", retry_after_s=5)
        self._who.add(user)
        try:
            yield
        finally:
            self._who.remove(user)
            async with self._ended:
                self._ended.notify_all()

    async def _own_has_ended(self, user: int) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(WAIT_S), self._ended:
                await self._ended.wait_for(lambda: user not in self._who)


SIMULATING = web.AppKey("simulating", Simulating)


async def simulated(prepared: Prepared) -> AsyncGenerator[bytes, None]:
    """Lines of JSON: {done, of} while it goes on, {answer} at the end. Whoever stops listening ends
    the process."""
    process = await asyncio.create_subprocess_exec(
        *COMMAND, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, limit=LINE
    )
    assert process.stdin is not None  # noqa: S101 - as asked for
    assert process.stdout is not None  # noqa: S101
    try:
        process.stdin.write(question(prepared))
        process.stdin.write_eof()
        while line := await process.stdout.readline():
            yield line
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
