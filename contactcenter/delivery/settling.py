"""Answers that did not arrive: who sees them, and that somebody looks after one in another way."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from contactcenter.accounts import audit
from contactcenter.accounts.authorise import Actor, may, require, scope_for
from contactcenter.cases import undelivered
from contactcenter.errors import Refused
from contactcenter.kernel.db import Database
from contactcenter.kernel.sql import Row
from contactcenter.queue.publish import Change

Publish = Callable[[Change], Awaitable[object]]


async def listed(db: Database, actor: Actor) -> list[Row]:
    """All of the organisations in sight that nobody has settled, oldest first, at most 500:
    send_id, case_id, contact_id, seq, organisation, queue, recipient, subject, code,
    undelivered_at, agent."""
    require(actor, "watch")
    async with db.connection() as conn:
        return await undelivered.SQL.every.all(conn, scope=scope_for(actor, "watch"))


async def dismiss(db: Database, publish: Publish, actor: Actor, send_id: int) -> None:
    """It needs no more looking after. Whoever is shown it may say so, and supervisors. Raises
    Refused: "not_found", "not_yours". A repeat is answered alike."""
    require(actor, "work")
    async with db.transaction() as conn:
        row = await undelivered.SQL.whose.one(conn, send_id=send_id, scope=scope_for(actor, "work"))
        if row is None:
            raise Refused("not_found", field="send_id")
        tell = {actor.user_id: undelivered.ended_frame(send_id, "dismissed")}
        if row["undelivered_at"] is not None:
            if row["undelivered_for"] != actor.user_id and not may(actor, "watch"):
                raise Refused("not_yours", field="send_id")
            tell |= dict(await undelivered.settle(conn, send_id, "dismissed"))
            await audit.note(
                conn,
                actor,
                "dismiss_undelivered",
                "outbound",
                send_id,
                organisation_id=row["organisation_id"],
            )
    await publish(Change(tell=[*tell.items()]))
