"""What is to leave the house: the row that delivery later claims and sends."""

from __future__ import annotations

import secrets
from typing import Any, Literal

import msgspec

from contactcenter.cases.letter import bare_subject
from contactcenter.kernel.clock import stamp
from contactcenter.kernel.feed import Frame
from contactcenter.kernel.sql import Connection, Row, load_sql

SQL = load_sql(__file__)
MAX_REFERENCES = 20


def message_id(send_id: int, domain: str) -> str:
    """The Message-ID on the wire, fixed before the first attempt. Its 128 random bits make an
    answer that names it prove that the mail was received."""
    return f"<{send_id}.{secrets.token_hex(16)}@{domain}>"


def reply_subject(subject: str) -> str:
    """The subject of an answer: one "Re: ", whatever the other side's language put before."""
    return f"Re: {bare_subject(subject)}".strip()


def references(last: Row) -> list[str]:
    """The answered mail's references and its own id (RFC 5322, 3.6.4): the first and the newest."""
    chain = [*last["refs"], *([last["external_id"]] if last["external_id"] else [])]
    if len(chain) > MAX_REFERENCES:
        chain = [chain[0], *chain[-(MAX_REFERENCES - 1) :]]
    return chain


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """A mail of an agent's as it is to leave: all that does not follow from its contact."""

    kind: Literal["reply", "forward"]
    sender: str
    sender_name: str
    to: tuple[str, ...]
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()
    reply_to: str | None = None
    subject: str
    text: str
    in_reply_to: str | None = None
    refs: tuple[str, ...] = ()


async def add_letter(
    conn: Connection,
    letter: Letter,
    *,
    send_id: int,
    message: int,
    contact: Row,
    client_id: str | None,
    domain: str,
) -> None:
    """Queue an agent's mail."""
    await SQL.add.run(
        conn,
        send_id=send_id,
        kind=letter.kind,
        organisation_id=contact["organisation_id"],
        channel="mail",
        contact_id=contact["id"],
        case_id=contact["case_id"],
        message_id=message,
        client_id=client_id,
        external_id=message_id(send_id, domain),
        sender=letter.sender,
        sender_name=letter.sender_name,
        recipient=letter.to[0],
        also_to=list(letter.to[1:]),
        cc=list(letter.cc),
        bcc=list(letter.bcc),
        reply_to=letter.reply_to,
        subject=letter.subject,
        text=letter.text,
        language=contact["language"],
        in_reply_to=letter.in_reply_to,
        refs=list(letter.refs),
        automatic=False,
    )


async def add_notice(
    conn: Connection,
    *,
    send_id: int,
    organisation_id: int,
    sender: str,
    recipient: str,
    subject: str,
    text: str,
    language: str,
    domain: str,
    kind: Literal["notice", "feedback", "transcript"] = "notice",
    contact: int | None = None,
    case: int | None = None,
    sender_name: str = "",
    reply_to: str | None = None,
) -> None:
    """Queue a mail of the house itself, such as an invitation; its text is emptied when sent. Of
    one about a contact the case's row is held by the caller."""
    await SQL.add.run(
        conn,
        send_id=send_id,
        kind=kind,
        organisation_id=organisation_id,
        channel="mail",
        contact_id=contact,
        case_id=case,
        message_id=None,
        client_id=None,
        external_id=message_id(send_id, domain),
        sender=sender,
        sender_name=sender_name,
        recipient=recipient,
        also_to=[],
        cc=[],
        bcc=[],
        reply_to=reply_to,
        subject=subject,
        text=text,
        language=language,
        in_reply_to=None,
        refs=[],
        automatic=True,
    )


async def delivery(conn: Connection, send_id: int) -> Row:
    """What became of it so far, and who sees that."""
    row = await SQL.delivery.row(conn, send_id=send_id)
    return row


def delivery_frame(row: Row) -> Frame:
    """The `delivery` frame."""
    contact = None if row["contact_id"] is None else str(row["contact_id"])
    return {"type": "delivery", "contact": contact, **shown(row)}


def shown(row: Row) -> dict[str, Any]:
    """What became of a message, as screens get it (docs/protocol.md)."""
    told: dict[str, Any] = {
        "send_id": str(row["send_id"]),
        "message_seq": row["seq"],
        "kind": row["kind"],
        "state": row["state"],
        "code": row["code"],
        "attempts": row["attempts"],
    }
    if row["state"] == "queued" and row["attempts"]:
        told["next_at"] = stamp(row["next_at"])
    if refused := msgspec.json.decode(row["refused"]):
        told["refused"] = refused
    if row["state"] == "sent" and row["delayed_at"] is not None:
        told |= {"delayed_at": stamp(row["delayed_at"]), "delay_code": row["delay_code"]}
    if row["taken"]:
        told["taken"] = list(row["taken"])
    return told
