"""Resolve a case, reopen it."""

from __future__ import annotations

from contactcenter.accounts import audit
from contactcenter.accounts.authorise import Actor, require, scope_for
from contactcenter.cases import store as cases
from contactcenter.cases.needed import require_needed
from contactcenter.desk.deciding import completing
from contactcenter.desk.desk import Desk
from contactcenter.desk.handling import history
from contactcenter.errors import Refused
from contactcenter.kernel.sql import Connection, Row, load_sql
from contactcenter.queue import store as queue
from contactcenter.queue.deciding import refuse_case_elsewhere
from contactcenter.queue.publish import Change

SQL = load_sql(__file__)


async def resolve(desk: Desk, actor: Actor, case: int) -> None:
    """The matter is settled. Raises Refused: `wrong_state` while a citizen's contact waits in it,
    `not_yours` while a colleague works on it. A repeat changes nothing."""
    require(actor, "work")
    async with completing(desk, actor, "case", case), desk.db.transaction() as conn:
        row, last = await _case(conn, actor, case)
        await refuse_case_elsewhere(conn, actor, row["organisation_id"], case)
        if last["state"] in ("queued", "offered", "scheduled"):
            raise Refused("wrong_state", "case_waits", field="case")
        if last["owner"] not in (None, actor.user_id) and last["state"] != "closed":
            raise Refused("not_yours", field="case")
        if row["state"] != "resolved":
            await _set_state(conn, actor, row, "resolved")
    await desk.publish(Change(show={last["id"]: [actor.user_id]}))


async def reopen(desk: Desk, actor: Actor, case: int) -> None:
    """Take a case up again: a new contact of it, begun by the agent and in hand at once. Where the
    agent has one in hand already, that is the answer. Raises Refused("too_many", "no_room"), or as
    for who serves without an agreement."""
    require(actor, "work")
    (new,) = await desk.ids.take(1)
    async with desk.db.transaction() as conn:
        agent = await queue.lock_agent(conn, actor.user_id)
        row, last = await _case(conn, actor, case)
        contact = last["id"]
        if row["state"] == "resolved":
            await _set_state(conn, actor, row, "reopened")
        if last["state"] not in ("closed", "abandoned"):
            if last["owner"] != actor.user_id:
                raise Refused("not_yours", field="case")
        else:
            if agent["load"] >= agent["capacity"]:
                raise Refused("too_many", "no_room")
            await queue.require_may_take(conn, actor.user_id, last)
            contact = await _begin(conn, actor, last["id"], new)
        extra = await history(conn, actor, contact)
        await audit.note(
            conn, actor, "reopen", "case", case, organisation_id=row["organisation_id"]
        )
    change = Change(agents=[actor.user_id], show={contact: [actor.user_id]}, extra=extra)
    await desk.publish(change)


async def _begin(conn: Connection, actor: Actor, last: int, new: int) -> int:
    made = await SQL.begin.row(conn, id=new, like=last, agent=actor.user_id)
    await queue.load_agent(conn, actor.user_id, made["units"])
    await queue.note(conn, "accepted", made, agent=actor.user_id, why="reopened")
    await queue.put_out(conn, made, actor.user_id)
    return int(made["id"])


async def _case(conn: Connection, actor: Actor, case: int) -> tuple[Row, Row]:
    """The case, locked, and its last contact; who had that one may see it. Raises Refused."""
    row = await cases.SQL.one.one(conn, case_id=case, scope=scope_for(actor, "work"))
    if row is None:
        raise Refused("not_found", field="case")
    await cases.lock(conn, case)
    last = await SQL.last_contact.row(conn, case_id=case)
    if last["owner"] != actor.user_id:  # else a way around what hides it
        await require_needed(conn, actor, case, "case")
    return row, last


async def _set_state(conn: Connection, actor: Actor, case: Row, state: str) -> None:
    await cases.SQL.set_state.run(
        conn, case_id=case["id"], state=state, scope=scope_for(actor, "work")
    )
    await audit.note(
        conn,
        actor,
        "set_case_state",
        "case",
        case["id"],
        organisation_id=case["organisation_id"],
        before={"state": case["state"]},
        after={"state": state},
    )
