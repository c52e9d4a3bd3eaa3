"""The frames by which an agent begins a contact by hand and tells who it is with
(docs/protocol.md), read and checked. Pure.

Nobody is called here, so a number need only be one: which numbers the city calls is decided where
it calls. It is kept as E.164, as callbacks keep theirs, so that both find the same person.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Literal

import msgspec
import phonenumbers

from contactcenter.channel import Begun, Introduced, Sender
from contactcenter.errors import Refused
from contactcenter.frames import Frames

HOME = "FI"
_NUMBER = re.compile(r"\+?[0-9 ()./\u00a0\u2010\u2011\u2013-]{3,40}", re.ASCII)
_EMAIL = re.compile(
    r"[^\s@<>()\[\],;:\"\\\x00-\x1f\x7f]{1,64}@[^\s@<>()\[\],;:\"\\\x00-\x1f\x7f]+\.[^\s@.]+"
)

Key = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{1,60}\Z")]
RequestId = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_.:-]{1,64}\Z")]
Language = Annotated[str, msgspec.Meta(pattern=r"^[a-z]{2,8}\Z")]
Name = Annotated[str, msgspec.Meta(max_length=200)]
Address = Annotated[str, msgspec.Meta(max_length=320)]
Id = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,18}\Z")]
Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class _Person(msgspec.Struct):
    name: Name = ""
    number: Address | None = None
    email: Address | None = None


class _Start(msgspec.Struct):
    channel: Literal["call", "visit", "letter"]
    queue: Key
    language: Language
    request_id: RequestId
    direction: Literal["citizen", "agent"] = "citizen"
    person: _Person | None = None
    note: str | None = None
    arrived_at: Moment | None = None


class _Introduction(_Person, kw_only=True):
    contact: Id


_FRAMES = Frames({"start": _Start, "person": _Introduction})


def read_begun(frame: bytes) -> Begun:
    """Raises Refused: `bad_request`, `too_large`, `invalid_number`, naming the field."""
    start: _Start = _FRAMES.body("start", frame)
    if start.direction == "agent" and start.arrived_at is not None:
        raise Refused("bad_request", field="arrived_at")  # nobody waited for it
    person = start.person or _Person()
    return Begun(
        channel=start.channel,
        direction=start.direction,
        queue=start.queue,
        language=start.language,
        request_id=start.request_id,
        name=person.name,
        senders=tuple(_senders(person)),
        note=(start.note or "").strip(),
        arrived_at=start.arrived_at,
    )


def read_introduced(frame: bytes) -> Introduced:
    """Raises Refused: `bad_request` where nothing is told, `invalid_number`, naming the field."""
    told: _Introduction = _FRAMES.body("person", frame)
    senders = tuple(_senders(told))
    if not (senders or told.name.strip()):
        raise Refused("bad_request", field="name")
    return Introduced(contact=told.contact, name=told.name, senders=senders)


def _senders(person: _Person) -> list[Sender]:
    found = []
    if (person.number or "").strip():
        found.append(Sender(kind="phone", address=_number(person.number or ""), name=person.name))
    if (person.email or "").strip():
        found.append(Sender(kind="email", address=_email(person.email or ""), name=person.name))
    return found


def _number(text: str) -> str:
    """E.164 (ITU-T), read as dialled in Finland."""
    try:
        if _NUMBER.fullmatch(text.strip()) is None:
            raise Refused("invalid_number", field="number")
        number = phonenumbers.parse(text, HOME)
    except phonenumbers.NumberParseException:
        raise Refused("invalid_number", field="number") from None
    if not phonenumbers.is_possible_number(number):
        raise Refused("invalid_number", field="number")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _email(text: str) -> str:
    address = text.strip().lower()
    if _EMAIL.fullmatch(address) is None:
        raise Refused("bad_request", "invalid_email", field="email")
    return address
