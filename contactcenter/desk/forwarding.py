"""A mail of the citizen's passed on to somebody else: it answers nobody, and the citizen sees
nothing of it, so it is stored as a note that left the house."""

from __future__ import annotations

from contactcenter.accounts import audit
from contactcenter.accounts.authorise import Actor
from contactcenter.cases import outbound, uploads
from contactcenter.cases import store as cases
from contactcenter.cases.files import require_open
from contactcenter.cases.rules import MAX_TEXT, check_client_id
from contactcenter.desk import mailing
from contactcenter.desk.desk import Desk
from contactcenter.desk.recipients import Extras
from contactcenter.desk.writing import once, tell_written
from contactcenter.errors import Refused
from contactcenter.kernel.mask import sendable
from contactcenter.kernel.sql import Connection, Row
from contactcenter.queue.publish import Change


async def forward(
    desk: Desk,
    actor: Actor,
    contact: int,
    client_id: str,
    text: str,
    extras: Extras,
    *,
    seq: int | None = None,
    files: bool = True,
) -> None:
    """Pass on the message of this number, else the newest inbound one, with its files or without.
    A repeat tells the stored message again. Raises Refused."""
    check_client_id(client_id)
    if len(text) > MAX_TEXT:
        raise Refused("too_large", field="text", most=MAX_TEXT)
    if not extras.to:
        raise Refused("bad_request", "required", field="to")
    text = sendable(text)
    message, send_id, *file_ids = await desk.ids.take(2 + uploads.MOST_FILES)
    change = Change(sends=True)

    async def write(conn: Connection, row: Row) -> Row:
        original = await _original(conn, row, seq)
        on = await mailing.paper(conn, desk, actor, row)
        sent = mailing.passed_on(desk, on, original, text, extras)
        written = await cases.add_message(
            conn,
            id=message,
            case_id=row["case_id"],
            contact_id=contact,
            direction="note",
            author=actor.name,
            author_id=actor.user_id,
            client_id=client_id,
            send_id=send_id,
            text=text,
            facts=mailing.facts(sent, original["seq"]),
        )
        size = await _copy(conn, original, message, file_ids) if files else 0
        await mailing.attach(conn, contact, message, extras, size)
        await outbound.add_letter(
            conn,
            sent,
            send_id=send_id,
            message=message,
            contact=row,
            client_id=client_id,
            domain=desk.domain,
        )
        await _note(conn, actor, row, original, extras)
        return written

    async with desk.db.transaction() as conn:
        stored = await once(conn, actor, contact, "note", client_id, text, write)
        await tell_written(conn, actor, stored, change, has_files=True)
    await desk.publish(change)


async def _original(conn: Connection, contact: Row, seq: int | None) -> Row:
    if contact["channel"] != "mail":
        raise Refused("wrong_state", "only_mail", field="contact")
    row = await cases.SQL.inbound_one.one(conn, case_id=contact["case_id"], seq=seq)
    if row is None:
        raise Refused("not_found", field="seq")
    return row


async def _copy(conn: Connection, original: Row, message: int, ids: list[int]) -> int:
    """Make the original's files files of the forward too; their bytes. Raises Refused."""
    files = await cases.SQL.files_of.all(conn, message=original["id"])
    if len(files) > len(ids):
        raise Refused("bad_request", "too_many_files", field="files", most=len(ids))
    for file in files:
        require_open(file, "files")
    if not files:
        return 0
    copied = await uploads.SQL.copy.all(
        conn, message=message, ids=ids[: len(files)], files=[file["id"] for file in files]
    )
    return sum(row["size"] for row in copied)


async def _note(
    conn: Connection, actor: Actor, contact: Row, original: Row, extras: Extras
) -> None:
    """The audit says which message left, and for how many; addresses stand with the message."""
    await audit.note(
        conn,
        actor,
        "forward",
        "case",
        contact["case_id"],
        organisation_id=contact["organisation_id"],
        after={
            "seq": original["seq"],
            "recipients": len(extras.to) + len(extras.cc) + len(extras.bcc),
        },
    )
