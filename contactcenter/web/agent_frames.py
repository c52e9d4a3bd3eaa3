"""The frames an agent's browser may send (docs/protocol.md), typed. Fields that are not known are
passed over, so that a newer browser can talk to an older server."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from contactcenter.errors import Refused

MAX_FRAME = 64 * 1024
Id = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,18}\Z")]
Key = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{1,60}\Z")]


class Head(msgspec.Struct):
    type: str
    ref: Any = None
    client_id: Any = None


class Resume(msgspec.Struct):
    after: Annotated[int, msgspec.Meta(ge=0, le=2**53)] = 0


class State(msgspec.Struct):
    value: Key
    reason: Key | None = None


class Offer(msgspec.Struct):
    offer: Id
    reason: Key | None = None


class Write(msgspec.Struct):
    contact: Id
    client_id: str
    text: str


class Transfer(msgspec.Struct):
    contact: Id
    queue: Key | None = None
    agent: Id | None = None
    summary: str | None = None


class Contact(msgspec.Struct):
    contact: Id


class WrapUp(msgspec.Struct):
    contact: Id
    disposition: Key


class Case(msgspec.Struct):
    case: Id


class Sent(msgspec.Struct):
    send_id: Id


class Ping(msgspec.Struct):
    pass


class Draft(msgspec.Struct):
    contact: Id
    text: str


TYPES: dict[str, type[msgspec.Struct]] = {
    "resume": Resume,
    "state": State,
    "accept": Offer,
    "decline": Offer,
    "reply": Write,
    "note": Write,
    "transfer": Transfer,
    "attempt": Contact,
    "hold": Contact,
    "unhold": Contact,
    "close": Contact,
    "wrap_up": WrapUp,
    "resolve": Case,
    "reopen": Case,
    "resend": Sent,
    "arrived": Sent,
    "typing": Contact,
    "read": Contact,
    "draft": Draft,
    "ping": Ping,
}
_HEAD = msgspec.json.Decoder(Head)
_DECODERS = {name: msgspec.json.Decoder(kind) for name, kind in TYPES.items()}


def head(data: str | bytes) -> Head:
    """A frame's type and ref. Raises Refused("bad_request") where it is no JSON object with a
    type."""
    try:
        return _HEAD.decode(data)
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        raise Refused("bad_request", "not_a_frame") from None


def body(name: str, data: str | bytes) -> Any:
    """A frame as its struct. Raises Refused: `unknown_type`, or `bad_request` naming the field."""
    decoder = _DECODERS.get(name)
    if decoder is None:
        raise Refused("unknown_type", field="type")
    try:
        return decoder.decode(data)
    except msgspec.ValidationError as error:
        raise Refused("bad_request", field=_field(str(error))) from None
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        raise Refused("bad_request", "not_a_frame") from None


def _field(problem: str) -> str | None:
    """The field that msgspec names: "... - at `$.offer`" or "... required field `offer`"."""
    named = problem.rpartition("`$.")[2] if "`$." in problem else problem.partition("field `")[2]
    return named.partition("`")[0] or None
