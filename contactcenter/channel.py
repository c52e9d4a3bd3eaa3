"""The contract between the house and its doors.

A channel speaks one protocol to the outside and knows nothing of lines, agents or the database.
What comes in it hands to the desk as an `Inbound`, and it acknowledges to the outside only after
`Desk.receive` has returned: by then the contact is committed. What goes out it gets as an
`Outbound` and answers with a `Receipt`. Retries, threads, identity, queueing and limits on
contacts are the house's business.

A channel module exports `open_channel(settings: ChannelSettings) -> Channel`, or a `LiveChannel`
where the citizen is there while an agent answers: then the edge brings each connection to
`LiveChannel.serve`, and the house gives a `Talk` for it. A `DeskChannel` reads what agents begin by
hand, a `CallChannel` the requests of citizens who want to be called.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, Protocol, runtime_checkable

import msgspec

from contactcenter.errors import Refused
from contactcenter.mailbox_settings import Mailbox
from contactcenter.source import Source

Strength = Literal["none", "asserted", "verified", "strong"]
Outcome = Literal["sent", "failed", "retry", "unknown"]


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
    empty where it stated none. Nothing here is proof of who the sender is.
    """

    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    reply_to: Address | None = None
    authentication: dict[str, str] = {}
    marks: tuple[Mark, ...] = ()
    invitation: Invitation | None = None


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
    addresses it came to. A `report` is about a mail of ours and opens no contact.
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


class Begun(msgspec.Struct, frozen=True, kw_only=True):
    """A contact as an agent begins it by hand: a call, a visit or a letter.

    `senders` are the person's addresses, the surest first; `arrived_at` is when the person came,
    where that was before now. `request_id` is the same in each try to begin the same contact.
    """

    channel: Literal["call", "visit", "letter"]
    direction: Literal["citizen", "agent"] = "citizen"
    queue: str
    language: str
    request_id: str
    name: str = ""
    senders: tuple[Sender, ...] = ()
    note: str = ""
    arrived_at: datetime | None = None


class Introduced(msgspec.Struct, frozen=True, kw_only=True):
    """Who a contact begun by hand is with, as the agent tells it later on. `senders` as in `Begun`;
    an empty name, or no address of a kind, leaves what is known."""

    contact: str
    name: str = ""
    senders: tuple[Sender, ...] = ()


class CallRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A wish to be called, as the door read it and nobody has judged it yet.

    `number` as it was typed; `window` the half hour asked for (from, to), None: as soon as
    possible; `email` where we write when nobody answers. `request_id` is the same in each try.
    """

    queue: str
    number: str
    language: str
    matter: str
    request_id: str
    name: str = ""
    email: str = ""
    window: tuple[datetime, datetime] | None = None


class Accepted(msgspec.Struct, frozen=True, kw_only=True):
    """What `Desk.receive` committed: the contacts' ids, and whether they were there before."""

    contacts: tuple[str, ...]
    known: bool = False


class Outbound(msgspec.Struct, frozen=True, kw_only=True):
    """A message to leave the house. `message_id` was fixed before the first attempt and stays the
    same over retries; every value is free of CR, LF and other control characters but `text`.

    `to`, `also_to`, `cc` and `bcc` are all whom it is for; `envelope` those whom this attempt is
    for (empty: all), since each gets it once. `reply_to` is where answers go, where that is not the
    sender. `is_ours` says whether this process still is the one that sends it; a door asks right
    before the step that delivers it, and does not take it after a no: another may be sending it.
    """

    send_id: str
    message_id: str
    sender: str
    sender_name: str
    to: str
    subject: str
    text: str
    also_to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()
    envelope: tuple[str, ...] = ()
    reply_to: str | None = None
    language: str = "fi"
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    automatic: bool = False
    attachments: tuple[Attachment, ...] = ()
    is_ours: Callable[[], bool] | None = None

    @property
    def recipients(self) -> tuple[str, ...]:
        """Whom this attempt is for, each once."""
        everybody = (self.to, *self.also_to, *self.cc, *self.bcc)
        return tuple(dict.fromkeys(self.envelope or everybody))


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """One recipient whom the other side did not take the message for, with its word; for good
    where `lasting`."""

    address: str
    code: str
    lasting: bool


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one attempt.

    sent: the other side took it. failed: it said never (5xx). retry: it did not take it, and may
    later (4xx, no connection; nothing can have arrived). unknown: it may or may not have arrived
    (the connection was lost after the last byte). `code` is the other side's word.

    `refused` are recipients whom the outcome is not about, each with its own: with sent and unknown
    all others have it, or may have it; with retry those who are refused for good need no other try.
    """

    outcome: Outcome
    code: str = ""
    refused: tuple[Refusal, ...] = ()


class DkimKey(msgspec.Struct, frozen=True, kw_only=True):
    """By what outgoing mail is signed (RFC 6376): the private key in PEM, and where the public one
    is published."""

    key: bytes
    selector: str
    domain: str

    def __repr__(self) -> str:
        return f"DkimKey({self.selector}._domainkey.{self.domain})"


class ChannelSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What a door may know of the settings."""

    smtp_host: str = "127.0.0.1"
    smtp_port: int = 2525
    lmtp_port: int | None = None
    smtp_tls_cert: Path | None = None
    smtp_tls_key: Path | None = None
    mailboxes: tuple[Mailbox, ...] = ()
    max_mail_bytes: int = 25_000_000
    smtp_connections_per_address: int = 50
    mails_per_minute_per_address: int = 6000
    authserv_ids: tuple[str, ...] = ()
    hostname: str = "localhost"
    relay_host: str | None = None
    relay_port: int = 25
    relay_user: str | None = None
    relay_password: str | None = None
    relay_tls: Literal["implicit", "required", "opportunistic", "never"] = "opportunistic"
    maildir: Path = Path("maildir")
    dkim: DkimKey | None = None


