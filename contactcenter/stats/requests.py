"""Contacts for each resolved request: how often people had to turn to the city until it was done.

A request (cases/requests.py) is resolved when all its contacts are closed and all their cases are
resolved. It counts in the period in which its last contact was closed; for seven days it may still
gain one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import NamedTuple

from contactcenter.cases.requests import Approach, requests
from contactcenter.kernel.sql import Connection, load_sql

SQL = load_sql(__file__)


class Resolved(NamedTuple):
    """Of a period: resolved requests and their contacts."""

    contacts: int
    requests: int

    @property
    def contacts_per_request(self) -> float | None:
        """1.0 is: everybody was helped at once. None without any."""
        return self.contacts / self.requests if self.requests else None


def counted(
    approaches: Collection[Approach],
    cases: Mapping[int, int],
    resolved: Collection[int],
    since: datetime,
    until: datetime,
) -> Resolved:
    """From what there is. `cases`: of each contact its case; `resolved`: the cases that are."""
    of: dict[int, list[Approach]] = defaultdict(list)
    told = requests(approaches)
    for one in approaches:
        of[told[one.contact]].append(one)
    done = [
        len(all_)
        for all_ in of.values()
        if all(cases[one.contact] in resolved for one in all_)
        and (ends := [one.ended for one in all_ if one.ended is not None])
        and len(ends) == len(all_)
        and since <= max(ends) < until
    ]
    return Resolved(sum(done), len(done))


async def read(conn: Connection, scope: list[int], since: datetime, until: datetime) -> Resolved:
    """The same from what is stored, for organisations together."""
    row = await SQL.counted.row(conn, scope=scope, since=since, until=until)
    return Resolved(row["contacts"], row["requests"])
