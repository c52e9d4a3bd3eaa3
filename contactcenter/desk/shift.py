"""The end of a shift: no new offers, and what is still open is finished or handed back first."""

from __future__ import annotations

from contactcenter.accounts import audit
from contactcenter.accounts.authorise import Actor, require, scope_for
from contactcenter.cases import store as cases
from contactcenter.cases.rules import check_text
from contactcenter.desk.desk import Desk
from contactcenter.errors import Refused
from contactcenter.kernel.sql import Connection, Row, load_sql
from contactcenter.queue import agents, pausing
from contactcenter.queue import store as queue
from contactcenter.queue.own import lock_own
from contactcenter.queue.publish import Change
from contactcenter.queue.rules import BY_HAND, waits_again

SQL = load_sql(__file__)
ENDING, ENDED, BY_SUPERVISOR = "shift_ending", "shift_ended", "ended_by_supervisor"


async def end(desk: Desk, actor: Actor) -> list[str]:
    """The agent says so. With nothing open: offline. Else away, so that nothing new is offered, and
    the ids of the contacts that are to be finished or handed back first."""
    require(actor, "work")
    async with desk.db.transaction() as conn:
        await agents.sign_on(conn, actor.user_id)
        await queue.lock_agent(conn, actor.user_id)
        rows = await SQL.open.all(conn, agent=actor.user_id)
        state = ("away", ENDING) if rows else ("offline", ENDED)
        change = await agents.set_state(conn, actor.user_id, *state)
    await desk.publish(change)
    return [str(row["id"]) for row in rows]


async def hand_back(desk: Desk, actor: Actor, contact: int, note: str | None) -> None:
    """Into the line again, to the place of its rank and for anybody; a new wait begins. Whoever is
    available would be offered it at once, so only who is not hands back. Raises
    Refused("wrong_state", "live_contact") where a person is there; a repeat changes nothing."""
    (note_id,) = await desk.ids.take(1)
    change = Change(agents=[actor.user_id], show={contact: [actor.user_id]})
    async with desk.db.transaction() as conn:
        if not await SQL.handed_back.value(conn, contact=contact, agent=actor.user_id):
            row = await lock_own(conn, actor, contact, "active")
            if (await agents.state(conn, actor.user_id))["state"] == "available":
                raise Refused("wrong_state", "still_available", field="contact")
            if note:
                await cases.add_note(conn, actor, row, note_id, check_text(note))
            await _refuse_live(conn, row)
            if row["channel"] in BY_HAND:
                raise Refused("wrong_state", "only_here", field="contact")
            await _back(conn, actor.user_id, row, change)
    await desk.publish(change)


async def end_for(desk: Desk, actor: Actor, agent: int) -> None:
    """A supervisor ends an agent's shift: mail goes back to its place, and so does a letter that is
    to be decided; other letters, and what is in wrap-up, are closed without an outcome. Raises
    Refused: `not_found`; `forbidden` for staff of another organisation, whom the board shows;
    `wrong_state`, "live_contact", while a person is there. Then nothing is changed."""
    require(actor, "end_shift")
    async with desk.db.transaction() as conn:
        organisation = await SQL.organisation_of.value(
            conn, agent=agent, scope=scope_for(actor, "watch")
        )
        if organisation is None:
            raise Refused("not_found", field="agent")
        require(actor, "end_shift", organisation)
        await queue.lock_agent(conn, agent)
        await SQL.lock_cases.all(conn, agent=agent)  # before the contacts, as everywhere
        await SQL.lock_contacts.all(conn, agent=agent)
        change = await agents.set_state(conn, agent, "offline", BY_SUPERVISOR)
        for row in await SQL.open.all(conn, agent=agent):
            await _end_one(conn, agent, row, change)
            change.show[row["id"]] = [agent]
        await audit.note(conn, actor, "end_shift", "user", agent, organisation_id=organisation)
    await desk.publish(change)


async def _end_one(conn: Connection, agent: int, row: Row, change: Change) -> None:
    if row["state"] == "active":
        await _refuse_live(conn, row)
        if waits_again(row["channel"], decision=row["decision"]):
            return await _back(conn, agent, row, change)
        await agents.wrap_up(conn, agent, row["id"])  # no colleague has the paper
    await agents.close(conn, agent, row["id"], None, change)


async def _refuse_live(conn: Connection, row: Row) -> None:
    if await SQL.is_live.value(conn, contact=row["id"]):
        raise Refused("wrong_state", "live_contact", field="contact")


async def _back(conn: Connection, agent: int, row: Row, change: Change) -> None:
    moved = await SQL.hand_back.row(conn, contact=row["id"], agent=agent)
    await pausing.release(conn, agent, moved["units"], change)
    await queue.note(conn, "left", moved, agent=agent, why="handed_back")
    await queue.note(conn, "entered", moved, why="handed_back", waits=True)
    await queue.put_out(conn, moved, agent)
