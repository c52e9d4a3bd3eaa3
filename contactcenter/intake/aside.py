"""What is kept out of the line: a machine's mail, a blocked sender's, a report of nobody's mail,
spam. Nothing of it is lost, and each can be put into the line."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Literal

from contactcenter.accounts import audit
from contactcenter.accounts.authorise import Actor, may, require, scope_for
from contactcenter.cases import store as cases
from contactcenter.errors import Refused
from contactcenter.kernel.db import Database
from contactcenter.kernel.sql import Connection, Row, load_sql
from contactcenter.queue import store as queue
from contactcenter.queue.publish import Change

SQL = load_sql(__file__)
Why = Literal["automatic", "blocked", "report", "spam"]
Publish = Callable[[Change], Awaitable[object]]
PAGE = 100
_END = 2**62


async def listed(
    db: Database, actor: Actor, why: Why | None = None, before: int = _END
) -> tuple[list[Row], bool]:
    """(rows, more): the newest below an id: id, case_id, why, queue, organisation, at, address,
    name, subject, text (the first 300 characters), by. The read is audited."""
    require(actor, "read_aside")
    async with db.transaction() as conn:
        rows = await SQL.listed.all(
            conn, why=why, before=before, most=PAGE + 1, scope=scope_for(actor, "read_aside")
        )
        await audit.note(conn, actor, "read_aside", "contact", why or "")
    return rows[:PAGE], len(rows) > PAGE


async def release(db: Database, publish: Publish, actor: Actor, contact: int) -> None:
    """Put it into the line, at its place by its first arrival. An agent may do that with what was
    said to be spam by the agent; supervisors with anything. Raises Refused: "not_found",
    "not_yours", "wrong_state" where it is aside no more. A repeat while it waits changes nothing.
    """
    require(actor, "work")
    change = Change(contacts=[contact])
    async with db.transaction() as conn:
        scope = scope_for(actor, "work")
        case = await SQL.case_of.value(conn, contact=contact, scope=scope)
        if case is None:
            raise Refused("not_found", field="contact")
        await cases.lock(conn, case)
        row = await SQL.lock.row(conn, contact=contact, scope=scope)
        own = row["aside"] == "spam" and row["owner"] == actor.user_id
        if row["aside"] is None:
            if not await _released_by(conn, actor, row):
                raise Refused("wrong_state", field="contact")
        elif not own and not may(actor, "read_aside"):
            raise Refused("not_yours", field="contact")
        else:
            await _release(conn, actor, row)
        change.show[contact] = [actor.user_id]
    await publish(change)


async def _release(conn: Connection, actor: Actor, was: Row) -> None:
    row = await SQL.release.row(conn, contact=was["id"])
    await SQL.not_automatic.run(conn, contact=was["id"])
    await SQL.open_case.run(conn, case_id=was["case_id"])
    why = "new" if row["first_accepted"] is None else "not_spam"
    await queue.note(conn, "entered", row, why=why, waits=True)
    await queue.put_out(conn, row, *([was["owner"]] if was["owner"] else []))
    await audit.note(
        conn,
        actor,
        "not_spam" if was["aside"] == "spam" else "release_aside",
        "contact",
        was["id"],
        organisation_id=was["organisation_id"],
        before={"aside": was["aside"]},
    )


async def _released_by(conn: Connection, actor: Actor, row: Row) -> bool:
    """Whether this is a repeat: it waits since this user put it back."""
    return row["state"] == "queued" and bool(
        await SQL.released_by.value(conn, contact=str(row["id"]), user_id=actor.user_id)
    )
