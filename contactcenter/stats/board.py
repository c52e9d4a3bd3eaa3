"""The board: how it stands this second, kept up in memory on a node that somebody watches.

It begins with one snapshot: today's counters, the events that are not in them yet, who waits and
who is in hand. From there it follows the events itself, so all of it is of one moment. After any
error it begins again.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from contactcenter.kernel.clock import stamp
from contactcenter.kernel.db import Database
from contactcenter.kernel.history import history
from contactcenter.kernel.live import LiveUnavailable
from contactcenter.kernel.sql import Connection, Row, load_sql
from contactcenter.queue.bands import Bands, Estimated
from contactcenter.queue.outlook import Expected, Outlooks
from contactcenter.queue.rules import CHANNELS
from contactcenter.routing.uncovered import Gap, Uncovered
from contactcenter.stats import follow
from contactcenter.stats.hours import open_now
from contactcenter.stats.kept import Key, kept
from contactcenter.stats.line import Line
from contactcenter.stats.progress import Progress
from contactcenter.stats.rules import Counts, Event, counted, figures, midnight, next_midnight
from contactcenter.stats.waits import Waits, lines_of, outlook

SQL = load_sql(__file__)


@dataclass
class _Fold:
    """What was added up so far. `sums`: by the day in the organisation's time zone."""

    line: Line = field(default_factory=Line)
    sums: defaultdict[tuple[date, Key], Counts] = field(
        default_factory=lambda: defaultdict(Counter)
    )
    progress: Progress = field(default_factory=Progress)

    def count(self, event: Event, zone: ZoneInfo) -> None:
        """Add an event to the counters."""
        found = counted(event)
        if found is not None:
            day = found.ended.astimezone(zone).date()
            self.sums[day, (event.queue, event.channel)].update(found.counts)

    def drop_before(self, day: date) -> None:
        """Former days are shown no more."""
        for key in [key for key in self.sums if key[0] < day]:
            del self.sums[key]


class Board:
    """`look` brings it up to now; `view` shows it to who may see these organisations."""

    def __init__(
        self,
        db: Database,
        bands: Bands | None = None,
        uncovered: Uncovered | None = None,
        outlooks: Outlooks | None = None,
    ) -> None:
        self._db, self._bands, self._outlooks = db, bands, outlooks
        self._uncovered = uncovered or Uncovered(db)
        self._gaps: list[Gap] = []
        self._outlook: list[Expected] = []
        self._fold: _Fold | None = None
        self._history = ""
        self._queues: list[Row] = []
        self._agents: list[Row] = []
        self._waits = Waits()
        self.at: datetime | None = None

    def forget(self) -> None:
        """Nobody watches: keep nothing."""
        self._fold = None

    async def look(self) -> None:
        """Read what is new. Raises what the database raises; the next look begins anew."""
        fold, self._fold = self._fold, None
        async with self._db.connection() as conn:
            of, self._history = self._history, await history(conn)
            if of != self._history:  # a failover may have lost events that are in it
                fold = None
            at = None if fold is None else await _follow(conn, fold)
        if fold is None or at is None:
            async with self._db.transaction(isolation="repeatable_read", readonly=True) as conn:
                await follow.SQL.keep_plans.value(conn)
                fold = _Fold()
                at = await _begin(conn, fold)
        async with self._db.connection() as conn:
            self._queues = await SQL.queues.all(conn)
            self._agents = await SQL.agents.all(conn)
        self._waits.renew(self._queues, await self._estimated())
        self._gaps = await self._uncovered.gaps()
        self._outlook = await self._expected()
        self._fold, self.at = fold, at

    async def _estimated(self) -> Estimated:
        lines = {name for queue in self._queues for _, name in lines_of(queue)}
        try:
            return Estimated() if self._bands is None else await self._bands.of(lines)
        except LiveUnavailable:
            return Estimated()

    async def _expected(self) -> list[Expected]:
        try:
            return [] if self._outlooks is None else await self._outlooks.read()
        except LiveUnavailable:
            return []

    def view(self, scope: Collection[int]) -> dict[str, Any]:
        """The `board` frame for these organisations (docs/protocol.md)."""
        fold, at = self._fold, self.at
        assert fold is not None and at is not None, "look first"  # noqa: S101, PT018
        seen = [row for row in self._queues if row["organisation_id"] in scope]
        zones = {row["zone"] for row in seen}
        return {
            "type": "board",
            "at": stamp(at),
            "zone": next(iter(zones)) if len(zones) == 1 else None,
            "queues": [
                _row(fold, queue, channel, at) | self._waits.of(queue["id"], channel)
                for queue in seen
                for channel in _shown(fold, queue, at)
            ],
            "outlook": outlook(self._outlook, seen),
            "agents": [_agent(row) for row in self._agents if row["organisation_id"] in scope],
            "uncovered": [_gap(gap) for gap in self._gaps if gap.organisation_id in scope],
        }


