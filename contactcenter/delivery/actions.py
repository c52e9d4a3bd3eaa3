"""What an agent decides about a message that left, or may have left."""

from __future__ import annotations

from contactcenter.accounts import audit
from contactcenter.accounts.authorise import Actor, require, scope_for
from contactcenter.cases import outbound
from contactcenter.delivery.store import SQL
from contactcenter.errors import Refused
from contactcenter.kernel.db import Database
from contactcenter.queue.publish import Change, Publisher


async def resend(db: Database, publisher: Publisher, actor: Actor, send_id: int) -> None:
    """Try again a message that failed or is not known to have left, with the same Message-ID.
    Raises Refused("wrong_state") for one that was sent; a repeat changes nothing."""
    await _decide(db, publisher, actor, send_id, "queued", ["failed", "unknown"], "resend")


async def arrived(db: Database, publisher: Publisher, actor: Actor, send_id: int) -> None:
    """The agent knows that it arrived. A repeat changes nothing."""
    await _decide(db, publisher, actor, send_id, "sent", ["unknown"], "arrived")


async def _decide(
    db: Database,
    publisher: Publisher,
    actor: Actor,
    send_id: int,
    to: str,
    before: list[str],
    verb: str,
) -> None:
    require(actor, "work")
    async with db.transaction() as conn:
        row = await SQL.of.one(conn, send_id=send_id, scope=scope_for(actor, "work"))
        if row is None:
            raise Refused("not_found", field="send_id")
        done = to if to == "sent" else "sending"
        if row["state"] in before:
            await SQL.decide.run(
                conn, send_id=send_id, to=to, code=f"{verb} by agent", **{"from": before}
            )
            await audit.note(
                conn, actor, verb, "outbound", send_id, organisation_id=row["organisation_id"]
            )
        elif row["state"] not in (to, done):
            raise Refused("wrong_state", field="send_id")
    await tell_delivery(db, publisher, send_id, also=actor.user_id, sends=to == "queued")


async def tell_delivery(
    db: Database,
    publisher: Publisher,
    send_id: int,
    *,
    also: int | None = None,
    sends: bool = False,
) -> None:
    """Show the message's delivery state to those who see its contact."""
    async with db.connection() as conn:
        row = await outbound.delivery(conn, send_id)
    users = {row["owner"], row["author_id"], also} - {None}
    frame = outbound.delivery_frame(row)
    await publisher.publish(Change(tell=[(user, frame) for user in sorted(users)], sends=sends))
