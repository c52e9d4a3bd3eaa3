"""Offers: made, declined, missed, prolonged."""

from __future__ import annotations

from contactcenter.accounts import audit
from contactcenter.accounts.authorise import Actor, require
from contactcenter.errors import Refused
from contactcenter.kernel.db import Database
from contactcenter.kernel.sql import load_sql
from contactcenter.queue import agents, store
from contactcenter.queue.publish import Change, Publisher

SQL = load_sql(__file__)


async def decline(
    db: Database, publisher: Publisher, actor: Actor, offer: int, reason: str | None
) -> None:
    """The agent does not take it: back to its place, not offered to this agent again in this
    wait. A repeat is answered like the first. Raises Refused("offer_ended") where it ended
    otherwise or is another's."""
    require(actor, "work")
    change = Change()
    async with db.transaction() as conn:
        await store.lock_agent(conn, actor.user_id)
        ended = await agents.end_offer(conn, actor.user_id, offer, "declined", change)
        if ended is None:
            why = await store.SQL.how_offer_ended.value(conn, offer=offer, agent=actor.user_id)
            if why != "declined":
                raise Refused("offer_ended", field="offer")
            change.tell.append((actor.user_id, agents.offer_ended_frame(offer, why)))
        else:
            after = {"reason": reason} if reason else None
            await audit.note(
                conn,
                actor,
                "decline",
                "contact",
                ended["id"],
                organisation_id=ended["organisation_id"],
                after=after,
            )
    if not await publisher.publish(change):
        raise Refused("unavailable", retry_after_s=1)


async def miss(
    db: Database, publisher: Publisher, agent: int, offer: int, missed_limit: int
) -> None:
    """The offer's time is over: back to its place; after so many in a row the agent goes away."""
    change = Change()
    async with db.transaction() as conn:
        await store.lock_agent(conn, agent)
        if await agents.end_offer(conn, agent, offer, "missed", change) is None:
            return
        now = await store.SQL.miss.one(conn, agent=agent, missed_limit=missed_limit)
        if now is not None and now["changed"]:
            await agents.SQL.note_state.run(
                conn, agent=agent, state=now["state"], reason=now["reason"]
            )
            await agents.withdraw_offers(conn, agent, "withdrawn", change)
            change.tell.append((agent, agents.state_frame(now)))
    await publisher.publish(change)
