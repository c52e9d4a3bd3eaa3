"""Ids without asking for each: a node takes a block of 256 from the one sequence at a time."""

from __future__ import annotations

import asyncio

from contactcenter.kernel.db import Database
from contactcenter.kernel.history import SQL, history
from contactcenter.kernel.sql import Connection

BLOCK = 256
# Passed over after a failover: what a city takes in within a quarter of an hour at full speed, so
# far more than a standby may lag behind. Citizens hold links that are signed for an id: it must
# never become somebody else's.
LEAP = 32_768


class Ids:
    """Gives ids that no other node gives, or gave before a failover. They rise within a node, not
    between nodes."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._next = 0
        self._end = 0
        self._lock = asyncio.Lock()
        self._history = ""

    async def take(self, count: int) -> list[int]:
        """`count` new ids; a block's rest is left unused where it is too short."""
        if self._next + count <= self._end:
            return self._give(count)
        async with self._lock, self._db.connection() as conn:
            given: list[int] = []
            while len(given) < count:
                wanted = min(BLOCK, count - len(given))
                if self._next + wanted > self._end:
                    self._next = await self._block(conn)
                    self._end = self._next + BLOCK
                given += self._give(wanted)
        return given

    async def _block(self, conn: Connection) -> int:
        if (now := await history(conn)) != self._history:
            await SQL.leap.value(conn, history=now, blocks=LEAP)
            self._history = now
        return int(await SQL.block.value(conn))

    def _give(self, count: int) -> list[int]:
        first = self._next
        self._next += count
        return list(range(first, first + count))
