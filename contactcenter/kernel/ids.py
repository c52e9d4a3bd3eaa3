"""Ids without asking for each: a node takes a block of 256 from the one sequence at a time."""

from __future__ import annotations

import asyncio

from contactcenter.kernel.db import Database

BLOCK = 256


class Ids:
    """Gives ids that no other node gives. They rise within a node, not between nodes."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._next = 0
        self._end = 0
        self._lock = asyncio.Lock()

    async def take(self, count: int) -> list[int]:
        """`count` new ids; a block's rest is left unused where it is too short."""
        if self._next + count <= self._end:
            return self._give(count)
        async with self._lock, self._db.connection() as conn:
            given: list[int] = []
            while len(given) < count:
                wanted = min(BLOCK, count - len(given))
                if self._next + wanted > self._end:
                    self._next = await conn.fetchval("SELECT nextval('id_seq')")
                    self._end = self._next + BLOCK
                given += self._give(wanted)
        return given

    def _give(self, count: int) -> list[int]:
        first = self._next
        self._next += count
        return list(range(first, first + count))
