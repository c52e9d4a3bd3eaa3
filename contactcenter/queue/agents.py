"""Agents' states, and what becomes of their contacts when they step away or fall silent."""

from __future__ import annotations

from collections.abc import Iterable

from contactcenter.cases import requests
from contactcenter.errors import Refused
from contactcenter.kernel.clock import stamp
from contactcenter.kernel.db import Database
from contactcenter.kernel.feed import Frame
from contactcenter.kernel.mask import storable
from contactcenter.kernel.sql import Connection, Row, load_sql
from contactcenter.queue import pausing, store
from contactcenter.queue.publish import Change
from contactcenter.queue.rules import waits_again

SQL = load_sql(__file__)
STATES = ("available", "away", "break", "training", "offline")


async def sign_on(conn: Connection, agent: int) -> None:
    """Make the agent's row where there is none, offline."""
    await SQL.sign_on.run(conn, agent=agent)


async def state(conn: Connection, agent: int) -> Row:
    """The agent's state; the row is made at the first sign-on, offline."""
    row = await SQL.state.one(conn, agent=agent)
    if row is None:
        await SQL.sign_on.run(conn, agent=agent)
        row = await SQL.state.row(conn, agent=agent)
    return row


def shown(row: Row) -> dict[str, object]:
    """A state as frames carry it."""
    return {"value": row["state"], "reason": row["reason"], "since": stamp(row["since"])}


def state_frame(row: Row) -> Frame:
    """The `agent` frame of the agent's own state."""
    return {"type": "agent", "state": shown(row)}


def offer_ended_frame(offer: int, why: str) -> Frame:
    """The `offer_ended` frame."""
    return {"type": "offer_ended", "offer": str(offer), "why": why}


async def set_state(conn: Connection, agent: int, value: str, reason: str | None) -> Change:
    """Go available, away, on a break, to training or offline. Who no longer is available loses
    the offers on screen: they go back to their places. Raises Refused("bad_request")."""
    if value not in STATES:
        raise Refused("bad_request", field="value")
    await state(conn, agent)
    await store.lock_agent(conn, agent)
    reason = None if reason is None else storable(reason)
    row = await SQL.set_state.row(conn, agent=agent, state=value, reason=reason)
    await SQL.note_state.run(conn, agent=agent, state=value, reason=reason)
    change = Change(agents=[agent])
    if value != "available":
        await withdraw_offers(conn, agent, "withdrawn", change)
    change.tell.append((agent, state_frame(row)))
    return change


async def withdraw_offers(conn: Connection, agent: int, why: str, change: Change) -> None:
    """End every offer the agent has; the contacts keep their places."""
    for held in await SQL.contacts_of.all(conn, agent=agent, states=["offered"]):
        await end_offer(conn, agent, held["offer_id"], why, change)


async def revoke(db: Database, agents: Iterable[int], change: Change) -> None:
    """Take from agents' screens what they may take no longer; the contacts keep their places. What
    they accepted before, they finish."""
    async with db.connection() as conn:
        found = await SQL.revoked.all(conn, agents=list(agents))
    for row in found:
        async with db.transaction() as conn:
            await store.lock_agent(conn, row["owner"])
            await end_offer(conn, row["owner"], row["offer_id"], "withdrawn", change)


async def end_offer(
    conn: Connection, agent: int, offer: int, why: str, change: Change, reason: str | None = None
) -> Row | None:
    """End one offer without acceptance, declined for a coded reason; the agent's row is locked by
    the caller. None where it had ended already."""
    row = await store.SQL.end_offer.one(
        conn, agent=agent, offer=offer, why=why, passes=why == "declined"
    )
    if row is None:
        return None
    await pausing.release(conn, agent, row["units"], change)
    await store.note(conn, "offer_ended", row, agent=agent, offer=offer, why=why, reason=reason)
    await store.note(conn, "returned", row, waits=True)
    await store.put_out(conn, row, agent)
    change.contacts.append(row["id"])
    if agent not in change.agents:
        change.agents.append(agent)
    change.tell.append((agent, offer_ended_frame(offer, why)))
    return row


async def lose(conn: Connection, agent: int) -> Change | None:
    """The agent's last socket fell silent: offers and open contacts go back to their places, with
    their drafts. What is being wrapped up stays, nobody waits for it; so does what was begun by
    hand, whose person no colleague has: it goes into wrap-up, but for a letter to be decided."""
    await store.lock_agent(conn, agent)
    if await SQL.lose.one(conn, agent=agent) is None:
        return None
    change = Change(agents=[agent])
    await SQL.lock_contacts_of.run(conn, agent=agent)
    await SQL.note_state.run(conn, agent=agent, state="offline", reason="lost")
    await withdraw_offers(conn, agent, "lost", change)
    for held in await SQL.contacts_of.all(conn, agent=agent, states=["active"]):
        if waits_again(held["channel"], decision=held["decision"]):
            await _give_up(conn, agent, held)
        else:
            await wrap_up(conn, agent, held["id"])
        change.show[held["id"]] = [agent]
    await pausing.resume(conn, agent, change)
    change.tell.append((agent, state_frame(await state(conn, agent))))
    return change


async def _give_up(conn: Connection, agent: int, held: Row) -> None:
    row = await store.SQL.leave.row(
        conn,
        contact=held["id"],
        agent=agent,
        states=["active"],
        queue_id=held["queue_id"],
        organisation_id=held["organisation_id"],
        requirement=held["requirement"],
        rank=held["rank"],
        new_wait=False,
    )
    await store.load_agent(conn, agent, -row["units"])
    await store.note(conn, "left", row, agent=agent, why="agent_lost")
    await store.note(conn, "returned", row, waits=True)
    await store.put_out(conn, row, agent)


async def come_back(conn: Connection, agent: int, within_s: float) -> Change | None:
    """Undo the loss of an agent who is back in time; None where nobody was lost."""
    row = await SQL.give_back.one(conn, agent=agent, within_s=within_s)
    if row is None:
        return None
    await SQL.note_state.run(conn, agent=agent, state=row["state"], reason=row["reason"])
    return Change(agents=[agent], tell=[(agent, state_frame(row))])


async def wrap_up(conn: Connection, agent: int, contact: int) -> None:
    """active -> wrap_up; the agent's row is locked by the caller."""
    row = await store.SQL.wrap_up.row(conn, contact=contact, agent=agent)
    await store.note(conn, "wrap_up", row, agent=agent)
    await store.put_out(conn, row, agent)


async def close(
    conn: Connection, agent: int, contact: int, disposition: str | None, change: Change
) -> Row | None:
    """wrap_up -> closed, and the agent has room again; the agent's row is locked by the caller."""
    row = await store.SQL.close.one(conn, contact=contact, agent=agent, disposition=disposition)
    if row is not None:
        await pausing.release(conn, agent, row["units"], change)
        about = await requests.told_of(conn, contact)
        await store.note(conn, "closed", row, agent=agent, about=about)
        await store.put_out(conn, row, agent)
    return row