class Desk(Protocol):
    """The house as a door sees it."""

    async def receive(self, inbound: Inbound) -> Accepted:
        """Take it in; returns after the commit. Raises `errors.Refused` where it can't be taken
        for a lasting reason (`unknown_queue`, `too_large`) and any other error where the sender
        should try again later."""

    async def knows(self, address: str) -> bool:
        """Whether mail to this address reaches a queue."""

    async def cursor(self, source: str) -> str | None:
        """The last committed cursor of this source."""

    def source(self, name: str) -> Source:
        """What the house keeps of a mailbox of the settings that a door fetches from."""

    def listening(self, name: str, host: str, port: int) -> None:
        """Told by a door when its port takes connections."""


class Channel(Protocol):
    """One door."""

    name: str

    async def listen(self, desk: Desk) -> None:
        """Take what comes until cancelled; cancelling leaves no socket, task or thread behind."""

    async def send(self, outbound: Outbound) -> Receipt:
        """One attempt to deliver; never raises for what the other side does."""

    async def reread(self, raw: bytes) -> Inbound:
        """Understand again what lay in quarantine, perhaps by a newer release; never raises for
        what the source is, but says `unreadable`."""

    async def ready(self) -> tuple[bool, str]:
        """Whether outbound messages can leave now, with a word of detail, for the health page."""


class Hello(msgspec.Struct, frozen=True, kw_only=True):
    """How a citizen's page begins: for a queue in a language, or going on where it was (`resume`,
    the secret of the last welcome; `after`, the newest message it has). `request_id` is the same
    in each try to begin the same chat."""

    queue: str
    language: str = ""
    name: str = ""
    resume: str | None = None
    after: int = 0
    request_id: str | None = None


class Connection(Protocol):
    """A citizen's live connection, as the edge brings it. The edge bounds what comes in and what
    waits to go out; `language` is the asker's, and may be set when it is known better; `address` is
    what limits count by; `ref` is that of the frame being handled, for its effect."""

    language: str
    address: str
    ref: Any

    async def receive(self) -> str | bytes | None:
        """The next frame; None when the connection is gone."""

    def send(self, *frames: bytes) -> None:
        """Send frames, together; never waits."""

    def end(self, code: int) -> None:
        """As `close`; never waits."""

    async def close(self, code: int) -> None:
        """Close with a code (RFC 6455 section 7.4)."""

    def words(self, refused: Refused) -> str:
        """A refusal in the asker's language."""


class Talk(Protocol):
    """One citizen's chat as the house gives it to a door. What the other side does comes through
    the connection by itself."""

    async def heard(self) -> None:
        """The page sent a frame: it surely has its secret."""

    async def message(self, client_id: str, text: str) -> None:
        """Store it and echo it. Raises Refused."""

    async def typing(self) -> None:
        """The citizen is writing."""

    async def read(self, seq: int) -> None:
        """The citizen has seen the messages up to this number."""

    async def leave(self) -> None:
        """The citizen ends the chat."""

    async def change(self, to: Literal["callback", "mail"], where: str, request_id: str) -> None:
        """The citizen, who waits, wants to be called at a number or answered at an address
        instead. Raises Refused; then the chat goes on."""

    async def gone(self) -> None:
        """The connection is lost; the place is kept for a while."""


class LiveDesk(Protocol):
    """The house as a live door sees it."""

    async def open(self, hello: Hello, connection: Connection) -> Talk | None:
        """Begin or resume a chat; returns after the commit, welcomed. None where the queue is
        closed, which the page has been told. Raises Refused."""

    async def leave_message(
        self, hello: Hello, connection: Connection, request_id: str, address: str, text: str
    ) -> str:
        """Take in a mail for the queue of the hello instead; its contact. Raises Refused."""


@runtime_checkable
class LiveChannel(Protocol):
    """A door through which citizen and agent talk while both are there."""

    name: str

    async def serve(self, connection: Connection, desk: LiveDesk) -> None:
        """Serve one connection until it is gone."""


@runtime_checkable
class DeskChannel(Protocol):
    """A door inside the house: agents tell what reached them past our machines."""

    name: str

    def read(self, frame: bytes) -> Begun:
        """The contact that a `start` frame begins. Raises Refused, naming the field."""

    def read_person(self, frame: bytes) -> Introduced:
        """Whom a `person` frame names. Raises Refused, naming the field."""


@runtime_checkable
class CallChannel(Protocol):
    """A door through which citizens ask to be called; the edge brings each request."""

    name: str

    def read_request(self, body: bytes) -> CallRequest:
        """What a JSON body asks for. Raises Refused, naming the field."""
