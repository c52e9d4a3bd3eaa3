"""A contact that an agent begins: a call, a visit or a letter that no machine of ours took in.

It is in the agent's hands at once, whatever else is: the person stands at the counter. From there
on it is a contact as every other, and counts in every figure.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from contactcenter.accounts import audit
from contactcenter.accounts.authorise import Actor, may, require
from contactcenter.cases import store as cases
from contactcenter.cases.rules import MAX_NAME, check_text, one_line
from contactcenter.channel import Begun
from contactcenter.desk import persons
from contactcenter.desk.desk import Desk
from contactcenter.desk.handling import history
from contactcenter.errors import Refused
from contactcenter.kernel.sql import Connection, Row, load_sql
from contactcenter.queue import agents, pausing
from contactcenter.queue import store as queue
from contactcenter.queue.publish import Change
from contactcenter.queue.rules import EXCLUSIVE_CHANNELS, pick_language, requirement, units

SQL = load_sql(__file__)


class _New(NamedTuple):
    """Ids of what is made."""

    contact: int
    case: int
    person: int
    note: int


async def start(desk: Desk, actor: Actor, begun: Begun) -> None:
    """Begin it; the answer is its card. The same request of the same agent again is the same
    contact, shown as it is by then.

    Raises Refused: `unknown_queue`, also outside the agent's scope; `wrong_state` while offline;
    `request_id_used` where the request began something else; `bad_request` for an arrival that
    is to come, or a year ago; `forbidden` in another organisation without an agreement."""
    require(actor, "work")
    new = _New(*await desk.ids.take(4))
    change = Change(agents=[actor.user_id])
    async with desk.db.transaction() as conn:
        agent = await queue.lock_agent(conn, actor.user_id)
        key = f"{actor.user_id} {begun.request_id}"
        contact = new.contact
        if await SQL.take_request.value(conn, key=key, contact=contact) is not None:
            await _begin(conn, actor, agent, begun, new, change)
            change.extra = await history(conn, actor, contact)
        else:
            contact = await _begun_before(conn, actor, begun, key, change)
        change.show[contact] = [actor.user_id]
    await desk.publish(change)


async def _begin(
    conn: Connection, actor: Actor, agent: Row, begun: Begun, new: _New, change: Change
) -> None:
    home = await _queue(conn, actor, begun.queue)
    if agent["state"] == "offline":
        raise Refused("wrong_state", "agent_offline")
    if begun.arrived_at and not await SQL.is_past.value(conn, moment=begun.arrived_at):
        raise Refused("bad_request", "arrived_in_past", field="arrived_at")
    if begun.channel in EXCLUSIVE_CHANNELS or not _has_room(agent):
        await agents.withdraw_offers(conn, actor.user_id, "withdrawn", change)
    organisation_id = home["organisation_id"]
    given = _row(agent, begun, home)
    await queue.require_may_take(conn, actor.user_id, given)
    person = await persons.find(conn, actor, organisation_id, begun.senders, new.person)
    row = await SQL.begin.row(conn, contact=new.contact, case=new.case, person=person, **given)
    await persons.name(conn, row, person, begun.name)
    await _count(conn, row)
    await pausing.pause(conn, actor.user_id, change)
    if begun.note:
        await cases.add_note(conn, actor, row, new.note, check_text(begun.note))
    await audit.note(conn, actor, "start", "contact", new.contact, organisation_id=organisation_id)


def _has_room(agent: Row) -> bool:
    """For one unit beside what is offered and in hand, but for mail that rests."""
    firm = agent["load"] - (agent["mails"] if agent["pauses_mail"] else 0)
    return bool(firm < agent["capacity"])


async def _queue(conn: Connection, actor: Actor, key: str) -> Row:
    """Any queue of the agent's scope: people ring and come whatever its channels say."""
    row = await queue.queue_by_key(conn, key)
    if not may(actor, "work", row["organisation_id"]):
        raise Refused("unknown_queue", field="queue")
    return row


def _row(agent: Row, begun: Begun, home: Row) -> dict[str, Any]:
    language = pick_language(begun.language, list(home["languages"]))
    return {
        "organisation_id": home["organisation_id"],
        "queue_id": home["id"],
        "channel": begun.channel,
        "direction": begun.direction,
        "language": language,
        "requirement": requirement(home["organisation"], home["task"], language, home["level"]),
        "target_s": home["target_s"],
        "units": units(begun.channel, agent["capacity"]),
        "agent": agent["user_id"],
        "arrived_at": begun.arrived_at,
        "request_id": begun.request_id,
        "called": one_line(begun.name, MAX_NAME),
    }


async def _count(conn: Connection, row: Row) -> None:
    """The agent's load and the events: a wait only where a citizen came."""
    agent, citizens = row["owner"], row["direction"] == "citizen"
    await queue.load_agent(conn, agent, row["units"])
    if citizens:
        await queue.note(conn, "entered", row, why="new", waits=True)
    await queue.note(conn, "accepted", row, agent=agent, waits=citizens)
    await queue.put_out(conn, row, agent)


async def _begun_before(
    conn: Connection, actor: Actor, begun: Begun, key: str, change: Change
) -> int:
    """The contact that this request began; what was said in it only to who still has it."""
    found = await SQL.begun_before.row(conn, key=key)
    asked = (begun.channel, begun.direction, begun.queue)
    if (found["channel"], found["direction"], found["queue"]) != asked:
        raise Refused("request_id_used", field="request_id")
    contact = int(found["contact_id"])
    if found["owner"] == actor.user_id:
        change.extra = await history(conn, actor, contact)
    return contact
