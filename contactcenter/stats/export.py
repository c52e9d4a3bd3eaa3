"""`contactcenter export`: what is stored, as JSON lines anyone can recount."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import msgspec

from contactcenter.errors import ContactCenterError
from contactcenter.kernel.clock import stamp
from contactcenter.kernel.db import Database
from contactcenter.kernel.sql import Row, load_sql

SQL = load_sql(__file__)
KINDS = ("contacts", "messages", "events", "outbound")
# Of an event only what its kind carries is given.
_OF_SOME = (
    "agent",
    "offer",
    "why",
    "wait_from",
    "rank",
    "rule",
    "disposition",
    "to",
    "reason",
    "from",
    "kept",
    "low_s",
    "high_s",
    "handling",
    "service",
    "reason_version",
    "mark",
    "service_id",
    "request",
)


class UnknownQueueKey(ContactCenterError):
    """There is no such queue; nothing would look like an empty one."""

    def __init__(self, key: str) -> None:
        super().__init__(f"no queue {key!r}: `contactcenter queues --json` lists them")


async def lines(
    db: Database, kind: str, since: datetime | None, queue: str | None
) -> AsyncIterator[bytes]:
    """One JSON object a row, ordered by id, all from one repeatable-read snapshot. Raises
    UnknownQueueKey."""
    query = getattr(SQL, kind)
    async with db.transaction(isolation="repeatable_read", readonly=True) as conn:
        if queue is not None and not await SQL.queue_known.value(conn, queue=queue):
            raise UnknownQueueKey(queue)
        values = {"since": since, "queue": queue}
        async for piece in query.pieces(conn, **{word: values[word] for word in query.parameters}):
            for row in piece:
                yield msgspec.json.encode(_shown(kind, row)) + b"\n"


def _shown(kind: str, row: Row) -> dict[str, Any]:
    shown = {
        name: stamp(value) if isinstance(value, datetime) else value for name, value in row.items()
    }
    if kind == "events":
        promised = shown.pop("promise_to")
        if shown["kind"] == "promise":
            shown["to"] = promised
        shown = {n: v for n, v in shown.items() if v is not None or n not in _OF_SOME}
    return shown
