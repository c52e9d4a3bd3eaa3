"""The agent's own contact, found and held for a change."""

from __future__ import annotations

from contactcenter.accounts.authorise import Actor, require, scope_for
from contactcenter.errors import Refused
from contactcenter.kernel.sql import Connection, Row
from contactcenter.queue import store as queue


async def hold_own(conn: Connection, actor: Actor, contact: int, *states: str) -> Row:
    """The contact's row, locked. Raises Refused: `not_found` outside the scope, `not_yours` where
    another (or nobody) has it, `wrong_state` where it is mine in another state."""
    require(actor, "work")
    await queue.lock_agent(conn, actor.user_id)
    row = await queue.SQL.mine.one(conn, contact=contact, scope=scope_for(actor, "work"))
    if row is None:
        raise Refused("not_found", field="contact")
    if row["owner"] != actor.user_id:
        raise Refused("not_yours", field="contact")
    if row["state"] not in states:
        raise Refused("wrong_state", field="contact")
    return row
