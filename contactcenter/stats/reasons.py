"""Why people turned to the city, of a period: contacts that agents closed, by the reason that was
said, in the words that were valid then. What is renamed, merged or taken out of use later changes
nothing of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from contactcenter.kernel.sql import Connection, load_sql

SQL = load_sql(__file__)


async def counted(
    conn: Connection, scope: list[int], since: datetime, until: datetime
) -> list[dict[str, Any]]:
    """[{organisation, reason, name, mark, contacts}], most by organisation first; reason and name
    null: not said (unclassified), mark null: not marked. A contact counts in the period in which it
    was closed, by the newest word of it."""
    rows = await SQL.counted.all(conn, scope=scope, since=since, until=until)
    return [
        dict(row) | {"name": None if row["name"] is None else msgspec.json.decode(row["name"])}
        for row in rows
    ]


async def unsaid(
    conn: Connection, organisations: list[int], since: datetime, until: datetime
) -> list[dict[str, Any]]:
    """[{organisation, closed, unclassified, unmarked}]: of how many nobody said the reason, or the
    mark."""
    found: dict[str, dict[str, Any]] = {}
    for one in await counted(conn, organisations, since, until):
        home = found.setdefault(
            one["organisation"],
            {"organisation": one["organisation"], "closed": 0, "unclassified": 0, "unmarked": 0},
        )
        home["closed"] += one["contacts"]
        home["unclassified"] += one["contacts"] if one["reason"] is None else 0
        home["unmarked"] += one["contacts"] if one["mark"] is None else 0
    return list(found.values())
