"""What could not be understood: kept with its raw source, shown to admins."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from contactcenter.accounts import audit
from contactcenter.accounts.authorise import Actor, require, scope_for
from contactcenter.cases.rules import one_line
from contactcenter.channel import Accepted, Inbound
from contactcenter.errors import Refused
from contactcenter.intake import rules, store
from contactcenter.intake.rules import Target
from contactcenter.intake.store import SQL
from contactcenter.kernel import blobs
from contactcenter.kernel.db import Database
from contactcenter.kernel.failpoint import failpoint
from contactcenter.kernel.ids import Ids
from contactcenter.kernel.mask import sendable
from contactcenter.kernel.sql import Connection, Row
from contactcenter.queue import store as queue
from contactcenter.queue.rules import requirement


async def keep(
    db: Database, ids: Ids, inbound: Inbound, targets: Sequence[tuple[str, Target]]
) -> Accepted:
    """Commit a quarantined contact for each address it was sent to, with one raw source. Returns
    their ids, or those of an earlier delivery of the same."""
    fresh = await ids.take(len(targets) + 1)
    raw_blob, kept = fresh[0], []
    failpoint("intake.before_commit")
    async with db.transaction() as conn:
        keys = [rules.key(address, inbound) for address, _ in targets]
        for (_, target), key, contact_id in zip(targets, keys, fresh[1:], strict=True):
            added = await SQL.add_key.value(
                conn,
                channel=inbound.channel,
                key=key,
                contact_id=contact_id,
            )
            if added is not None:
                await _insert(conn, contact_id, inbound, target, raw_blob)
                kept.append(contact_id)
        if kept:
            await blobs.put(conn, db.seals, raw_blob, inbound.raw or b"")
        await store.move_on(conn, inbound.cursor)
        known = await store.known(conn, inbound.channel, keys)
    failpoint("intake.after_commit")
    return Accepted(contacts=tuple(str(known[key]) for key in keys), known=not kept)


async def _insert(
    conn: Connection, contact_id: int, inbound: Inbound, target: Target, raw_blob: int
) -> None:
    language = target.languages[0]
    await SQL.quarantine.run(
        conn,
        id=contact_id,
        organisation_id=target.organisation_id,
        queue_id=target.queue_id,
        channel=inbound.channel,
        language=language,
        requirement=requirement(target.organisation, target.task, language, target.level),
        received_at=inbound.received_at,
        external_id=None if inbound.external_id is None else sendable(inbound.external_id)[:998],
        raw_blob=raw_blob,
        raw_size=len(inbound.raw or b""),
        why=one_line(inbound.unreadable or "", 500) or "unreadable",
    )


async def list_quarantined(db: Database, actor: Actor) -> list[Row]:
    """What is in quarantine, newest first: id, channel, queue, first_arrival, why, size."""
    require(actor, "read_quarantine")
    async with db.connection() as conn:
        return await SQL.quarantined.all(conn, scope=scope_for(actor, "read_quarantine"))


async def reject(db: Database, actor: Actor, contact: int) -> None:
    """Close it without an answer; its source is kept as long as that of others. Audited. Raises
    Refused("not_found") where it is not in quarantine."""
    require(actor, "read_quarantine")
    async with db.transaction() as conn:
        row = await SQL.reject.one(conn, contact=contact, scope=scope_for(actor, "read_quarantine"))
        if row is None:
            raise Refused("not_found")
        await queue.note(conn, "closed", row, why="rejected")
        await audit.note(
            conn,
            actor,
            "reject_quarantine",
            "contact",
            contact,
            organisation_id=row["organisation_id"],
        )


async def raw(db: Database, actor: Actor, contact_id: int) -> tuple[int, AsyncIterator[bytes]]:
    """(size, chunks) of a contact's raw source; the read is audited. Raises Refused."""
    require(actor, "read_raw")
    async with db.transaction() as conn:
        row = await SQL.raw_of.one(conn, contact=contact_id, scope=scope_for(actor, "read_raw"))
        if row is None:
            raise Refused("not_found")
        if row["raw_blob"] is None:
            raise Refused("not_found", "source_not_kept")
        await audit.note(
            conn, actor, "read_raw", "contact", contact_id, organisation_id=row["organisation_id"]
        )
    return row["raw_size"], blobs.get(db, row["raw_blob"])
