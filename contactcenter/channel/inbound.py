"""What comes in, as a door understood it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

Strength = Literal["none", "asserted", "verified", "strong"]


class Sender(msgspec.Struct, frozen=True, kw_only=True):
    """Who says to be writing: an address on the channel, and how strongly it is proven."""

    kind: Literal["email", "phone", "chat"]
    address: str
    name: str = ""
    strength: Strength = "asserted"


class Attachment(msgspec.Struct, frozen=True, kw_only=True):
    """A file that came with a message. `name` is safe to show; it never becomes a path. `inline`
    says that the message's HTML shows it, by its content id. `media_type` is what the content
    proves, and `declared` what the sender's program called it, which proves nothing."""

    name: str
    media_type: str
    content: bytes
    content_id: str | None = None
    inline: bool = False
    declared: str = ""


class Address(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody a mail names beside its sender: the address in lower case, the name beside it."""

    address: str
    name: str = ""


class Invitation(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A meeting that a mail proposes, changes or cancels (RFC 5546). Times as the invitation gives
    them: ISO 8601 with offset, or a date alone for a whole day."""

    method: Literal["request", "cancel", "reply", "publish", "other"]
    summary: str
    starts: str = ""
    ends: str = ""
    location: str = ""
    organiser: str = ""


Mark = Literal[
    "forwarded", "list", "auto_reply", "report", "complaint", "remote_content",
    "encrypted_pgp", "signed_pgp", "encrypted_smime", "signed_smime",
]  # fmt: skip


class MailFacts(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a mail tells beside its text, stored with the message and shown to agents.

    `authentication`: the results of spf, dkim and dmarc as our own server stated them (RFC 8601);
    empty where it stated none. `sent_by`: From, where a program sent what the sender wrote. Nothing
    here is proof of who the sender is.
    """

    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    reply_to: Address | None = None
    authentication: dict[str, str] = {}
    marks: tuple[Mark, ...] = ()
    invitation: Invitation | None = None
    sent_by: Address | None = None


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What another server reports of a mail that we sent (RFC 3464, and what others write
    instead). `message_ids`: the Message-IDs of the mail it is about, where it tells them."""

    action: Literal["failed", "delayed", "delivered"]
    recipients: tuple[str, ...] = ()
    status: str = ""
    reason: str = ""
    message_ids: tuple[str, ...] = ()


class Cursor(msgspec.Struct, frozen=True, kw_only=True):
    """How far a door has read its source; committed together with the contact. A cursor with a
    smaller `fence` than the stored one is left out: another node reads the source by now."""

    source: str
    value: str
    fence: int = 0


class OpenFeedback(msgspec.Struct, frozen=True, kw_only=True):
    """What a citizen says unasked, beside its words. `service`: by our id; `lat` and `long`: WGS
    84, both or neither; `media_url` is kept and never fetched; `token_hash`: of the status link,
    which is good for `days`; `publish`: everybody may read its words at once."""

    via: Literal["form", "open311"]
    kind: Literal["thanks", "complaint", "question", "proposal", "fault"]
    about: Literal["service", "handling"] = "service"
    service: int | None = None
    language: str
    place: str = ""
    lat: float | None = None
    long: float | None = None
    media_url: str | None = None
    token_hash: bytes | None = None
    days: int = 0
    publish: bool = False


class Inbound(msgspec.Struct, frozen=True, kw_only=True):
    """One approach as a door understood it.

    `to` are our addresses that it was sent to, and `fingerprint` with each of them makes the
    idempotency key: the same pair again is the same contact. `references` are the message ids it
    says it answers, nearest first. `unreadable` says why it could not be understood: then it is
    kept with its `raw` source in quarantine. `received_at` is only given by a door that fetches
    what arrived earlier; else the moment of the commit counts.

    Of a mail `text` is what was written now and `rest` what stands around it: quotes and signature;
    a forwarded original belongs to the text. `answerable` is false where no machine may answer: an
    automatic mail, list mail, a sender that forbids it. `tokens` are the reply tokens of the
    addresses it came to. A `report` is about a mail of ours and opens no contact. `has_page`: its
    citizen is given the link to the page of the new case; `answer_by`: until when the law wants an
    answer. `feedback` is committed with the first contact.
    """

    channel: Literal["mail", "chat", "callback", "call", "visit", "letter"]
    to: tuple[str, ...]
    fingerprint: str
    sender: Sender
    external_id: str | None = None
    subject: str = ""
    text: str = ""
    rest: str = ""
    html: str | None = None
    language: str | None = None
    facts: MailFacts | None = None
    references: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    tokens: tuple[str, ...] = ()
    automatic: bool = False
    answerable: bool = True
    report: Report | None = None
    unreadable: str | None = None
    raw: bytes | None = None
    cursor: Cursor | None = None
    received_at: datetime | None = None
    has_page: bool = False
    answer_by: datetime | None = None
    feedback: OpenFeedback | None = None


class Accepted(msgspec.Struct, frozen=True, kw_only=True):
    """What `Desk.receive` committed: the contacts' ids, and whether they were there before."""

    contacts: tuple[str, ...]
    known: bool = False
