"""Tells a stretch: rounds what was counted (telling.py), and adds its month up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from contactcenter.insight.months import Month
from contactcenter.insight.telling import Cell, Key, corrected, parted, rounded, together
from contactcenter.insight.views import ALL, VIEWS, View
from contactcenter.kernel.sql import Connection, Row, load_sql

SQL = load_sql(__file__)
COUNTED = ("service_id", "channel", "language", "part")


async def tell(conn: Connection, organisation: int, first_day: date, *, late: bool) -> None:
    """What was told before stays, but for contacts that were sorted otherwise since. `late`: what
    has to settle too."""
    key = {"organisation": organisation, "first_day": first_day}
    before = _by_view(await SQL.told.all(conn, **key))
    behind = _by_view(await SQL.behind.all(conn, **key))
    now = told_of(_by_view(await SQL.counted.all(conn, **key)), before, behind, late=late)
    await SQL.forget.run(conn, views=list(now), **key)
    rows = [(view, *cell, n) for view, cells in now.items() for cell, n in cells.items() if n]
    columns = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in range(6)]
    names = ("views", "services", "channels", "languages", "parts", "ns")
    columns[1] = [int(service) for service in columns[1]]
    await SQL.tell.run(conn, **key, **dict(zip(names, columns, strict=True)))
    month = Month.of(first_day)
    of = {"organisation": organisation, "month": month.first, "views": list(now)}
    await SQL.forget_month.run(conn, **of)
    await SQL.add_up.run(conn, last=month.last, **of)


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
        whole = told[view.of] if view.of in told else _told_before(before, view.of)
        told[name] = _parts(view, cells, whole, less)
    return told


def _told_before(before: _Views, view: str) -> dict[Key, int]:
    """What was told of a view before, and stays."""
    return {key: n for key, (n, _) in before.get(view, {}).items()}


def _contacts(counted: _Views, before: _Views, owed: Mapping[Key, int]) -> dict[Key, int]:
    cells = [Cell(key, *values) for key, values in counted.get("contacts", {}).items()]
    now = rounded(cells, owed)
    if "contacts" not in before:
        return now
    told = _told_before(before, "contacts")
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
