"""The counters of the figures, kept by quarter of an hour and by day: the loop, and making anew.

Counters and progress are one commit, and the progress must still be what was read: so an event
counts once, whatever dies and however many nodes count.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from contactcenter.kernel.db import Database
from contactcenter.kernel.failpoint import failpoint
from contactcenter.kernel.sql import Connection, load_sql
from contactcenter.stats import follow
from contactcenter.stats.progress import Progress
from contactcenter.stats.rules import Counts, Event, counted, slots

SQL = load_sql(__file__)
Slot = tuple[str, datetime, int, str, str]  # by, at, queue, channel, language


class Counting:
    """Adds new events to the counters."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def run_once(self) -> int:
        """Count what is new. Returns how many events."""
        total = 0
        while (n := await self._count()) == follow.MOST:
            total += n
        return total + n

    async def _count(self) -> int:
        async with self._db.connection() as conn:
            before = follow.read_progress(await follow.SQL.progress.row(conn))
            read = await follow.news(conn, before)
        if read.progress == before:
            return 0
        async with self._db.transaction() as conn:
            if not await _move(conn, before, read.progress):
                return 0  # another node was quicker
            await _add(conn, read.events)
            failpoint("counting.before_commit")
        failpoint("counting.after_commit")
        return follow.MOST if read.more else len(read.events)

    async def rebuild(self) -> int:
        """Make the counters anew from all events, as the queues are set now; others see the former
        ones until it is done. Returns how many events were counted."""
        total = 0
        async with self._db.transaction() as conn:
            await SQL.begin_anew.run(conn)
            await SQL.clear.run(conn)
            progress = Progress()
            async for read in follow.all_news(conn, progress):
                if not await _move(conn, progress, read.progress):
                    raise RuntimeError("the progress moved under its lock")
                await _add(conn, read.events)
                progress, total = read.progress, total + len(read.events)
        return total


def added(events: Iterable[tuple[Event, ZoneInfo]]) -> dict[Slot, Counts]:
    """What events add to which rows of `figure`. Days are not told apart by language, so that a
    month is few rows."""
    sums: dict[Slot, Counts] = defaultdict(Counter)
    for event, zone in events:
        found = counted(event)
        if found is not None:
            for by, at in slots(found, zone):
                language = "" if by == "day" else event.language
                row = sums[by, at, event.queue, event.channel, language]
                for name, n in found.counts.items():
                    row[name] += n
    return sums


async def _add(conn: Connection, events: Iterable[tuple[Event, ZoneInfo]]) -> None:
    rows = [
        {"by": by, "at": at, "queue_id": queue, "channel": channel, "language": language, **counts}
        for (by, at, queue, channel, language), counts in sorted(added(events).items())
    ]
    if rows:
        await SQL.add.run(conn, rows=msgspec.json.encode(rows).decode())


async def _move(conn: Connection, before: Progress, after: Progress) -> bool:
    moved = await SQL.move.run(
        conn,
        was_upto=before.upto,
        was_gaps=follow.stored_gaps(before),
        upto=after.upto,
        gaps=follow.stored_gaps(after),
    )
    return moved == 1
