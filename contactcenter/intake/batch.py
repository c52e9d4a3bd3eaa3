"""New contacts that arrive while a statement runs go together in the next one."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from time import monotonic

from contactcenter.cases import areas
from contactcenter.channel import Cursor, OpenFeedback
from contactcenter.intake import store
from contactcenter.intake.rules import Entry, File
from contactcenter.kernel import blobs
from contactcenter.kernel.db import Database
from contactcenter.kernel.failpoint import failpoint
from contactcenter.kernel.group import Group
from contactcenter.kernel.sealing import Chunk
from contactcenter.kernel.sql import Connection, Row

MOST_ENTRIES = 64
MOST_BYTES = 1_000_000  # what is larger goes alone, and its bytes in pieces
LANES = 2
FILL = 32


@dataclass(frozen=True)
class Parcel:
    """What one Inbound adds: contacts, files, bytes; goes in whole or not at all."""

    entries: list[Entry]
    files: list[File]
    blobs: list[Chunk]
    cursor: Cursor | None = None
    feedback: OpenFeedback | None = None

    def goes_alone(self) -> bool:
        """Whether it needs a transaction of its own."""
        return self.size() > MOST_BYTES or self.feedback is not None

    def size(self) -> int:
        """Bytes to store, roughly."""
        return sum(len(chunk.data) for chunk in self.blobs)


class Batch:
    """Collects parcels and stores them; `stored` is told what is new."""

    def __init__(
        self,
        db: Database,
        stored: Callable[[list[Row]], Coroutine[None, None, None]],
        gives_way: Callable[[], bool],
    ) -> None:
        self._db = db
        self._stored = stored
        self._group: Group[Parcel, list[Row]] = Group(
            self._insert,
            most=MOST_ENTRIES,
            lanes=LANES,
            fill=FILL,
            fits=_fits,
            gives_way=gives_way,
        )

    async def store(self, parcel: Parcel) -> list[Row]:
        """Commit it; returns the rows of its new contacts. Raises what the database raised."""
        return await self._group.add(parcel)

    async def idle(self) -> None:
        """Wait until nothing is under way, and `stored` has been told of all."""
        await self._group.idle()

    async def _insert(self, parcels: list[Parcel]) -> list[list[Row]]:
        failpoint("intake.before_commit")
        if parcels[0].goes_alone():
            rows = await self._insert_alone(parcels[0])
        else:
            async with self._db.connection() as conn:
                rows = await _take_in(conn, parcels, [b for p in parcels for b in p.blobs])
        failpoint("intake.after_commit")
        if rows:
            self._group.keep(self._stored(rows))
        new = {row["id"]: row for row in rows}
        return [[new[e.contact_id] for e in p.entries if e.contact_id in new] for p in parcels]

    async def _insert_alone(self, parcel: Parcel) -> list[Row]:
        """Bytes by bytes: as one statement's parameters they would hold up the event loop, and
        every chat with it, for 100 ms."""
        async with self._db.transaction() as conn:
            rows = await _take_in(conn, [parcel], [])
            new = {row["id"] for row in rows}
            wanted = {entry.raw_blob for entry in parcel.entries if entry.contact_id in new}
            wanted |= {file.blob_id for file in parcel.files if file.contact_id in new}
            for chunk in parcel.blobs:
                if chunk.blob_id in wanted:
                    began = monotonic()
                    await blobs.put_chunk(conn, chunk)
                    # Else every other commit waits for all of it on the disk.
                    await self._group.rest(began)
            if parcel.feedback is not None and rows:
                await store.add_feedback(conn, rows[0]["id"], parcel.feedback)
                await areas.state(conn, rows[0]["id"], parcel.feedback.place)
        return rows


async def _take_in(conn: Connection, parcels: list[Parcel], pieces: list[Chunk]) -> list[Row]:
    return await store.take_in(
        conn,
        [entry for parcel in parcels for entry in parcel.entries],
        [file for parcel in parcels for file in parcel.files],
        pieces,
        parcels[0].cursor,
    )


def _fits(parcels: list[Parcel], parcel: Parcel) -> bool:
    """Whether it goes beside the others in one statement; one with a cursor goes alone."""
    if any(one.cursor is not None or one.feedback is not None for one in (parcels[0], parcel)):
        return False
    together = [*parcels, parcel]
    if sum(len(p.entries) for p in together) > MOST_ENTRIES:
        return False
    return sum(p.size() for p in together) <= MOST_BYTES
