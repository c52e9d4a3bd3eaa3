"""Which Postgres this is, in the course of its life.

A standby that was promoted, or a backup that was restored, may lack what was committed last on the
server before it. Whoever keeps something that belongs to the data, ids taken ahead or the line in
Redis, keeps beside it the history that it was of.
"""

from __future__ import annotations

from contactcenter.kernel.sql import Connection, load_sql

SQL = load_sql(__file__)


async def history(conn: Connection) -> str:
    """The cluster's identifier and its timeline, which only rises: `7377… 00000002`."""
    return str(await SQL.history.value(conn))
