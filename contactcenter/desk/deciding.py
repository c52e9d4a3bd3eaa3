"""What only the organisation itself may complete.

Agents who serve another organisation by an agreement advise, take in papers and hand over; its
decisions are its own (law 223/2007 on joint service; JSP-3). A queue says whether its matters are
such."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from contactcenter.accounts import audit
from contactcenter.accounts.authorise import Actor
from contactcenter.desk.desk import Desk
from contactcenter.errors import Refused
from contactcenter.kernel.sql import Connection, Row, load_sql
from contactcenter.queue import rules as queue_rules
from contactcenter.queue.deciding import ELSEWHERE, decides

SQL = load_sql(__file__)


async def is_for_own_staff(
    conn: Connection, actor: Actor, contact: Row, target: Row, agent: int | None = None
) -> bool:
    """Whether a contact that is passed on to a queue, or to an `agent` by name, waits for its
    organisation's own staff alone from now on. Who serves by an agreement has advised, and hands
    over to be decided; another such agent may be asked by name, for advice. Its own staff may give
    it to anybody again by a queue that does not decide."""
    before = queue_rules.is_for_own_staff(contact["requirement"])
    if actor.organisation_id == contact["organisation_id"]:
        return before and bool(target["decision"])
    if before or agent is None:
        return bool(before or target["decision"] or await decides(conn, contact["id"]))
    home = await SQL.home_of.value(conn, agent=agent)
    return bool(target["decision"]) and home == contact["organisation_id"]


@asynccontextmanager
async def completing(desk: Desk, actor: Actor, kind: str, object_id: int) -> AsyncIterator[None]:
    """Around a verb that completes something: that it was refused is noted in the audit, after its
    own transaction was undone."""
    try:
        yield
    except Refused as no:
        if no.detail == ELSEWHERE:
            async with desk.db.transaction() as conn:
                of = await SQL.organisation_of.value(conn, kind=kind, id=object_id)
                await audit.note(
                    conn, actor, "refused_decision", kind, object_id, organisation_id=of
                )
        raise
