"""Sessions and links that have ended are deleted now and then."""

from __future__ import annotations

from contactcenter.accounts.store import SQL
from contactcenter.kernel.db import Database

EVERY_S = 3600.0


async def run_once(db: Database) -> int:
    """Delete what has expired; returns how many rows."""
    async with db.transaction() as conn:
        return await SQL.forget_sessions.run(conn) + await SQL.forget_tokens.run(conn)
