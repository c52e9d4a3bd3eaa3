"""A citizen who falls silent in the middle of a chat is asked whether they are still there, and may
say so as often as they like (WCAG 2.2.1); who does not answer leaves the agent's hands."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from contactcenter.kernel.db import Database
from contactcenter.kernel.lease import Lease
from contactcenter.kernel.sql import Connection, Row, load_sql
from contactcenter.queue import leaving
from contactcenter.queue.publish import Change

SQL = load_sql(__file__)


async def stay(conn: Connection, contact: int) -> Change:
    """The question is answered, by the citizen or for them by the agent. A repeat changes
    nothing."""
    return _shown(await SQL.stay.all(conn, contact=contact))


async def put_off(clock: Lease, gap_s: float) -> Change:
    """The house did not hear anybody for so many seconds: they do not count. Raises Lapsed."""
    async with clock.transaction() as conn:
        return _shown(await SQL.put_off.all(conn, gap_s=gap_s))


async def ask(db: Database, now: datetime | None) -> Change:
    """Ask those who have been silent for long; `now`: None for the database's own time."""
    async with db.connection() as conn:
        return _shown(await SQL.ask.all(conn, now=now))


async def end(db: Database, now: datetime | None) -> list[Change]:
    """Close the chats of those who did not answer in time: as when the citizen leaves."""
    async with db.connection() as conn:
        due = await SQL.due.all(conn, now=now, contact=None)
    changes = [
        await leaving.leave(db, row["id"], "idle", still=partial(_is_due, now, row["id"]))
        for row in due
    ]
    return [change for change in changes if change is not None]


async def _is_due(now: datetime | None, contact: int, conn: Connection) -> bool:
    return await SQL.due.one(conn, now=now, contact=contact) is not None


def _shown(rows: Iterable[Row]) -> Change:
    rows = list(rows)
    return Change(
        contacts=[row["id"] for row in rows], show={row["id"]: [row["owner"]] for row in rows}
    )
