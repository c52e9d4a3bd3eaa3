"""Counts stretches and tells them: what runs by itself.

A stretch is counted anew as a whole, from what is stored, until it has settled; so whatever was
changed meanwhile (a service said later, persons that are one) is in it, and what was told for good
stays. Counting, telling and the note that it is done are one commit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from contactcenter.insight.open_hours import laid_out
from contactcenter.insight.stretches import Stretch, stretches
from contactcenter.insight.telling import Cell, Key, corrected, parted, rounded, together
from contactcenter.insight.views import ALL, LATER, TIMES, VIEWS, View
from contactcenter.kernel.db import Database
from contactcenter.kernel.failpoint import failpoint
from contactcenter.kernel.lease import Lease
from contactcenter.kernel.sql import Connection, Row, load_sql

SQL = load_sql(__file__)
EVERY_S = 300.0
COUNTED = ("service_id", "channel", "language", "part")


class Insight:
    """The weeks of all organisations, on one node at a time."""

    def __init__(self, db: Database, node: str) -> None:
        self._db = db
        self._lease = Lease(db, "insight", node)

    async def run_once(self) -> int:
        """Count what is not settled. Returns how many stretches; 0 where another node has the
        lease."""
        if await self._lease.hold() is None:
            return 0
        counted = 0
        async with self._db.connection() as conn:
            organisations = await SQL.organisations.all(conn)
        for row in organisations:
            for stretch in await self._open(row):
                await self._lease.hold()
                counted += await self.count(row, stretch)
        return counted

    async def rebuild(self) -> int:
        """Count and tell everything anew, as it stands now. Returns how many stretches."""
        async with self._db.transaction() as conn:
            await SQL.anew.run(conn)
        return await self.run_once()

    async def _open(self, organisation: Row) -> list[Stretch]:
        zone = ZoneInfo(organisation["time_zone"])
        whose = {"organisation": organisation["id"]}
        async with self._db.transaction() as conn:
            first = await SQL.begins.value(conn, zone=zone.key, **whose)
            if first is not None:
                new = stretches(first, organisation["now"].astimezone(zone).date())
                days = {"firsts": [s.first for s in new], "lasts": [s.last for s in new]}
                await SQL.add.run(conn, **whose, **days)
            rows = await SQL.open.all(conn, **whose)
        return [Stretch(row["first_day"], row["last_day"]) for row in rows]

    async def count(self, organisation: Row, stretch: Stretch) -> int:
        """Count one, and tell it where it is over. Returns 1; 0 where another is about it, or it
        was told for good."""
        zone = ZoneInfo(organisation["time_zone"])
        key = {"organisation": organisation["id"], "first_day": stretch.first}
        async with self._db.transaction(patient=True) as conn:
            taken = await SQL.take.one(conn, **key)
            if taken is None:
                return 0
            await SQL.clear.run(conn, **key)
            await write(conn, organisation["id"], stretch, zone)
            over = stretch.is_over(organisation["now"], zone)
            final = stretch.is_settled(organisation["now"], zone)
            if over and (final or not taken["told"]):
                await _tell(conn, key, late=final)
            failpoint("insight.before_commit")
            await SQL.done.run(conn, told=over, final=final, **key)
        return 1


async def write(conn: Connection, organisation: int, stretch: Stretch, zone: ZoneInfo) -> None:
    """Count all views of a stretch, exactly."""
    since, until = stretch.span(zone)
    given: dict[str, Any] = {
        "organisation": organisation,
        "first_day": stretch.first,
        "since": since,
        "until": until,
    }
    await SQL.contacts.run(conn, zone=zone.key, **given)
    limits = {"parts": list(TIMES), "hours": list(TIMES.values()), "later": LATER}
    within = await laid_out(conn, organisation, since, until, zone.key)
    await SQL.times.run(conn, **limits, **within, **given)
    await SQL.marks.run(conn, **given)
    await SQL.open_feedback.run(conn, **given)
    await SQL.suggested.run(conn, **given)
    await SQL.joins.value(conn, rowwise="off")
    await SQL.matters.run(conn, **given)
    await SQL.joins.value(conn, rowwise="on")
    await SQL.causes.run(conn, **given)
    await SQL.work.run(conn, **given)


async def _tell(conn: Connection, key: dict[str, int | date], *, late: bool) -> None:
    """What was told before stays, but for contacts that were sorted otherwise since."""
    before = _by_view(await SQL.told.all(conn, **key))
    behind = _by_view(await SQL.behind.all(conn, **key))
    now = told_of(_by_view(await SQL.counted.all(conn, **key)), before, behind, late=late)
    await SQL.forget.run(conn, views=list(now), **key)
    rows = [(view, *cell, n) for view, cells in now.items() for cell, n in cells.items() if n]
    columns = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in range(6)]
    names = ("views", "services", "channels", "languages", "parts", "ns")
    columns[1] = [int(service) for service in columns[1]]
    await SQL.tell.run(conn, **key, **dict(zip(names, columns, strict=True)))


_Views = dict[str, dict[Key, tuple[int, int]]]


def _by_view(rows: list[Row]) -> _Views:
    found: defaultdict[str, dict[Key, tuple[int, int]]] = defaultdict(dict)
    for row in rows:
        cell = tuple(str(row[name]) for name in COUNTED)
        found[row["view"]][cell] = (row["n"], row.get("persons", row["n"]))
    return found


def told_of(
    counted: _Views, before: _Views, behind: _Views, *, late: bool
) -> dict[str, dict[Key, int]]:
    """What is told of each view that is told now: the first time all that need not settle, later
    the contacts corrected, and what has settled. `behind`: of the weeks before, what was too
    little."""
    owed = {view: {key: n for key, (n, _) in of.items()} for view, of in behind.items()}
    contacts = _contacts(counted, before, owed.get("contacts", {}))
    told = {"contacts": contacts}
    for name, view in VIEWS.items():
        if name == "contacts" or name in before or (view.late and not late):
            continue
        cells = [Cell(key, *values) for key, values in counted.get(name, {}).items()]
        less = owed.get(name, {})
        if not view.whole:
            told[name] = rounded(cells, less)
            continue
        whole = told[view.of] if view.of in told else _first(before, view.of)
        told[name] = _parts(view, cells, whole, less)
    return told


def _first(before: _Views, view: str) -> dict[Key, int]:
    """What was told of it before, and stays."""
    return {key: n for key, (n, _) in before.get(view, {}).items()}


def _contacts(counted: _Views, before: _Views, owed: Mapping[Key, int]) -> dict[Key, int]:
    cells = [Cell(key, *values) for key, values in counted.get("contacts", {}).items()]
    now = rounded(cells, owed)
    if "contacts" not in before:
        return now
    told = _first(before, "contacts")
    return {key: corrected(told.get(key, 0), now.get(key, 0)) for key in sorted({*told, *now})}


def _parts(
    view: View, cells: list[Cell], of: Mapping[Key, int], owed: Mapping[Key, int]
) -> dict[Key, int]:
    """Parts that add up to what is told of the other view for their whole: a service, a channel,
    or all."""
    if view.whole == ALL:
        return together(cells, sum(of.values()), owed)
    at = COUNTED.index("service_id" if view.whole == "service" else view.whole)
    totals: defaultdict[str, int] = defaultdict(int)
    for key, n in of.items():
        totals[key[at]] += n
    keys: dict[Key, Key] = {(cell.key[at], cell.key[-1]): cell.key for cell in cells}
    behind: dict[Key, int] = {(key[at], key[-1]): n for key, n in owed.items()}
    told = parted([Cell((cell.key[at], cell.key[-1]), *cell[1:]) for cell in cells], totals, behind)
    return {keys[key]: n for key, n in told.items()}
