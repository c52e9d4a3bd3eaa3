"""Open feedback as staff see it: what it is, what is decided about it, what everybody may read of
it; and its status, as whoever holds its link sees it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from contactcenter.accounts import audit
from contactcenter.accounts.authorise import Actor, require, scope_for
from contactcenter.cases.needed import is_needed, require_needed
from contactcenter.errors import Refused
from contactcenter.feedback import open_rules as rules
from contactcenter.feedback.open_rules import Settled
from contactcenter.kernel.db import Database
from contactcenter.kernel.sql import Connection, Row, load_sql
from contactcenter.queue.deciding import refuse_case_elsewhere, refuse_elsewhere

SQL = load_sql(__file__)


async def read_case(db: Database, actor: Actor, case: int) -> Row | None:
    """The item that opened a case, noted in the audit; None where it was opened by something else,
    there is no such case, or the actor may not see it."""
    async with db.transaction() as conn:
        row = await _of_case(conn, actor, case)
        if row is not None:
            await _note_read(conn, actor, row)
    return row


async def read(db: Database, actor: Actor, contact: int) -> tuple[Row, list[Row]]:
    """An item with its words and the files that came with it; noted in the audit. Raises
    Refused("not_found")."""
    async with db.transaction() as conn:
        row = await _of_contact(conn, actor, contact)
        scope = scope_for(actor, "work")
        files = await SQL.files.all(conn, case=row["case_id"], scope=scope)
        await _note_read(conn, actor, row)
    return row, files


async def settle(
    db: Database, actor: Actor, contact: int, settled: Settled, seen: datetime | None = None
) -> Row:
    """Decide, or take a decision back; show it to everybody, or no more. A repeat changes nothing.
    `seen`: when the item that was seen was changed last. Raises Refused: `not_found`, `bad_request`
    with all that is wrong; `stale` where somebody else changed it meanwhile; `forbidden` for who
    serves another organisation whose own the decision is."""
    async with db.transaction() as conn:
        before = await _of_contact(conn, actor, contact)
        return await _settle(conn, actor, before, settled, seen)


async def settle_case(
    db: Database, actor: Actor, case: int, settled: Settled, seen: datetime | None = None
) -> Row:
    """The same of the item that opened a case."""
    async with db.transaction() as conn:
        before = await _of_case(conn, actor, case)
        if before is None:
            raise Refused("not_found", field="case")
        return await _settle(conn, actor, before, settled, seen)


async def _of_case(conn: Connection, actor: Actor, case: int) -> Row | None:
    require(actor, "work")
    row = await SQL.of_case.one(conn, case=case, scope=scope_for(actor, "work"))
    return row if row is not None and await is_needed(conn, actor, case) else None


async def _of_contact(conn: Connection, actor: Actor, contact: int) -> Row:
    require(actor, "work")
    row = await SQL.of_contact.one(conn, contact=contact, scope=scope_for(actor, "work"))
    if row is None:
        raise Refused("not_found", field="contact")
    await require_needed(conn, actor, row["case_id"], "contact")
    return row


async def _settle(
    conn: Connection, actor: Actor, before: Row, settled: Settled, seen: datetime | None
) -> Row:
    contact, whose = before["contact_id"], before["organisation_id"]
    await refuse_elsewhere(conn, actor, whose, contact)
    await refuse_case_elsewhere(conn, actor, whose, before["case_id"])
    settled = rules.checked(settled)
    settled = settled._replace(  # what is not there is not shown
        public_point=settled.public_point and before["lat"] is not None,
        public_media=settled.public_media and before["media_url"] is not None,
    )
    given = {"contact": contact, "scope": scope_for(actor, "work")}
    changed = await SQL.settle.run(
        conn, user_id=actor.user_id, seen=seen, **given, **settled._asdict()
    )
    after = await SQL.of_contact.row(conn, **given)
    if Settled(*(after[name] for name in Settled._fields)) != settled:
        raise Refused("stale", "changed_meanwhile")
    if not changed:
        await _note_read(conn, actor, after)
        return after
    await audit.note(
        conn,
        actor,
        "settle_feedback",
        "case",
        before["case_id"],
        organisation_id=whose,
        before=_noted(before),
        after=_noted(after),
    )
    return after


async def status(db: Database, token: str) -> Row:
    """How the item of a status link stands. Raises Refused: `not_found` for what never was one,
    `link_ended`."""
    hashed = rules.token_hash(token)
    async with db.connection() as conn:
        row = None if hashed is None else await SQL.by_token.one(conn, token_hash=hashed)
    if row is None:
        raise Refused("not_found")
    if row["ended"]:
        raise Refused("link_ended")
    return row


def stands(row: Row) -> str:
    """How far it is: decided, over (its contact has ended), taken_up, received."""
    if row["decision"] is not None:
        return "decided"
    if row["over"]:
        return "over"
    return "taken_up" if row["taken_up"] else "received"


def lists(encoded: str) -> dict[str, list[str]]:
    """Lists by language."""
    return msgspec.json.decode(encoded, type=dict[str, list[str]])


async def _note_read(conn: Connection, actor: Actor, row: Row) -> None:
    whose = row["organisation_id"]
    await audit.note(conn, actor, "read_feedback", "case", row["case_id"], organisation_id=whose)


def _noted(row: Row) -> dict[str, Any]:
    return {
        "decision": row["decision"],
        "public": row["public_text"] is not None,
        "place": row["public_place"] != "",
        "point": row["public_point"],
        "media": row["public_media"],
    }
