"""An agent's capacity was changed: what is offered and in hand is made to fit it, as far as it can.
What is in hand stays, and nothing more comes before there is room."""

from __future__ import annotations

from collections.abc import Iterable

from contactcenter.kernel.db import Database
from contactcenter.kernel.sql import Connection, load_sql
from contactcenter.queue import agents, pausing, store
from contactcenter.queue.publish import Change
from contactcenter.queue.rules import EXCLUSIVE_CHANNELS

SQL = load_sql(__file__)
_EXCLUSIVE = sorted(EXCLUSIVE_CHANNELS)


async def refit(db: Database, who: Iterable[int], change: Change) -> None:
    """Calls take the whole agent, offers that fit no longer go back to their places, mail rests or
    goes on."""
    async with db.connection() as conn:
        found = await SQL.unfit.all(conn, agents=list(who), exclusive=_EXCLUSIVE)
    for row in found:
        async with db.transaction() as conn:
            await _refit(conn, row["user_id"], change)


async def _refit(conn: Connection, agent: int, change: Change) -> None:
    capacity = (await store.lock_agent(conn, agent))["capacity"]
    more = await SQL.whole.value(conn, agent=agent, capacity=capacity, exclusive=_EXCLUSIVE)
    await store.load_agent(conn, agent, more)
    now = await store.lock_agent(conn, agent)
    if now["load"] - (now["mails"] if now["pauses_mail"] else 0) > capacity:
        await agents.withdraw_offers(conn, agent, "withdrawn", change)
    await pausing.pause(conn, agent, change)
    await pausing.resume(conn, agent, change)
