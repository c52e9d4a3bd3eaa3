"""An agent's mail as it leaves: the answer to a mail, and a mail that is passed on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from contactcenter.accounts.authorise import Actor
from contactcenter.cases import letter, outbound, reply_token, uploads
from contactcenter.cases import store as cases
from contactcenter.cases.outbound import Letter
from contactcenter.desk.desk import Desk
from contactcenter.desk.recipients import Extras
from contactcenter.errors import Refused
from contactcenter.kernel.i18n import pick
from contactcenter.kernel.sql import Connection, Row


@dataclass(frozen=True)
class Paper:
    """What a queue's mails have in common, in the language of a contact."""

    sender: str
    sender_name: str
    greeting: str
    signature: str
    reply_to: str | None
    zone: str
    language: str


async def paper(conn: Connection, desk: Desk, actor: Actor, contact: Row) -> Paper:
    """The paper to write to a contact on. Raises Refused("wrong_state") where its queue has no mail
    address."""
    row = await outbound.SQL.sender_of.one(conn, queue_id=contact["queue_id"])
    if row is None:
        raise Refused("wrong_state", "no_mail_address")
    names = {field: msgspec.json.decode(row[field]) for field in _TEXTS}
    language = contact["language"]
    queue = pick(names["name"], language)
    organisation = contact["organisation_id"]
    name = await cases.shown_name(conn, actor.user_id, organisation, in_letters=True)
    words = {"agent": name or queue, "case": str(contact["case_id"]), "queue": queue}
    greeting, signature = letter.around(names["greeting"], names["signature"], words, language)
    return Paper(
        sender=row["address"],
        sender_name=letter.sender_name(names["from_name"], words, language),
        greeting=greeting,
        signature=signature,
        reply_to=await _reply_to(conn, desk, contact["case_id"], row["address"]),
        zone=row["time_zone"],
        language=language,
    )


_TEXTS = ("name", "from_name", "greeting", "signature")


async def _reply_to(conn: Connection, desk: Desk, case: int, address: str) -> str | None:
    if not desk.reply_tokens:
        return None
    return reply_token.address(await reply_token.signing_key(conn), case, address)


def mailbox(last: Row | None, case: Row) -> tuple[str, ...]:
    """Where an answer goes: the address of what it answers, else the one given on the case's page;
    none where neither is known."""
    known = (last["address"] if last is not None else None) or case["answers_to"]
    return (known,) if known else ()


async def is_for_page(
    conn: Connection, contact: Row, case: Row, last: Row | None, extras: Extras
) -> bool:
    """Whether an answer can only be read on the case's page: its citizen was given the link, and no
    mail would reach anybody."""
    if not case["has_page"] or extras.to or extras.cc or extras.bcc:
        return False
    if not mailbox(last, case):
        return True
    return await outbound.SQL.sender_of.one(conn, queue_id=contact["queue_id"]) is None


def answer(desk: Desk, on: Paper, last: Row | None, case: Row, text: str, extras: Extras) -> Letter:
    """The answer to the newest mail of the case's person. Raises Refused("wrong_state") where there
    is nobody to write to."""
    to = extras.to or mailbox(last, case)
    if not to:
        raise Refused("wrong_state", "no_mail_address")
    subject = last["subject"] if last is not None else None
    named = {one.lower() for one in to}
    return Letter(
        kind="reply",
        sender=on.sender,
        sender_name=on.sender_name,
        to=to,
        cc=tuple(one for one in extras.cc if one.lower() not in named),
        bcc=tuple(one for one in extras.bcc if one.lower() not in named),
        reply_to=on.reply_to,
        subject=outbound.reply_subject(subject or case["subject"]),
        text=letter.whole(
            on.greeting, text, on.signature, quote(desk, on, last) if extras.quote else ""
        ),
        in_reply_to=last["external_id"] if last is not None else None,
        refs=tuple(outbound.references(last)) if last is not None else (),
    )


def quote(desk: Desk, on: Paper, last: Row | None) -> str:
    """The answered mail, as it stands under the answer."""
    if last is None or not last["text"].strip():
        return ""
    at = letter.in_zone(last["at"], on.zone)
    return letter.quoted(desk.texts, on.language, last["author"], at, last["text"])


def passed_on(desk: Desk, on: Paper, original: Row, text: str, extras: Extras) -> Letter:
    """A mail of the case for somebody else. It names no mail it answers: its reader has none."""
    head = {
        "sender": _mailbox(original),
        "subject": original["subject"] or "",
        "to": ", ".join(_receivers(original)) or on.sender,
    }
    at = letter.in_zone(original["at"], on.zone)
    words = letter.whole(original["text"], original["rest"] or "")
    subject = letter.bare_subject(original["subject"] or original["case_subject"])
    return Letter(
        kind="forward",
        sender=on.sender,
        sender_name=on.sender_name,
        to=extras.to,
        cc=extras.cc,
        bcc=extras.bcc,
        reply_to=on.reply_to,
        subject=f"Fwd: {subject}".strip(),
        text=letter.whole(
            text, on.signature, letter.forwarded(desk.texts, on.language, words, at=at, **head)
        ),
    )


def _mailbox(original: Row) -> str:
    name, address = original["author"], original["address"] or ""
    return f"{name} <{address}>" if address and name != address else name


def _receivers(original: Row) -> list[str]:
    facts: Mapping[str, Any] = msgspec.json.decode(original["facts"] or "{}")
    return [one["address"] for one in facts.get("to", [])]


def facts(sent: Letter, forwarded: int | None = None) -> str | None:
    """What the stored message tells of where it went; None for an answer to one alone."""
    if sent.kind == "reply" and len(sent.to) == 1 and not sent.cc and not sent.bcc:
        return None
    lists = {"to": sent.to, "cc": sent.cc, "bcc": sent.bcc}
    told: dict[str, Any] = {
        name: [{"address": one} for one in given] for name, given in lists.items() if given
    }
    if forwarded is not None:
        told["forwarded"] = forwarded
    return msgspec.json.encode(told).decode()


async def preview(conn: Connection, desk: Desk, actor: Actor, contact: Row) -> dict[str, Any]:
    """What an answer to a contact would be (docs/api.md), for a contact that the caller may write
    to. Raises Refused."""
    case = await cases.SQL.answering.row(conn, case_id=contact["case_id"])
    last = await cases.SQL.last_inbound.one(conn, case_id=contact["case_id"])
    if await is_for_page(conn, contact, case, last, Extras()):
        return {
            "from": {"name": "", "address": ""},
            "to": [],
            "subject": "",
            "greeting": "",
            "signature": "",
            "quote": "",
            "page": True,
        }
    on = await paper(conn, desk, actor, contact)
    to = list(mailbox(last, case))
    subject = last["subject"] if last is not None else None
    return {
        "from": {"name": on.sender_name, "address": on.sender},
        "to": to,
        "subject": outbound.reply_subject(subject or case["subject"]),
        "greeting": on.greeting,
        "signature": on.signature,
        "quote": quote(desk, on, last),
    }


async def attach(
    conn: Connection, contact: int, message: int, extras: Extras, size: int = 0
) -> None:
    """Make the uploads that an agent named files of the message, beside `size` bytes of others.
    Raises Refused."""
    size += await uploads.send(conn, contact, message, extras.attachments)
    uploads.check_size(size)
