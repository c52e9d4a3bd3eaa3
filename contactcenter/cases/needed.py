"""Whether a user needs a case that is hidden from who does not (queue.sensitive)."""

from __future__ import annotations

from contactcenter.accounts.authorise import Actor
from contactcenter.errors import Refused
from contactcenter.kernel.sql import Connection, load_sql

SQL = load_sql(__file__)


async def is_needed(conn: Connection, actor: Actor, case: int) -> bool:
    """Beside the actor's rights and scope, for every read of what a case is about."""
    return bool(await SQL.needed.value(conn, agent=actor.user_id, case=case))


async def require_needed(conn: Connection, actor: Actor, case: int, field: str | None) -> None:
    """Raises Refused("not_found") where it is hidden: that it exists is not told either, so `field`
    is what the caller names of a case that is not there."""
    if not await is_needed(conn, actor, case):
        raise Refused("not_found", field=field)
