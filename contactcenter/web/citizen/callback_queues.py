"""The queues that take callbacks, as a citizen chooses among them: names and opening hours."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

import msgspec
from aiohttp import web

from contactcenter.kernel.sql import Row, load_sql
from contactcenter.queue.hours import read_hours
from contactcenter.web.citizen.open_hours import OpenHours
from contactcenter.web.services import services_of

SQL = load_sql(__file__)
_names = msgspec.json.Decoder(dict[str, str]).decode


@dataclass(frozen=True)
class CallQueue(OpenHours):
    """One of them."""

    key: str
    names: dict[str, str]
    organisation: dict[str, str]


async def call_queues(request: web.Request, key: str | None = None) -> list[CallQueue]:
    """Those that take callbacks now, by organisation; of one key, one or none."""
    if key is not None and "\x00" in key:
        return []
    async with services_of(request).db.connection() as conn:
        return [_queue(row) for row in await SQL.queues.all(conn, key=key)]


def _queue(row: Row) -> CallQueue:
    return CallQueue(
        key=row["key"],
        names=_names(row["name"]),
        organisation=_names(row["organisation"]),
        zone=ZoneInfo(row["time_zone"]),
        hours=read_hours(row["hours"]),
        always_open=row["always_open"],
        now=row["now"],
    )
