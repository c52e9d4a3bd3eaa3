"""Whether what was counted is what a recount from contacts, events and feedback gives now."""

from __future__ import annotations

from collections import Counter
from typing import Any
from zoneinfo import ZoneInfo

from contactcenter.insight.counting import SQL
from contactcenter.insight.stretch_counts import SQL as COUNTS
from contactcenter.insight.stretch_counts import write
from contactcenter.insight.stretch_told import SQL as TOLD
from contactcenter.insight.stretches import Stretch
from contactcenter.kernel.db import Database
from contactcenter.kernel.sql import Connection

# Of what was told for good: who, when and how somebody came is as it was. Which service it was
# about, who is one person and how feedback reads may have been changed since.
_LASTING = ("contacts", "hour", "answer")
Cells = Counter[tuple[Any, ...]]


class _Undo(Exception):
    """What was recounted is not kept."""


async def verify(db: Database) -> dict[str, Any]:
    """{stretches, differences: [{organisation, first_day, cell, counted, recounted}]}, the first
    100. What has happened since the last pass of the loop counts as a difference."""
    differences: list[dict[str, Any]] = []
    looked = 0
    async with db.connection() as conn:
        organisations = await SQL.organisations.all(conn)
    for row in organisations:
        async with db.connection() as conn:
            stretches = await SQL.counted_stretches.all(conn, organisation=row["id"])
        for one in stretches:
            looked += 1
            stretch, final = Stretch(one["first_day"], one["last_day"]), one["final"]
            was, now = await _both(db, row["id"], stretch, ZoneInfo(row["time_zone"]))
            if final:
                was, now = _lasting(was), _lasting(now)
            differences += [
                {
                    "organisation": row["id"],
                    "first_day": stretch.first.isoformat(),
                    "cell": list(cell),
                    "counted": was[cell],
                    "recounted": now[cell],
                }
                for cell in sorted({*was, *now}, key=str)
                if was[cell] != now[cell]
            ]
    return {"stretches": looked, "differences": differences[:100]}


async def _both(
    db: Database, organisation: int, stretch: Stretch, zone: ZoneInfo
) -> tuple[Cells, Cells]:
    key = {"organisation": organisation, "first_day": stretch.first}
    now: Cells = Counter()
    try:
        async with db.transaction(patient=True) as conn:
            was = await _cells(conn, key)
            await SQL.clear.run(conn, **key)
            await write(conn, organisation, stretch, zone)
            now = await _cells(conn, key)
            raise _Undo
    except _Undo:
        return was, now


async def _cells(conn: Connection, key: dict[str, Any]) -> Cells:
    found: Cells = Counter()
    for row in await TOLD.counted.all(conn, **key):
        cell = tuple(row)[:5]
        found[cell] += row["n"]
        found[(*cell, "persons")] += row["persons"]
    for row in await COUNTS.worked.all(conn, **key):
        found["work", row["staff_of"], row["task"]] += row["us"]
    return found


def _lasting(cells: Cells) -> Cells:
    """Without services and persons."""
    found: Cells = Counter()
    for cell, n in cells.items():
        if cell[0] == "work":
            found[cell] += n
        elif cell[0] in _LASTING and len(cell) == 5:
            part = cell[4].partition("-")[0]  # opening hours may have been changed since
            found[cell[0], *cell[2:4], part] += n
    return found
