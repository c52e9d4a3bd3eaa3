"""The frames a citizen's page may send (docs/protocol.md), typed. Fields that are not known are
passed over, so that a newer page can talk to an older server."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from contactcenter.errors import Refused

MAX_FRAME = 64 * 1024
Key = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{1,60}\Z")]
Short = Annotated[str, msgspec.Meta(max_length=100)]
Number = Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]


class Head(msgspec.Struct):
    type: str
    ref: Any = None
    client_id: Any = None


class Hello(msgspec.Struct):
    queue: Key
    language: Short = ""
    name: Short | None = None
    resume: Short | None = None
    after: Number = 0
    request_id: str | None = None


class Message(msgspec.Struct):
    client_id: str
    text: str


class Read(msgspec.Struct):
    seq: Number


class LeaveMessage(msgspec.Struct):
    request_id: str
    address: Annotated[str, msgspec.Meta(max_length=320)]
    text: str


class Nothing(msgspec.Struct):
    pass


_HEAD = msgspec.json.Decoder(Head)
_BODIES: dict[str, msgspec.json.Decoder[Any]] = {
    "hello": msgspec.json.Decoder(Hello),
    "message": msgspec.json.Decoder(Message),
    "typing": msgspec.json.Decoder(Nothing),
    "read": msgspec.json.Decoder(Read),
    "leave": msgspec.json.Decoder(Nothing),
    "leave_message": msgspec.json.Decoder(LeaveMessage),
    "ping": msgspec.json.Decoder(Nothing),
}


def head(data: str | bytes) -> Head:
    """A frame's type, ref and client id. Raises Refused("bad_request")."""
    try:
        return _HEAD.decode(data)
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        raise Refused("bad_request", "not_a_frame") from None


def body(name: str, data: str | bytes) -> Any:
    """A frame as its struct. Raises Refused: `too_large`, `unknown_type`, or `bad_request` naming
    the field."""
    if len(data) > MAX_FRAME:
        raise Refused("too_large", most=MAX_FRAME)
    decoder = _BODIES.get(name)
    if decoder is None:
        raise Refused("unknown_type", field="type")
    try:
        return decoder.decode(data)
    except msgspec.ValidationError as error:
        raise Refused("bad_request", field=_field(str(error))) from None
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        raise Refused("bad_request", "not_a_frame") from None


def _field(problem: str) -> str | None:
    """The field that msgspec names: "... - at `$.queue`" or "... required field `queue`"."""
    named = problem.rpartition("`$.")[2] if "`$." in problem else problem.partition("field `")[2]
    return named.partition("`")[0] or None
