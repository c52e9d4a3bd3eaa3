"""Accept, hold, transfer, close, wrap up."""

from __future__ import annotations

from contactcenter.accounts import audit
from contactcenter.accounts.authorise import Actor, require
from contactcenter.cases import reasons
from contactcenter.cases import store as cases
from contactcenter.cases.reasons import NOTHING, Said
from contactcenter.cases.rules import check_text
from contactcenter.desk import writing
from contactcenter.desk.deciding import completing, is_for_own_staff
from contactcenter.desk.desk import Desk
from contactcenter.errors import Refused
from contactcenter.kernel.sql import Connection, Row, load_sql
from contactcenter.queue import agents, frames, pausing
from contactcenter.queue import store as queue
from contactcenter.queue.deciding import refuse_elsewhere
from contactcenter.queue.own import lock_own
from contactcenter.queue.publish import Change
from contactcenter.queue.rules import rank, requirement

SQL = load_sql(__file__)


async def accept(desk: Desk, actor: Actor, offer: int) -> None:
    """Take the offered contact. A repeated accept of mine gets the same answer; a late or foreign
    one Refused("offer_ended")."""
    require(actor, "work")
    change = Change()
    async with desk.db.transaction() as conn:
        taken = await queue.SQL.accept.one(conn, offer=offer, agent=actor.user_id)
        first = taken is not None
        if taken is not None:
            contact = taken["id"]
            await _make_room(conn, taken, actor.user_id, change)
        else:
            contact = await queue.SQL.accepted_before.value(conn, agent=actor.user_id, offer=offer)
        if contact is None:
            raise Refused("offer_ended", field="offer")
        extra = await history(conn, actor, contact)
        if first:
            await audit.note(conn, actor, "read", "contact", contact)
            change.tell.append((actor.user_id, agents.offer_ended_frame(offer, "accepted")))
    change.show[contact], change.extra = [actor.user_id], extra
    await desk.publish(change)


async def _make_room(conn: Connection, taken: Row, agent: int, change: Change) -> None:
    """Mail is paused where a live contact needs its units; mail that was taken may be, from now
    on, and the line is told so."""
    if taken["over"]:
        await pausing.pause(conn, agent, change)
    if taken["channel"] == "mail" and agent not in change.agents:
        change.agents.append(agent)


async def history(conn: Connection, actor: Actor, contact: int) -> dict[str, object]:
    """What goes beside a card when a contact is opened: its case's newest messages and what
    became of the answers."""
    (row,) = await queue.cards(conn, [contact])
    shown = await cases.timeline(conn, row["case_id"], list(actor.scope), actor.user_id)
    return {**shown, "deliveries": await cases.deliveries(conn, row["case_id"])}


async def hold(desk: Desk, actor: Actor, contact: int, held: bool) -> None:
    """Pause with the person there, or go on. A repeat changes nothing."""
    async with desk.db.transaction() as conn:
        await lock_own(conn, actor, contact, "active")
        row = await queue.SQL.hold.one(conn, contact=contact, agent=actor.user_id, held=held)
        if row is not None:
            await queue.note(conn, "held" if held else "unheld", row, agent=actor.user_id)
            await queue.put_out(conn, row, actor.user_id)
    await desk.publish(Change(show={contact: [actor.user_id]}))


async def close(desk: Desk, actor: Actor, contact: int) -> None:
    """active -> wrap_up. A repeat changes nothing."""
    async with completing(desk, actor, "contact", contact), desk.db.transaction() as conn:
        row = await lock_own(conn, actor, contact, "active", "wrap_up")
        if row["state"] == "active":
            await refuse_elsewhere(conn, actor, row["organisation_id"], contact)
            await agents.wrap_up(conn, actor.user_id, contact)
    await desk.publish(Change(show={contact: [actor.user_id]}))


async def wrap_up(
    desk: Desk, actor: Actor, contact: int, disposition: str, said: Said = NOTHING
) -> None:
    """-> closed, with the outcome and why the person turned to us; from active through wrap_up in
    one transaction. A repeat with the same outcome changes nothing."""
    change = Change(agents=[actor.user_id], show={contact: [actor.user_id]})
    async with completing(desk, actor, "contact", contact), desk.db.transaction() as conn:
        row = await lock_own(conn, actor, contact, "active", "wrap_up", "closed")
        if row["state"] == "closed":
            if row["disposition"] != disposition:
                raise Refused("wrong_state", field="contact")
        else:
            await _check_disposition(conn, row["organisation_id"], disposition)
            if said != NOTHING:
                await reasons.say(conn, contact, row["organisation_id"], said)
            if row["state"] == "active":
                await refuse_elsewhere(conn, actor, row["organisation_id"], contact)
                await agents.wrap_up(conn, actor.user_id, contact)
            await agents.close(conn, actor.user_id, contact, disposition, change)
            await writing.SQL.drop_draft.run(conn, contact=contact)
    await desk.publish(change)


