"""Cases that the law wants answered by a time: feedback on accessibility, within 14 days."""

from __future__ import annotations

from contactcenter.accounts.authorise import Actor, require, scope_for
from contactcenter.kernel.db import Database
from contactcenter.kernel.sql import Connection, Row, load_sql

SQL = load_sql(__file__)


async def due(db: Database, actor: Actor) -> list[Row]:
    """Those to be answered within two days, and those that are late: case_id, contact, queue,
    answer_by, late. Raises Refused."""
    require(actor, "watch")
    async with db.connection() as conn:
        return await SQL.due.all(conn, scope=scope_for(actor, "watch"))


async def counts(conn: Connection) -> Row:
    """How many are due soon, and how many late."""
    return await SQL.count.row(conn)
