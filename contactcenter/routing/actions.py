"""Offers: missed, prolonged."""

from __future__ import annotations

from contactcenter.kernel.db import Database
from contactcenter.kernel.lease import Lease
from contactcenter.kernel.sql import load_sql
from contactcenter.queue import agents, fitting, store
from contactcenter.queue.publish import Change, Publisher

SQL = load_sql(__file__)


async def rights_changed(db: Database, publisher: Publisher, change: Change) -> bool:
    """After a change of what `change.agents` may take, and how much: offers that they may take no
    longer end, and they stand in the line anew. False where that is left to the sweep."""
    who = list(change.agents)
    await agents.revoke(db, who, change)
    await fitting.refit(db, who, change)
    return await publisher.publish(change)


async def miss(
    clock: Lease, publisher: Publisher, agent: int, offer: int, missed_limit: int
) -> None:
    """The offer's time is over: back to its place; after so many in a row the agent goes away.
    Raises Lapsed where the clock is another node's by now, which may have prolonged it."""
    change = Change()
    async with clock.transaction() as conn:
        await store.lock_agent(conn, agent)
        row = await agents.end_offer(conn, agent, offer, "missed", change)
        if row is None:
            return
        now = await store.SQL.miss.one(
            conn, agent=agent, offered_at=row["offered_at"], missed_limit=missed_limit
        )
        if now is not None and now["changed"]:
            await agents.SQL.note_state.run(
                conn, agent=agent, state=now["state"], reason=now["reason"]
            )
            await agents.withdraw_offers(conn, agent, "withdrawn", change)
            change.tell.append((agent, agents.state_frame(now)))
    await publisher.publish(change)
