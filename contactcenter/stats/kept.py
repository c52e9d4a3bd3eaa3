"""Counters of a period, whole quarters of an hour, out of table `figure`.

Days are read as days, so that a year is no longer to read than its days. Where an organisation's
time zone was changed, days kept before are none of its days now: then quarters are read.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from zoneinfo import ZoneInfo

from contactcenter.kernel.sql import Connection, Row, load_sql
from contactcenter.stats.rules import COUNTERS, Counts, midnight, next_midnight

SQL = load_sql(__file__)
Key = tuple[int, str]  # queue, channel
Part = tuple[str, datetime, datetime]


def parts(since: datetime, until: datetime, zone: ZoneInfo) -> list[Part]:
    """How a period is read: (by, since, until), its whole days as days."""
    first = midnight(since, zone)
    if first < since:
        first = next_midnight(since, zone)
    last = midnight(until, zone)
    if first >= last:
        return [("end", since, until)]
    read = [("end", since, first), ("day", first, last), ("end", last, until)]
    return [part for part in read if part[1] < part[2]]


async def kept(
    conn: Connection, organisations: list[int], zone: ZoneInfo, since: datetime, until: datetime
) -> dict[Key, Counts]:
    """The counters of the queues and channels of organisations of one time zone; both times begin
    a quarter."""
    sums: dict[Key, Counts] = {}
    for part in parts(since, until, zone):
        for row in await _read(conn, organisations, zone, part):
            sums.setdefault((row["queue_id"], row["channel"]), Counter()).update(counts(row))
    return sums


async def _read(
    conn: Connection, organisations: list[int], zone: ZoneInfo, part: Part
) -> list[Row]:
    by, since, until = part
    given = {"organisations": organisations, "since": since, "until": until}
    if by == "day" and await SQL.other_days.value(conn, zone=zone.key, **given):
        by = "end"
    return await SQL.sums.all(conn, by=by, **given)


def counts(row: Row) -> dict[str, int]:
    """The counters that a row holds."""
    return {name: row[name] for name in COUNTERS}
