"""What a citizen writes into a form of ours instead of a mail: taken in as mail to a queue.

Without an address of the citizen's it is a contact all the same; the answer is read on the case's
own page.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import NamedTuple

import msgspec

from contactcenter.accounts.rules import email_key
from contactcenter.cases import sent_files
from contactcenter.cases import store as cases
from contactcenter.cases.rules import check_client_id, check_text
from contactcenter.channel import Accepted, Attachment, Inbound, OpenFeedback, Sender
from contactcenter.errors import Refused
from contactcenter.kernel.db import Database
from contactcenter.kernel.sql import Connection, load_sql

SQL = load_sql(__file__)
MAX_TEXT = 10_000
Receive = Callable[[Inbound], Awaitable[Accepted]]


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """One message. `form` tells forms apart and `request_id` makes it one however often it comes;
    `to` is the queue's address, `address` the writer's or "". `has_page`: the writer is given the
    link to the case's page; `answer_by`: until when the law wants an answer. `files` are judged
    (sent_files.py). `rest`: what the agent alone sees; `feedback`: what it is, where it is
    open feedback."""

    form: str
    request_id: str
    to: str
    subject: str
    text: str
    language: str
    name: str = ""
    address: str = ""
    has_page: bool = False
    answer_by: datetime | None = None
    files: tuple[Attachment, ...] = ()
    rest: str = ""
    feedback: OpenFeedback | None = None


class Taken(NamedTuple):
    """What it became."""

    contact: str
    case: int


def check_address(address: str) -> str:
    """A mail address that an answer can go to, in small letters. Raises Refused("bad_request")."""
    checked = email_key(address)
    if not checked:
        raise Refused("bad_request", "invalid_email", field="address")
    return checked


async def _given_alike(conn: Connection, contact: int, feedback: OpenFeedback | None) -> bool:
    """Whether open feedback came before with the same beside its words."""
    if feedback is None:
        return True
    before = await SQL.given.row(conn, contact=contact)
    said = {
        "kind": feedback.kind,
        "about": feedback.about,
        "service_id": feedback.service,
        "lat": feedback.lat,
        "long": feedback.long,
        "place": feedback.place if before["place"] is not None else None,
    }
    return said == dict(before)


async def take_in(db: Database, receive: Receive, written: Written) -> Taken:
    """Returns after the commit. The same request again is the same contact. Raises Refused:
    `bad_request`, `too_large`, `request_id_used` where the request came before with other words."""
    check_client_id(written.request_id, "request_id")
    text = check_text(written.text, MAX_TEXT)
    address = check_address(written.address) if written.address else ""
    accepted = await receive(
        Inbound(
            channel="mail",
            to=(written.to,),
            fingerprint=f"{written.form} {written.request_id}",
            sender=Sender(
                kind="email",
                address=address,
                name=written.name,
                strength="asserted" if address else "none",
            ),
            subject=written.subject,
            text=text,
            rest=written.rest,
            language=written.language,
            has_page=written.has_page,
            answer_by=written.answer_by,
            attachments=written.files,
            feedback=written.feedback,
        )
    )
    contact = accepted.contacts[0]
    async with db.connection() as conn:
        first = await SQL.first_message.row(conn, contact=int(contact))
        if accepted.known:
            kept = await cases.SQL.files.all(conn, messages=[first["id"]])
            same = (first["address"], first["text"]) == (address, text)
            same = same and await _given_alike(conn, int(contact), written.feedback)
            if not same or not sent_files.are_same(written.files, kept):
                raise Refused("request_id_used", field="request_id")
    return Taken(contact, first["case_id"])
