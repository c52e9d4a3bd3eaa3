"""New events, each read exactly once, with what the rules need beside them.

Events of one contact come in the order in which they happened: each was written under the contact's
row lock, so one that is late holds up those after it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from operator import itemgetter
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from contactcenter.kernel.sql import Connection, Row, load_sql
from contactcenter.stats.progress import Gap, Look, Progress
from contactcenter.stats.rules import Event

SQL = load_sql(__file__)
MOST = 1000  # some 40 ms of work between two turns of everybody else
_values = itemgetter(*(field.name for field in fields(Event)))


@dataclass(frozen=True)
class News:
    """Events not read before, in order of ids; how far they lead; `at`: nothing committed before it
    is missing, unless `more` is to be read."""

    events: list[tuple[Event, ZoneInfo]]
    progress: Progress
    at: datetime
    more: bool


async def news(conn: Connection, progress: Progress) -> News:
    """Read on, at most 1,000 events."""
    rows = await SQL.news.all(
        conn,
        upto=progress.upto,
        firsts=[gap.first for gap in progress.gaps],
        lasts=[gap.last for gap in progress.gaps],
        most=MOST,
    )
    ids = [row["id"] for row in rows if row["id"] is not None]
    look = Look(rows[0]["moment"].timestamp(), rows[0]["oldest"], rows[0]["newest"])
    more = len(ids) == MOST
    led = progress.after(ids, look, all_read=not more)
    return News(told(rows), led, rows[0]["moment"], more)


async def all_news(conn: Connection, progress: Progress) -> AsyncIterator[News]:
    """All there is to read, in turns."""
    more = True
    while more:
        read = await news(conn, progress)
        yield read
        progress, more = read.progress, read.more


async def between(
    conn: Connection, since: datetime, until: datetime, organisations: list[int]
) -> list[tuple[Event, ZoneInfo]]:
    """The organisations' events of a short time, read or not."""
    return told(await SQL.between.all(conn, since=since, until=until, organisations=organisations))


def told(rows: Iterable[Row]) -> list[tuple[Event, ZoneInfo]]:
    """Those that the rules look at, with their organisation's time zone."""
    return [
        (Event(*_values(row)), ZoneInfo(row["zone"])) for row in rows if row["zone"] is not None
    ]


def read_progress(row: Row) -> Progress:
    """As it is stored."""
    gaps = msgspec.json.decode(row["gaps"], type=list[tuple[int, int, float, int | None]])
    return Progress(row["upto"], tuple(Gap(*gap) for gap in gaps))


def stored_gaps(progress: Progress) -> str:
    """Its gaps as JSON."""
    gaps: list[Any] = [[g.first, g.last, g.since_s, g.before] for g in progress.gaps]
    return msgspec.json.encode(gaps).decode()
