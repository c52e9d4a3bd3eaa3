"""Taking a waiting contact out of its turn, for oneself or for an agent: who may is asked of
accounts/authorise.py, and each time is audited and says so in the log."""

from __future__ import annotations

from typing import Any

from contactcenter.accounts import audit
from contactcenter.accounts.authorise import Actor, require, scope_for
from contactcenter.desk.desk import Desk
from contactcenter.desk.handling import history
from contactcenter.errors import Refused
from contactcenter.kernel.clock import stamp
from contactcenter.kernel.db import Database
from contactcenter.kernel.sql import Connection, Row, load_sql
from contactcenter.queue import agents, frames, pausing
from contactcenter.queue import store as queue
from contactcenter.queue.publish import Change
from contactcenter.queue.rules import fits, units

SQL = load_sql(__file__)
MOST = 50


async def pull(desk: Desk, actor: Actor, contact: int) -> None:
    """Take it for oneself; a repeat is answered like the first. Raises Refused: `not_found` outside
    the scope, `forbidden` where the role or the organisation does not allow it or the skill is
    lacking, `wrong_state` where it waits no more or there is no room."""
    require(actor, "pull")
    change = Change(agents=[actor.user_id], show={contact: [actor.user_id]})
    async with desk.db.transaction() as conn:
        await agents.sign_on(conn, actor.user_id)
        me = await queue.lock_agent(conn, actor.user_id)
        row = await _found(conn, actor, contact)
        if (row["owner"], row["state"]) != (actor.user_id, "active"):
            if me["state"] == "offline":
                raise Refused("wrong_state", "off_duty", field="contact")
            await _waits_for(conn, row, actor.user_id)
            mails = me["mails"] if me["pauses_mail"] else 0
            if not fits(me["load"], me["capacity"], row["channel"], mails):
                raise Refused("wrong_state", "no_room", field="contact")
            taken = units(row["channel"], me["capacity"])
            await SQL.pull.run(conn, contact=contact, agent=actor.user_id, units=taken)
            await queue.load_agent(conn, actor.user_id, taken)
            await pausing.pause(conn, actor.user_id, change)
            await _noted(conn, actor, row, actor.user_id)
            await audit.note(conn, actor, "read", "contact", contact)
        change.extra = await history(conn, actor, contact)
    await desk.publish(change)


async def assign(desk: Desk, actor: Actor, contact: int, agent: int) -> None:
    """Offer it to an agent who is available, able and has room; declined or missed it is back in
    its place. Raises Refused as `pull`, and `not_found` for an agent out of sight."""
    require(actor, "assign")
    (offer,) = await desk.ids.take(1)
    change = Change(contacts=[contact], agents=[agent])
    async with desk.db.transaction() as conn:
        if not await SQL.in_sight.value(conn, agent=agent, scope=scope_for(actor, "assign")):
            raise Refused("not_found", field="agent")
        await agents.sign_on(conn, agent)
        await queue.lock_agent(conn, agent)
        row = await _found(conn, actor, contact)
        await _waits_for(conn, row, agent)
        made = queue.Offer(offer, agent, contact, "pulled")
        offered = await queue.offer(conn, [made], desk.offer_s)
        if not offered:
            raise Refused("unavailable", "agent_busy", field="agent")
        await _noted(conn, actor, row, agent)
        change.tell.append((agent, frames.offer_frame(offered[0])))
    await desk.publish(change)


async def waiting(desk: Desk, actor: Actor) -> list[dict[str, Any]]:
    """What the actor is able to take, the best rank first, without names and texts; at most 50."""
    require(actor, "pull")
    async with desk.db.connection() as conn:
        rows = await SQL.waiting.all(
            conn, agent=actor.user_id, scope=scope_for(actor, "pull"), most=MOST
        )
    return [
        {
            "contact": str(row["id"]),
            "queue": row["queue"],
            "channel": row["channel"],
            "language": row["language"],
            "first_arrival": stamp(row["first_arrival"]),
            "wait_from": stamp(row["wait_from"]),
        }
        for row in rows
    ]


async def takers(db: Database, actor: Actor, contact: int) -> list[tuple[str, str]]:
    """(id, name) of the agents in sight who are available and able to take it."""
    require(actor, "assign")
    async with db.connection() as conn:
        rows = await SQL.takers.all(conn, contact=contact, scope=scope_for(actor, "assign"))
    return [(str(row["id"]), row["name"]) for row in rows]


async def _found(conn: Connection, actor: Actor, contact: int) -> Row:
    row = await SQL.held.one(conn, contact=contact, scope=scope_for(actor, "pull"))
    if row is None:
        raise Refused("not_found", field="contact")
    require(actor, "pull", row["organisation_id"])
    return row


async def _waits_for(conn: Connection, row: Row, agent: int) -> None:
    """Whether it waits, its citizen is there, and the agent is able to take it."""
    if row["state"] != "queued":
        raise Refused("wrong_state", "waits_no_more", field="contact")
    if row["away_from"] is not None:
        raise Refused("wrong_state", "citizen_away", field="contact")
    classes = [row["requirement"], *row["also"]]
    if not await SQL.able.value(conn, agent=agent, classes=classes):
        raise Refused("forbidden", "not_able", field="contact")


async def _noted(conn: Connection, actor: Actor, row: Row, agent: int) -> None:
    await audit.note(
        conn,
        actor,
        "pull",
        "contact",
        row["id"],
        organisation_id=row["organisation_id"],
        after={"agent": agent},
    )
