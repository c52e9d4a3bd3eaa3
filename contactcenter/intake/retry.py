"""A quarantined contact, read again: into the line by its first arrival, into the case that it
answers, or left where it is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator

import msgspec

from contactcenter.accounts import audit
from contactcenter.accounts.authorise import Actor, require, scope_for
from contactcenter.cases import store as cases
from contactcenter.channel import Inbound
from contactcenter.errors import Refused
from contactcenter.intake import join, reports, rules, store, threads
from contactcenter.intake.rules import Entry, Target
from contactcenter.intake.store import SQL
from contactcenter.kernel import blobs
from contactcenter.kernel.db import Database
from contactcenter.kernel.ids import Ids
from contactcenter.kernel.sealing import Seals
from contactcenter.kernel.sql import Connection, Row
from contactcenter.queue import store as queue
from contactcenter.queue.publish import Change, Publisher

Reread = Callable[[bytes], Awaitable[Inbound]]


async def retry(
    db: Database, ids: Ids, publisher: Publisher, reread: Reread, actor: Actor, contact: int
) -> bool:
    """Whether it could be read now; audited either way. Raises Refused("not_found")."""
    require(actor, "read_quarantine")
    async with db.connection() as conn:
        row = await SQL.quarantined_one.one(
            conn, contact=contact, scope=scope_for(actor, "read_quarantine")
        )
    if row is None:
        raise Refused("not_found")
    raw = b"".join([piece async for piece in blobs.get(db, row["raw_blob"])])
    inbound = await reread(raw)
    target = store.target(row)
    fresh = iter(await ids.take(rules.ids_needed(inbound, [target])))
    change = Change()
    async with db.transaction() as conn:
        could = inbound.unreadable is None
        if could:
            await _release(conn, db.seals, contact, inbound, target, fresh, change)
            change.contacts.append(contact)
        await audit.note(
            conn,
            actor,
            "retry_quarantine",
            "contact",
            contact,
            organisation_id=row["organisation_id"],
            after={"read": could},
        )
    await publisher.publish(change)
    return could


async def _release(
    conn: Connection,
    seals: Seals,
    contact: int,
    inbound: Inbound,
    target: Target,
    ids: Iterator[int],
    change: Change,
) -> None:
    inbound = reports.as_report(inbound)
    (entry,) = rules.entries(inbound, [("", target)], ids)
    thread = None
    if threads.may_join(inbound):
        thread = await threads.find(conn, inbound, [target.organisation_id])
    if thread is not None:
        await cases.lock(conn, thread["case_id"])
        entry = msgspec.structs.replace(entry, case_id=thread["case_id"], aside=None, receipt=None)
    row = await _move(conn, contact, entry, opens=thread is None, closed=inbound.automatic)
    message = await cases.add_message(
        conn,
        id=entry.message_id,
        case_id=entry.case_id,
        contact_id=contact,
        direction="inbound",
        author=entry.name or entry.address,
        address=entry.address,
        at=row["first_arrival"],
        external_id=entry.external_id,
        refs=rules.refs(inbound),
        automatic=inbound.automatic,
        subject=entry.subject,
        text=entry.text,
        html=entry.html,
        rest=entry.rest,
        facts=None if entry.facts is None else bytes(entry.facts).decode(),
    )
    await join.add_files(conn, seals, inbound, row, message, ids)
    if thread is not None:
        await reports.land(conn, inbound, entry.case_id, change)
    await _note(conn, row, joined=thread is not None)


async def _note(conn: Connection, row: Row, *, joined: bool) -> None:
    if row["state"] == "closed":
        await queue.note(conn, "closed", row, disposition="automatic")
        return
    if joined:
        await cases.wake(conn, row["case_id"])
    await queue.note(conn, "entered", row, why="reopened" if joined else "new", waits=True)
    await queue.put_out(conn, row)


async def _move(conn: Connection, contact: int, entry: Entry, *, opens: bool, closed: bool) -> Row:
    row = await SQL.release.one(
        conn,
        contact=contact,
        case_id=entry.case_id,
        opens=opens,
        closed=closed,
        aside=entry.aside,
        receipt=entry.receipt,
        person_id=entry.new_person_id,
        kind=entry.kind,
        address=entry.address,
        strength=entry.strength,
        name=entry.name,
        subject=entry.subject,
        language=entry.language,
        requirement=entry.requirement,
        external_id=entry.external_id,
        target_s=entry.target_s,
    )
    if row is None:
        raise Refused("not_found")
    return row
