"""Follows the log and tells the spans that its events end. One node at a time; it stands in the
way of nothing, and the log is its queue: while the collector is away nothing is kept in memory.

The place in the log moves after the collector has taken what lies before it. Who dies between the
two tells the same once more, with the same numbers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import msgspec

from contactcenter.kernel.db import Database
from contactcenter.kernel.lease import Lease
from contactcenter.kernel.sql import Connection, Row, load_sql
from contactcenter.stats.progress import Gap, Look, Progress
from contactcenter.tracing.collector import Collector
from contactcenter.tracing.reading import Sending, spans_of
from contactcenter.tracing.rules import Span

SQL = load_sql(__file__)
MOST = 500  # events at a time
_PIECE = 512  # spans of one request, as OpenTelemetry's own batches have them
_MOST_SENDS = 10_000  # that are remembered until they have left
_LEASE_S = 30.0  # a request takes 10 s at most


class Place(msgspec.Struct, frozen=True):
    """How far it was told, as it is stored: events as stats/progress.py counts them, and what had
    not left by then."""

    upto: int
    gaps: tuple[tuple[int, int, float, int | None], ...] = ()
    sends: tuple[Sending, ...] = ()


class Traces:
    """What one node knows of it: nothing but the collector."""

    def __init__(self, db: Database, node: str, collector: Collector) -> None:
        self._db = db
        self._lease = Lease(db, "traces", node, _LEASE_S)
        self._collector = collector
        self.spans: Counter[str] = Counter()  # by what became of them, for metrics

    async def run_once(self) -> int:
        """Tell what is new, where no other node does. Returns how many events were read. Raises
        CollectorAway."""
        total = 0
        while (n := await self._step()) == MOST:
            total += n
        return total + n

    async def _step(self) -> int:
        held = await self._lease.hold()
        if held is None:
            return 0
        async with self._db.connection() as conn:
            stored = await SQL.cursor.value(conn)
            if stored is None:
                await _move(conn, Place(await SQL.newest.value(conn)), held.fence)
                return 0
            place = msgspec.json.decode(stored, type=Place)
            rows, progress = await _news(conn, place)
            spans, sends = await spans_of(conn, rows, place.sends)
        await self._tell(spans)
        after = _place(progress, sends)
        if after != place:
            async with self._db.connection() as conn:
                await _move(conn, after, held.fence)
        return len(rows)

    async def _tell(self, spans: Sequence[Span]) -> None:
        for first in range(0, len(spans), _PIECE):
            piece = spans[first : first + _PIECE]
            taken = await self._collector.tell(piece)
            self.spans["told" if taken else "refused"] += len(piece)


def _place(progress: Progress, sends: Sequence[Sending]) -> Place:
    gaps = tuple((gap.first, gap.last, gap.since_s, gap.before) for gap in progress.gaps)
    return Place(progress.upto, gaps, tuple(sends[-_MOST_SENDS:]))


async def _move(conn: Connection, place: Place, fence: int) -> None:
    await SQL.move.run(conn, value=msgspec.json.encode(place).decode(), fence=fence)


async def _news(conn: Connection, place: Place) -> tuple[list[Row], Progress]:
    """The new events, and how far they lead."""
    rows = await SQL.news.all(
        conn,
        upto=place.upto,
        firsts=[gap[0] for gap in place.gaps],
        lasts=[gap[1] for gap in place.gaps],
        most=MOST,
    )
    look = Look(rows[0]["moment"], rows[0]["oldest"], rows[0]["newest"])
    found = [row for row in rows if row["id"] is not None]
    before = Progress(place.upto, tuple(Gap(*gap) for gap in place.gaps))
    ids = [row["id"] for row in found]
    return found, before.after(ids, look, all_read=len(found) < MOST)
