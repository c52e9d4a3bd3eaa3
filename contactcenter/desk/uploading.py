"""Files that an agent adds to an answer before it is sent."""

from __future__ import annotations

from contactcenter.accounts.authorise import Actor, require, scope_for
from contactcenter.cases import files, uploads
from contactcenter.desk.desk import Desk
from contactcenter.errors import Refused
from contactcenter.files import is_program, safe_name, safe_type
from contactcenter.kernel import blobs
from contactcenter.kernel.mask import sendable
from contactcenter.kernel.sql import Connection, Row
from contactcenter.queue.own import lock_own

MOST_BYTES = 10_000_000


async def may_add(desk: Desk, actor: Actor, contact: int) -> None:
    """Before a byte of the file is read. Raises Refused where the contact takes no file of this
    agent's now."""
    async with desk.db.transaction() as conn:
        await _lock(conn, actor, contact)


async def _lock(conn: Connection, actor: Actor, contact: int) -> Row:
    """The contact, held, so that of many files at once no more are added than may be."""
    row = await lock_own(conn, actor, contact, "active", "wrap_up")
    if row["channel"] not in ("mail", "chat"):
        raise Refused("wrong_state", "no_way_to_write", field="contact")
    if await uploads.SQL.waiting.value(conn, contact=contact) >= uploads.MOST_WAITING:
        raise Refused("too_many", field="contact")
    return row


async def add(
    desk: Desk, actor: Actor, contact: int, name: str, declared: str, content: bytes
) -> dict[str, object]:
    """Keep a file for a contact of mine. Raises Refused: what is too large or empty, programs."""
    if not content:
        raise Refused("bad_request", "file_empty", field="file")
    if len(content) > MOST_BYTES:
        raise too_large()
    media_type = safe_type(declared, content)
    name = sendable(safe_name(name, 1, media_type))
    if is_program(name, content):
        raise Refused("bad_request", "file_forbidden", field="name")
    id_, blob = await desk.ids.take(2)
    async with desk.db.transaction() as conn:
        row = await _lock(conn, actor, contact)
        await blobs.put(conn, desk.db.seals, blob, content)
        made = await uploads.SQL.add.row(
            conn,
            id=id_,
            contact=contact,
            organisation_id=row["organisation_id"],
            user_id=actor.user_id,
            blob_id=blob,
            name=name,
            media_type=media_type,
            size=len(content),
        )
    return files.shown(made)


def too_large() -> Refused:
    """A file that is more than one may be."""
    most = MOST_BYTES // 1_000_000
    return Refused("too_large", "file_too_large", field="file", megabytes=most)


async def drop(desk: Desk, actor: Actor, upload: int) -> None:
    """Delete a file that was not sent. One that is gone is gone. Raises Refused where its contact
    is not mine."""
    require(actor, "work")
    async with desk.db.transaction() as conn:
        row = await uploads.SQL.one.one(conn, id=upload, scope=scope_for(actor, "work"))
        if row is not None:
            await lock_own(conn, actor, row["contact_id"], "active", "wrap_up")
            await uploads.SQL.drop.value(conn, ids=[upload])
