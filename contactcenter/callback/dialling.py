"""The agent dials, and says what came of it."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from contactcenter.accounts.authorise import Actor, require
from contactcenter.callback import notices, rules, store
from contactcenter.callback.office import Office
from contactcenter.callback.store import SQL
from contactcenter.cases import requests
from contactcenter.cases.rules import check_client_id
from contactcenter.errors import Refused
from contactcenter.kernel.sql import Connection, Row
from contactcenter.queue import agents, pausing
from contactcenter.queue import store as queue
from contactcenter.queue.own import lock_own
from contactcenter.queue.publish import Change

MISSED = ("no_answer", "busy")


class _Tried(NamedTuple):
    """A call, as the agent tells it. `send_id` is for the mail that may follow."""

    actor: Actor
    client_id: str
    outcome: str
    again_at: datetime | None
    send_id: int


async def dial(office: Office, actor: Actor, contact: int) -> Change:
    """The agent begins to dial, now. The first dial settles the promise; a further one of the same
    handling changes nothing. Raises Refused, as `attempt`."""
    change = Change(show={contact: [actor.user_id]})
    async with office.db.transaction() as conn:
        row, owed = await _hold(conn, actor, contact)
        if owed["dialled_at"] is None or owed["dialled_at"] < row["accepted_at"]:
            await SQL.dial.run(conn, contact=contact)
            await _settle(conn, owed, owed["now"])
            await _tell(conn, actor, contact)
    return change


async def attempt(
    office: Office,
    actor: Actor,
    contact: int,
    client_id: str,
    outcome: str,
    again_at: datetime | None,
) -> Change:
    """What came of the call. reached: the agent goes on. no_answer, busy: it is tried again, at
    `again_at` or after the usual pause; after the last try it is closed as not reached.
    wrong_number: the agent wraps up. The same client id again is answered with the card.

    Raises Refused: `bad_request`, `not_found`, `not_yours`, `wrong_state`, `client_id_used`."""
    require(actor, "work")
    check_client_id(client_id)
    (send_id,) = await office.ids.take(1)
    tried = _Tried(actor, client_id, outcome, again_at, send_id)
    change = Change(agents=[actor.user_id], show={contact: [actor.user_id]})
    async with office.db.transaction() as conn:
        await queue.lock_agent(conn, actor.user_id)  # first, so that two tabs record one attempt
        if not await _attempted(conn, contact, tried, mine_only=True):
            row, owed = await _hold(conn, actor, contact)
            if not await _attempted(conn, contact, tried):
                if outcome in MISSED:
                    rules.check_again(owed["now"], again_at)
                elif again_at is not None:
                    raise Refused("bad_request", "again_at", field="again_at")
                change.sends = await _record(conn, office, row, owed, tried)
                await pausing.resume(conn, actor.user_id, change)
    return change


async def _attempted(
    conn: Connection, contact: int, tried: _Tried, *, mine_only: bool = False
) -> bool:
    """Whether this was recorded before. Mine is asked for before the contact, since a repeat is
    answered whatever became of it."""
    found = await SQL.attempted.one(conn, contact=contact, client_id=tried.client_id)
    if found is None or (mine_only and found["agent"] != tried.actor.user_id):
        return False
    if (found["agent"], found["outcome"]) != (tried.actor.user_id, tried.outcome):
        raise Refused("client_id_used", field="client_id")
    return True


async def _hold(conn: Connection, actor: Actor, contact: int) -> tuple[Row, Row]:
    """The agent's contact and its callback, held."""
    row = await lock_own(conn, actor, contact, "active")
    owed = await SQL.held.one(conn, contact=contact)
    if owed is None or owed["result"] is not None:
        raise Refused("wrong_state", "no_callback", field="contact")
    return row, owed


async def _record(conn: Connection, office: Office, row: Row, owed: Row, tried: _Tried) -> bool:
    """Whether there is a mail to send."""
    actor, outcome = tried.actor, tried.outcome
    contact, n = row["id"], owed["attempts"] + 1
    dialled = owed["dialled_at"]
    if dialled is None or dialled < row["accepted_at"]:
        dialled = row["accepted_at"]  # nobody said when: not before it was accepted
    await _settle(conn, owed, dialled)
    next_at = None
    if outcome in MISSED and n < owed["most"]:
        home = await store.queue_of(conn, row["queue_id"])
        next_at = rules.next_try(home.calendar, home.now, tried.again_at, office.policy.retry_s)
    await SQL.add_attempt.run(
        conn,
        contact=contact,
        client_id=tried.client_id,
        n=n,
        agent=actor.user_id,
        outcome=outcome,
        again_at=next_at,
    )
    result = _result(outcome, last=next_at is None)
    await SQL.count_attempt.run(conn, contact=contact, n=n, result=result, next_at=next_at)
    if next_at is not None:
        await _leave(conn, actor, row)
    elif outcome == "reached":
        await SQL.verify_number.run(conn, contact=contact)
        await _tell(conn, actor, contact)
    else:
        await _end(conn, actor, contact, outcome)
        return await notices.tell(conn, office, row, outcome, n, tried.send_id)
    return False


def _result(outcome: str, *, last: bool) -> str | None:
    """How the callback ended by this; None while it goes on."""
    if outcome == "wrong_number":
        return outcome
    return "not_reached" if outcome in MISSED and last else None


async def _leave(conn: Connection, actor: Actor, row: Row) -> None:
    """Out of the agent's hands until the next try; place and first arrival stay."""
    moved = await SQL.miss.row(conn, contact=row["id"], agent=actor.user_id)
    await queue.load_agent(conn, actor.user_id, -moved["units"])
    await queue.note(conn, "left", moved, agent=actor.user_id, why="not_reached")
    await queue.put_out(conn, moved, actor.user_id)


async def _end(conn: Connection, actor: Actor, contact: int, outcome: str) -> None:
    if outcome == "wrong_number":
        await agents.wrap_up(conn, actor.user_id, contact)
        return
    closed = await SQL.give_up.row(conn, contact=contact, agent=actor.user_id)
    await SQL.drop_draft.run(conn, contact=contact)
    await queue.load_agent(conn, actor.user_id, -closed["units"])
    about = await requests.told_of(conn, contact)
    await queue.note(conn, "closed", closed, agent=actor.user_id, about=about)
    await queue.put_out(conn, closed, actor.user_id)


async def _settle(conn: Connection, owed: Row, dialled: datetime) -> None:
    """Decide whether the promise was kept, where that is open."""
    promise = store.promise_of(owed)
    if promise is None or owed["kept"] is not None:
        return
    kept = rules.is_kept(promise, dialled)
    if await SQL.settle_promise.one(conn, contact=owed["contact_id"], kept=kept) is not None:
        await SQL.note_promise.run(conn, contact=owed["contact_id"])


async def _tell(conn: Connection, actor: Actor, contact: int) -> None:
    touched = await queue.SQL.touch.row(conn, contact=contact, unread=0)
    await queue.put_out(conn, touched, actor.user_id)