async def transfer_to_queue(
    desk: Desk, actor: Actor, contact: int, key: str, summary: str | None
) -> None:
    """Pass on to another queue of the same organisation: first arrival stays, so its place is
    among the old ones. What another organisation is to decide waits for its own staff alone. A
    repeat of mine changes nothing."""
    (note_id,) = await desk.ids.take(1)
    change = Change(agents=[actor.user_id], show={contact: [actor.user_id]})
    async with desk.db.transaction() as conn:
        if not await _gave_away(conn, actor, contact):
            row = await lock_own(conn, actor, contact, "active")
            target = await queue.queue_by_key(conn, key)
            _same_organisation(row, target["organisation_id"])
            own_staff = await is_for_own_staff(conn, actor, row, target)
            await _leave(conn, actor, row, target, note_id, summary, change, own_staff=own_staff)
    await desk.publish(change)


async def transfer_to_agent(
    desk: Desk, actor: Actor, contact: int, agent: int, summary: str | None
) -> None:
    """Offer it to one colleague who is available and has room; declined or missed it waits in its
    queue. Raises Refused("unavailable", "agent_busy")."""
    note_id, offer = await desk.ids.take(2)
    change = Change(agents=[actor.user_id, agent], show={contact: [actor.user_id]})
    async with desk.db.transaction() as conn:
        if not await _gave_away(conn, actor, contact):
            row, home = await _for_colleague(conn, actor, contact, agent)
            own_staff = await is_for_own_staff(conn, actor, row, home, agent)
            await _leave(conn, actor, row, home, note_id, summary, change, own_staff=own_staff)
            made = queue.Offer(offer, agent, contact, "transfer")
            offered = await queue.offer(conn, [made], desk.offer_s)
            if not offered:
                raise Refused("unavailable", "agent_busy", field="agent")
            change.tell.append((agent, frames.offer_frame(offered[0])))
    await desk.publish(change)


async def _for_colleague(
    conn: Connection, actor: Actor, contact: int, agent: int
) -> tuple[Row, Row]:
    """The contact and its queue, where this colleague may take it."""
    if agent == actor.user_id:
        raise Refused("bad_request", field="agent")
    await agents.sign_on(conn, agent)
    for user in sorted({actor.user_id, agent}):
        await queue.lock_agent(conn, user)
    row = await lock_own(conn, actor, contact, "active")
    if not await SQL.may_take.value(conn, agent=agent, organisation_id=row["organisation_id"]):
        raise Refused("not_found", field="agent")
    home = await SQL.queue_of.row(conn, contact=contact)
    return row, home


async def _leave(
    conn: Connection,
    actor: Actor,
    row: Row,
    target: Row,
    note_id: int,
    summary: str | None,
    change: Change,
    *,
    own_staff: bool,
) -> None:
    if summary:
        await cases.add_note(conn, actor, row, note_id, check_text(summary))
    language = row["language"] if row["language"] in target["languages"] else target["languages"][0]
    moved = await queue.SQL.leave.row(
        conn,
        contact=row["id"],
        agent=actor.user_id,
        states=["active"],
        queue_id=target["id"],
        organisation_id=target["organisation_id"],
        requirement=requirement(
            target["organisation"], target["task"], language, target["level"], own_staff=own_staff
        ),
        rank=await _rank(conn, row, target),
        new_wait=True,
    )
    await pausing.release(conn, actor.user_id, moved["units"], change)
    await queue.note(conn, "left", row, agent=actor.user_id, why="transfer")
    rule = "own_staff" if own_staff else None
    await queue.note(conn, "entered", moved, why="transfer", waits=True, rule=rule)
    await queue.put_out(conn, moved, actor.user_id)


async def _rank(conn: Connection, contact: Row, target: Row) -> int:
    """Among the old ones of the target; a promised callback stays due when it was promised."""
    if contact["promise_to"] is not None:
        return int(contact["rank"])
    case = await cases.lock(conn, contact["case_id"])
    return rank(contact["first_arrival"], target["target_s"], case["priority_s"])


async def _gave_away(conn: Connection, actor: Actor, contact: int) -> bool:
    """Whether this is a repeat: the contact is no longer mine because I passed it on."""
    return bool(await queue.SQL.transferred_by.value(conn, contact=contact, agent=actor.user_id))


async def _check_disposition(conn: Connection, organisation_id: int, key: str) -> None:
    if not await SQL.disposition.value(conn, organisation_id=organisation_id, key=key):
        raise Refused("bad_request", "unknown_disposition", field="disposition")


def _same_organisation(row: Row, organisation_id: int) -> None:
    if row["organisation_id"] != organisation_id:
        raise Refused("forbidden", "other_organisation", field="queue")
