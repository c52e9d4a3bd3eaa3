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

SQL = load_sql(__file__)
_WHY = "decided_elsewhere"


async def refuse_elsewhere(conn: Connection, actor: Actor, contact: Row, field: str) -> None:
    """Raise Refused("forbidden") where completing this contact is for its own organisation."""
    if contact["organisation_id"] == actor.organisation_id:
        return
    if await SQL.is_decision.value(conn, queue_id=contact["queue_id"]):
        raise Refused("forbidden", _WHY, field=field)


@asynccontextmanager
async def completing(desk: Desk, actor: Actor, kind: str, object_id: int) -> AsyncIterator[None]:
    """Around a verb that completes something: that it was refused is noted in the audit, after its
    own transaction was undone."""
    try:
        yield
    except Refused as no:
        if no.detail == _WHY:
            async with desk.db.transaction() as conn:
                of = await SQL.organisation_of.value(conn, kind=kind, id=object_id)
                await audit.note(
                    conn, actor, "refused_decision", kind, object_id, organisation_id=of
                )
        raise
