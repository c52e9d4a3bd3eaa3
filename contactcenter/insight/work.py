"""Who worked for whom, in which task and for how long: what organisations that share desks divide
costs by (JSP-8). Sums are those of the events, to the microsecond."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby
from typing import NamedTuple

from contactcenter.accounts.authorise import Actor, require
from contactcenter.insight.months import Month
from contactcenter.insight.reading import SQL, sight
from contactcenter.insight.telling import LEAST
from contactcenter.kernel.db import Database
from contactcenter.kernel.i18n import names_of

OTHERS = ""  # tasks and staff that are told together


class Worked(NamedTuple):
    """In a stretch: whose contacts, by whose staff, in which task."""

    organisation: str
    first_day: date
    staff_of: str
    task: str
    n: int
    us: int
    persons: int


class Share(NamedTuple):
    """Of a period; `share`: of the organisation's whole time, 0 to 1."""

    organisation: str
    staff_of: str
    task: str
    n: int
    us: int
    share: float


class Work(NamedTuple):
    """With the names of organisations, and of tasks: those of the queues that have them."""

    shares: list[Share]
    organisations: dict[str, dict[str, str]]
    tasks: dict[tuple[str, str], dict[str, str]]


async def worked(
    db: Database, actor: Actor, organisation: str | None, since: Month, until: Month
) -> Work:
    """What is told of some months. Raises Refused."""
    require(actor, "read_insight")
    async with db.connection() as conn:
        scope, _ = await sight(conn, actor, organisation)
        rows = await SQL.work.all(conn, scope=scope, since=since.first, until=until.last)
        found = added(Worked(*row) for row in rows)
        keys = sorted({key for one in found for key in (one.organisation, one.staff_of)})
        names = await SQL.names.all(conn, keys=keys)
        tasks = await SQL.tasks.all(conn, scope=scope)
    return Work(
        found,
        {row["key"]: names_of(row["name"]) for row in names},
        {(row["organisation"], row["task"]): names_of(row["name"]) for row in tasks},
    )


def added(worked: Iterable[Worked]) -> list[Share]:
    """Added up over stretches, the longest first within an organisation."""
    sums: defaultdict[tuple[str, str, str], list[int]] = defaultdict(lambda: [0, 0])
    whole: defaultdict[str, int] = defaultdict(int)
    for (organisation, _), cells in groupby(worked, key=lambda one: one[:2]):
        for one in together(list(cells)):
            of = sums[organisation, one.staff_of, one.task]
            of[0] += one.n
            of[1] += one.us
            whole[organisation] += one.us
    shares = [Share(*key, n, us, us / (whole[key[0]] or 1)) for key, (n, us) in sums.items()]
    return sorted(shares, key=lambda one: (one.organisation, -one.us, one.staff_of, one.task))


def together(cells: Sequence[Worked]) -> list[Worked]:
    """Of one stretch of one organisation: tasks of fewer than five persons are told together, with
    the smallest of the others where that is needed; a stretch of fewer than five is not told."""
    order = sorted(cells, key=lambda one: (one.persons, one.staff_of, one.task))
    small: list[Worked] = []
    while order and (order[0].persons < LEAST or 0 < _least(small) < LEAST):
        small.append(order.pop(0))
    if not small or _least(small) < LEAST:
        return order
    first = small[0]
    n, us = sum(one.n for one in small), sum(one.us for one in small)
    return [*order, Worked(*first[:2], OTHERS, OTHERS, n, us, _least(small))]


def _least(cells: Sequence[Worked]) -> int:
    """How many persons these are of, at least: the same may be in several."""
    return max((one.persons for one in cells), default=0)
