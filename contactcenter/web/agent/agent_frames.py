"""The frames an agent's browser may send (docs/protocol.md), typed."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from contactcenter.cases.reasons import Mark
from contactcenter.frames import Frames

Id = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,18}\Z")]
Key = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{1,60}\Z")]

Addresses = Annotated[tuple[str, ...], msgspec.Meta(max_length=100)]
Uploads = Annotated[tuple[Id, ...], msgspec.Meta(max_length=100)]


class Resume(msgspec.Struct):
    after: Annotated[int, msgspec.Meta(ge=0, le=2**53)] = 0


class State(msgspec.Struct):
    value: Key
    reason: Key | None = None


class Offer(msgspec.Struct):
    offer: Id


class Decline(Offer):
    reason: Key | None = None
    note: str | None = None


class Write(msgspec.Struct):
    contact: Id
    client_id: str
    text: str


class Reply(Write):
    to: Addresses = ()
    cc: Addresses = ()
    bcc: Addresses = ()
    attachments: Uploads = ()
    quote: bool = True
    choices: Annotated[tuple[str, ...], msgspec.Meta(max_length=100)] = ()


class Forward(Write):
    to: Addresses
    cc: Addresses = ()
    bcc: Addresses = ()
    seq: Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)] | None = None
    files: bool = True
    attachments: Uploads = ()


class Transfer(msgspec.Struct):
    contact: Id
    queue: Key | None = None
    agent: Id | None = None
    summary: str | None = None


class Contact(msgspec.Struct):
    contact: Id


class Pull(Contact):
    agent: Id | None = None


class HandBack(Contact):
    note: str | None = None


class Nothing(msgspec.Struct):
    pass


class WrapUp(msgspec.Struct):
    contact: Id
    disposition: Key
    reason: Key | None = None
    mark: Mark | None = None


class Case(msgspec.Struct):
    case: Id


class Sent(msgspec.Struct):
    send_id: Id


class Resend(Sent):
    state: Literal["queued", "sending", "sent", "failed", "unknown"] | None = None


class Attempt(msgspec.Struct):
    contact: Id
    client_id: str
    outcome: Literal["reached", "no_answer", "busy", "wrong_number"]
    again_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None


class Draft(msgspec.Struct):
    contact: Id
    text: str
    to: Addresses = ()
    cc: Addresses = ()
    bcc: Addresses = ()
    attachments: Uploads = ()
    quote: bool = True


TYPES: dict[str, type[msgspec.Struct | msgspec.Raw]] = {
    "resume": Resume,
    "state": State,
    "accept": Offer,
    "decline": Decline,
    "pull": Pull,
    "end_shift": Nothing,
    "hand_back": HandBack,
    "start": msgspec.Raw,  # the desk's door reads these two
    "person": msgspec.Raw,
    "reply": Reply,
    "forward": Forward,
    "note": Write,
    "transfer": Transfer,
    "attempt": Attempt,
    "dial": Contact,
    "hold": Contact,
    "unhold": Contact,
    "close": Contact,
    "wrap_up": WrapUp,
    "resolve": Case,
    "reopen": Case,
    "resend": Resend,
    "arrived": Sent,
    "spam": Contact,
    "not_spam": Contact,
    "block_sender": Contact,
    "unblock_sender": Contact,
    "dismiss": Sent,
    "typing": Contact,
    "read": Contact,
    "stay": Contact,
    "draft": Draft,
    "ping": Nothing,
}
FRAMES = Frames(TYPES)
