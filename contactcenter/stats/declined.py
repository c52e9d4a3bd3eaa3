"""Why offers were declined: counted from a period's events, through an index of those alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from contactcenter.kernel.sql import Connection, Row, load_sql

SQL = load_sql(__file__)


async def declined(
    conn: Connection, queues: Mapping[int, Row], since: datetime, until: datetime
) -> list[dict[str, Any]]:
    """[{queue, organisation, channel, reason, n}] of these queues in a half-open period; `reason`
    None: none was given."""
    rows = await SQL.declined.all(conn, queues=list(queues), since=since, until=until)
    return [
        {
            "queue": queues[row["queue_id"]]["key"],
            "organisation": queues[row["queue_id"]]["organisation"],
            "channel": row["channel"],
            "reason": row["reason"],
            "n": row["n"],
        }
        for row in rows
    ]
