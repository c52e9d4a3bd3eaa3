"""The agent's own contact, found and held for a change."""

from __future__ import annotations

from contactcenter.accounts.authorise import Actor, require, scope_for
from contactcenter.errors import Refused
from contactcenter.kernel.sql import Connection, Row
from contactcenter.queue import store as queue


async def lock_own(conn: Connection, actor: Actor, contact: int, *states: str) -> Row:
    """The contact's row, locked. Raises Refused: `not_found` outside the scope, `not_yours` where
    another (or nobody) has it, `wrong_state` where it is mine in another state."""
    require(actor, "work")
    # Agent, then case, then contact, as everywhere: so no two transactions wait for each other.
    await queue.lock_agent(conn, actor.user_id)
    await queue.SQL.lock_case_of.run(conn, contact=contact, scope=scope_for(actor, "work"))
    row = await queue.SQL.mine.one(conn, contact=contact, scope=scope_for(actor, "work"))
    if row is None:
        raise Refused("not_found", field="contact")
    if row["owner"] != actor.user_id:
        raise Refused("not_yours", field="contact")
    if row["state"] not in states:
        raise Refused("wrong_state", field="contact")
    return row
