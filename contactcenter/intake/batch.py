"""Group commit: contacts that arrive while a statement runs go together in the next one.

Alone, a contact waits for nothing. Under load many share one commit (docs/performance.md). Where
a statement fails, its contacts are tried one by one, so that one that can't be stored does not
take its neighbours along.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field

from contactcenter.channel import Cursor
from contactcenter.intake import store
from contactcenter.intake.rules import Entry, File
from contactcenter.kernel.db import TRANSIENT, Database
from contactcenter.kernel.failpoint import failpoint
from contactcenter.kernel.sql import Row

MOST_ENTRIES = 64
MOST_BYTES = 2_000_000
LANES = 2
FILL = 4  # a second statement begins only for so many: small ones cost more than they save


@dataclass
class Parcel:
    """What one Inbound adds: contacts, files, bytes; goes in whole or not at all."""

    entries: list[Entry]
    files: list[File]
    blobs: list[tuple[int, int, bytes]]
    cursor: Cursor | None = None
    done: asyncio.Future[list[Row]] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )

    def size(self) -> int:
        """Bytes to store, roughly."""
        return sum(len(data) for _, _, data in self.blobs)


class Batch:
    """Collects parcels and stores them; `stored` is told what is new."""

    def __init__(
        self, db: Database, stored: Callable[[list[Row]], Coroutine[None, None, None]]
    ) -> None:
        self._db = db
        self._stored = stored
        self._waiting: deque[Parcel] = deque()
        self._running = 0
        self._tasks: set[asyncio.Task[None]] = set()

    async def store(self, parcel: Parcel) -> list[Row]:
        """Commit it; returns the rows of its new contacts. Raises what the database raised."""
        self._waiting.append(parcel)
        if self._running == 0 or (self._running < LANES and len(self._waiting) >= FILL):
            self._running += 1
            self._keep(self._run_lane())
        return await asyncio.shield(parcel.done)

    async def _run_lane(self) -> None:
        try:
            while self._waiting:
                await self._store_together(self._next())
        finally:
            self._running -= 1  # in one step with the last look: no parcel is left behind

    def _keep(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _next(self) -> list[Parcel]:
        """The oldest parcels that fit in one statement; one with a cursor goes alone."""
        parcels = [self._waiting.popleft()]
        entries, size = len(parcels[0].entries), parcels[0].size()
        while self._waiting and parcels[0].cursor is None:
            first = self._waiting[0]
            entries, size = entries + len(first.entries), size + first.size()
            if first.cursor is not None or entries > MOST_ENTRIES or size > MOST_BYTES:
                break
            parcels.append(self._waiting.popleft())
        return parcels

    async def _store_together(self, parcels: list[Parcel]) -> None:
        try:
            rows = await self._insert(parcels)
        except Exception as error:
            if len(parcels) > 1 and not isinstance(error, TRANSIENT):
                for parcel in parcels:
                    await self._store_together([parcel])
                return
            for parcel in parcels:
                if not parcel.done.cancelled():
                    parcel.done.set_exception(error)
            return
        new = {row["id"]: row for row in rows}
        for parcel in parcels:
            mine = [new[entry.contact_id] for entry in parcel.entries if entry.contact_id in new]
            if not parcel.done.cancelled():
                parcel.done.set_result(mine)
        if rows:
            self._keep(self._stored(rows))

    async def _insert(self, parcels: list[Parcel]) -> list[Row]:
        failpoint("intake.before_commit")
        async with self._db.connection() as conn:
            rows = await store.take_in(
                conn,
                [entry for parcel in parcels for entry in parcel.entries],
                [file for parcel in parcels for file in parcel.files],
                [blob for parcel in parcels for blob in parcel.blobs],
                parcels[0].cursor,
            )
        failpoint("intake.after_commit")
        return rows
