"""What is foreseen, in a process beside the node: how long who waits will wait, and whether the
day's work will be done. Reading thousands of rows and playing them takes seconds of Python, and who
chats meanwhile must not notice.
"""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE

from contactcenter.errors import ContactCenterError
from contactcenter.kernel.db import Database
from contactcenter.kernel.lease import Lease
from contactcenter.kernel.live import Live
from contactcenter.queue import agents

COMMAND = (sys.executable, "-c", "from contactcenter.planning.foresight_process import run; run()")
LOOK_S = 2.0


class ForesightEnded(ContactCenterError):
    """The process ended, which it should not."""


class Foresight:
    """Runs the process on one node while somebody is at work. It keeps nothing, so it may be killed
    at any moment."""

    def __init__(self, db: Database, live: Live, node: str) -> None:
        self._db = db
        self._environment = {
            "CONTACTCENTER_DATABASE_URL": db.url,
            "CONTACTCENTER_REDIS_URL": live.url,
        }
        self._lease = Lease(db, "foresight", node)
        self.look_s = LOOK_S

    async def run_once(self) -> bool:
        """Run it until nobody is at work, or this node may no longer; False where there is nothing
        to foresee, or another node does it. Raises ForesightEnded."""
        return await self._needed() and await self._lease.alone(self._beside)

    async def _needed(self) -> bool:
        async with self._db.connection() as conn:
            return bool(await agents.SQL.is_anybody_on_duty.value(conn))

    async def _beside(self, _fence: int) -> None:
        # It ends with its input, so it can't outlive us.
        process = await asyncio.create_subprocess_exec(
            *COMMAND, env=os.environ | self._environment, stdin=PIPE, stdout=DEVNULL
        )
        ended = asyncio.create_task(process.wait())
        try:
            while not (await asyncio.wait({ended}, timeout=self.look_s))[0]:
                if not await self._needed():
                    return
            raise ForesightEnded(f"exit code {process.returncode}")
        finally:
            if process.returncode is None:
                process.kill()
            await ended
