"""`contactcenter stats`: the figures of any period, or of each interval of it.

Whole quarters of an hour come from the counters, ragged ends from the events, and what is committed
but not counted yet is added in memory: all by the functions of rules.py, from one snapshot.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from contactcenter.errors import ContactCenterError
from contactcenter.kernel.clock import stamp
from contactcenter.kernel.db import Database
from contactcenter.kernel.sql import Connection, Row, load_sql
from contactcenter.stats import follow
from contactcenter.stats.declined import declined
from contactcenter.stats.kept import SQL as KEPT
from contactcenter.stats.kept import Key, counts, kept
from contactcenter.stats.period import Moment, split
from contactcenter.stats.rules import (
    Counts,
    Event,
    counted,
    figures,
    midnight,
    next_midnight,
    quarter,
)

SQL = load_sql(__file__)
INTERVALS = (15, 30, 60)
_Events = list[tuple[Event, ZoneInfo]]


class PeriodError(ContactCenterError):
    """What was asked for can't be given; the text says what to do."""


@dataclass(frozen=True)
class Asked:
    """A half-open period, of one queue where `queue` names it. Without times: today."""

    since: Moment | None = None
    until: Moment | None = None
    queue: str | None = None
    by_min: int | None = None


async def report(db: Database, asked: Asked) -> dict[str, Any]:
    """{from, to, zone, queues, total, declined}, or with `by_min` {from, to, zone, intervals:
    [...]}, an interval's figures being of those who arrived in it. Raises PeriodError."""
    async with db.transaction(isolation="repeatable_read", readonly=True) as conn:
        await follow.SQL.keep_plans.value(conn)
        queues = await SQL.queues.all(conn, queue=asked.queue)
        if not queues:
            raise PeriodError(f"no queue {asked.queue!r}: `contactcenter queues --json` lists them")
        now, pending = await _pending(conn)
        spans = _spans(asked, queues, now)
        reading = _Reading(conn, {row["id"]: row for row in queues}, pending)
        shown: dict[str, Any] = {
            "from": _common(stamp(since) for since, _ in spans.values()),
            "to": _common(stamp(until) for _, until in spans.values()),
            "zone": _common(row["zone"] for row in queues),
        }
        if asked.by_min is None:
            return shown | await reading.period(spans)
        return shown | {"intervals": await reading.intervals(spans, asked.by_min)}


async def _pending(conn: Connection) -> tuple[datetime, _Events]:
    """Committed events that are not in the counters, and the moment of the snapshot."""
    progress = follow.read_progress(await follow.SQL.progress.row(conn))
    events: _Events = []
    async for read in follow.all_news(conn, progress):
        events += read.events
    return read.at, events


_Spans = dict[str, tuple[datetime, datetime]]  # by time zone


def _spans(asked: Asked, queues: list[Row], now: datetime) -> _Spans:
    spans = {}
    for zone in {ZoneInfo(row["zone"]) for row in queues}:
        since = asked.since.at(zone) if asked.since else midnight(now, zone)
        until = asked.until.at(zone) if asked.until else next_midnight(now, zone)
        if since > until:
            raise PeriodError("--from lies after --to: change them over")
        if asked.by_min is not None:
            if quarter(since) != since or quarter(until) != until:
                raise PeriodError("with --by, --from and --to must begin a quarter of an hour")
            if until - since > timedelta(days=366):
                raise PeriodError("with --by at most 366 days: choose a shorter period")
        spans[zone.key] = (since, until)
    return spans


def _common(values: Iterator[Any]) -> Any:
    """The value that all share, else None."""
    found = set(values)
    return found.pop() if len(found) == 1 else None


class _Reading:
    """Of one snapshot."""

    def __init__(self, conn: Connection, queues: Mapping[int, Row], pending: _Events) -> None:
        self._conn = conn
        self._queues = queues
        self._pending = pending

    async def period(self, spans: _Spans) -> dict[str, Any]:
        """Each queue's and channel's figures, and the total."""
        sums: defaultdict[Key, Counts] = defaultdict(Counter)
        for name, (since, until) in spans.items():
            for key, found in (await self._sums(ZoneInfo(name), since, until)).items():
                if key[0] in self._queues:
                    sums[key].update(found)
        return self._shown(sums) | {"declined": await self._declined(spans)}

    async def _declined(self, spans: _Spans) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for name, span in spans.items():
            queues = {id_: row for id_, row in self._queues.items() if row["zone"] == name}
            found += await declined(self._conn, queues, *span)
        return found

    async def _sums(self, zone: ZoneInfo, since: datetime, until: datetime) -> Mapping[Key, Counts]:
        cut, organisations = split(since, until), self._of(zone)
        sums: defaultdict[Key, Counts] = defaultdict(Counter)
        if cut.whole[0] < cut.whole[1]:
            sums.update(await kept(self._conn, organisations, zone, *cut.whole))
            _add(sums, [(e, z) for e, z in self._pending if z == zone], cut.whole)
        for end in cut.ends:
            _add(sums, await follow.between(self._conn, *end, organisations), end)
        return sums

    def _of(self, zone: ZoneInfo) -> list[int]:
        """The organisations of a time zone."""
        rows = self._queues.values()
        return sorted({row["organisation_id"] for row in rows if row["zone"] == zone.key})

    async def intervals(self, spans: _Spans, minutes: int) -> list[dict[str, Any]]:
        """The figures of those who arrived in each interval, whenever their waits ended; counted
        from the beginning of the period."""
        sums: defaultdict[datetime, defaultdict[Key, Counts]]
        sums = defaultdict(lambda: defaultdict(Counter))
        step = timedelta(minutes=minutes)
        for name, (since, until) in spans.items():
            zone = ZoneInfo(name)
            given = {"organisations": self._of(zone), "since": since, "until": until}
            for row in await KEPT.intervals.all(self._conn, **given):
                if row["queue_id"] in self._queues:
                    at = since + (row["at"] - since) // step * step
                    sums[at][row["queue_id"], row["channel"]].update(counts(row))
            for event, own in self._pending:
                found = counted(event)
                if found and own == zone and since <= found.arrived < until:
                    at = since + (found.arrived - since) // step * step
                    if event.queue in self._queues:
                        sums[at][event.queue, event.channel].update(found.counts)
        return [
            {"from": stamp(at), "to": stamp(at + step)} | self._shown(sums[at])
            for at in sorted(sums)
        ]

    def _shown(self, sums: Mapping[Key, Counts]) -> dict[str, Any]:
        rows, total = [], Counter[str]()
        for (queue_id, channel), found in sorted(sums.items()):
            if any(found.values()):
                rows.append(_row(self._queues[queue_id], channel, found))
                total.update(found)
        own = [row["service_level"] for row in rows]
        seconds = _common(level["seconds"] for level in own)
        way = _common(level["way"] for level in own)
        return {"queues": rows, "total": figures(total, seconds, way)}


def _add(sums: defaultdict[Key, Counts], events: _Events, span: tuple[datetime, datetime]) -> None:
    for event, _ in events:
        found = counted(event)
        if found is not None and span[0] <= found.ended < span[1]:
            sums[event.queue, event.channel].update(found.counts)


def _row(queue: Row, channel: str, found: Counts) -> dict[str, Any]:
    level = figures(found, queue["service_level_s"], queue["service_level_way"])
    named = {"queue": queue["key"], "organisation": queue["organisation"], "channel": channel}
    return named | level