async def _follow(conn: Connection, fold: _Fold) -> datetime:
    async for read in follow.all_news(conn, fold.progress):
        for event, zone in read.events:
            fold.count(event, zone)
            fold.line.apply(event)
        fold.progress = read.progress
    fold.drop_before(read.at.date() - timedelta(days=1))  # a day that no zone has any more
    return read.at


async def _begin(conn: Connection, fold: _Fold) -> datetime:
    """From one snapshot: what is kept, and beside it what is not in there yet."""
    fold.progress = follow.read_progress(await follow.SQL.progress.row(conn))
    waiting = await SQL.waiting.all(conn)
    for row in [*waiting, *await SQL.in_hand.all(conn)]:
        fold.line.put(row["id"], (row["queue_id"], row["channel"]), row["since"])
    async for read in follow.all_news(conn, fold.progress):
        for event, zone in read.events:
            fold.count(event, zone)
        fold.progress = read.progress
    for row in await SQL.zones.all(conn):
        zone = ZoneInfo(row["zone"])
        since, until = midnight(read.at, zone), next_midnight(read.at, zone)
        day = read.at.astimezone(zone).date()
        for key, counts in (await kept(conn, row["organisations"], zone, since, until)).items():
            fold.sums[day, key].update(counts)
    return read.at


def _shown(fold: _Fold, queue: Row, at: datetime) -> list[str]:
    """The channels that the queue serves, and those that have any figure today."""
    served = [] if queue["disabled"] else queue["channels"]
    day = at.astimezone(ZoneInfo(queue["zone"])).date()
    return [c for c in CHANNELS if c in served or _any(fold, day, (queue["id"], c))]


def _any(fold: _Fold, day: date, key: Key) -> bool:
    counts: Iterable[int] = fold.sums.get((day, key), Counter()).values()
    return any(counts) or fold.line.waiting[key] > 0 or fold.line.in_hand[key] > 0


def _row(fold: _Fold, queue: Row, channel: str, at: datetime) -> dict[str, Any]:
    key = (queue["id"], channel)
    day = at.astimezone(ZoneInfo(queue["zone"])).date()
    counts = fold.sums.get((day, key), Counter())
    oldest = fold.line.oldest(key)
    return {
        "queue": queue["key"],
        "name": msgspec.Raw(queue["name"].encode()),
        "organisation": queue["organisation"],
        "channel": channel,
        "waiting": fold.line.waiting[key],
        "longest_wait_s": None if oldest is None else max(0.0, (at - oldest).total_seconds()),
        "in_hand": fold.line.in_hand[key],
        **figures(counts, queue["service_level_s"], queue["service_level_way"]),
        **open_now(queue, at),
    }


def _gap(gap: Gap) -> dict[str, Any]:
    _, _, language, level = gap.wants.split("/")
    return {
        "queue": gap.queue,
        "language": language,
        "level": int(level),
        "why": gap.why,
        "waiting": gap.waiting,
        "since": stamp(gap.since),
    }


def _agent(row: Row) -> dict[str, Any]:
    return {
        "agent": str(row["user_id"]),
        "name": row["name"],
        "organisation": row["organisation"],
        "state": row["state"],
        "reason": row["reason"],
        "since": stamp(row["since"]),
        "load": row["load"],
        "capacity": row["capacity"],
    }
