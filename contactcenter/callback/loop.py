"""The clock of the callbacks: what is due enters the line, and promises that were not kept are
marked. One node at a time."""

from __future__ import annotations

import asyncio
import time

from contactcenter.callback.store import SQL
from contactcenter.kernel.db import Database
from contactcenter.kernel.lease import Lease
from contactcenter.queue.publish import Publisher

# So few that the line stands still for a moment only; after each the clock rests for as long as it
# took, and offers of others go on meanwhile.
BATCH = 250
MOST_BATCHES = 40
CLEAN_EVERY_S = 600.0


class CallClock:
    """Brings callbacks back in time."""

    def __init__(self, db: Database, publisher: Publisher, node: str) -> None:
        self._db = db
        self._publisher = publisher
        self._lease = Lease(db, "callback_clock", node)
        self._cleaned = -CLEAN_EVERY_S

    async def run_once(self) -> int:
        """One pass. Returns how many entered the line and how many promises were broken; 0 where
        another node has the lease."""
        if await self._lease.hold() is None:
            return 0
        broken = await self._break_promises()
        entered = await self._enter_due()
        await self._clean()
        return entered + broken

    async def _enter_due(self) -> int:
        entered, at, contact = 0, None, 0
        for _ in range(MOST_BATCHES):
            began = time.monotonic()
            async with self._db.connection() as conn:
                rows = await SQL.enter.all(conn, most=BATCH, after_at=at, after_id=contact)
            if rows:
                await self._publisher.arrived(rows)
                at, contact = rows[-1]["next_at"], rows[-1]["id"]
            entered += len(rows)
            if len(rows) < BATCH:
                break
            await asyncio.sleep(time.monotonic() - began)
        return entered

    async def _break_promises(self) -> int:
        async with self._db.connection() as conn:
            return await SQL.break_promises.run(conn, most=BATCH)

    async def _clean(self) -> None:
        """Half hours that are long past."""
        if time.monotonic() - self._cleaned < CLEAN_EVERY_S:
            return
        async with self._db.connection() as conn:
            await SQL.forget_slots.run(conn)
        self._cleaned = time.monotonic()
