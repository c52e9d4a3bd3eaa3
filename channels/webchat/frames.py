"""The frames a citizen's page may send (docs/protocol.md), typed."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from contactcenter.frames import Frames

Key = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{1,60}\Z")]
Topic = Annotated[str, msgspec.Meta(pattern=r"^([a-z0-9_-]{1,60}/[a-z0-9_-]{1,60})?\Z")]
Language = Annotated[str, msgspec.Meta(pattern=r"^[a-z]{2,3}\Z")]
Short = Annotated[str, msgspec.Meta(max_length=100)]
Id = Annotated[str, msgspec.Meta(pattern=r"^[1-9][0-9]{0,17}\Z")]
Number = Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]


class Hello(msgspec.Struct):
    queue: Key
    topic: Topic = ""
    language: Short = ""
    page_language: Language | None = None
    name: Short | None = None
    resume: Short | None = None
    after: Number = 0
    request_id: str | None = None


class Message(msgspec.Struct):
    client_id: str
    text: str
    files: Annotated[tuple[Id, ...], msgspec.Meta(max_length=100)] = ()


class Upload(msgspec.Struct):
    client_id: str
    name: Annotated[str, msgspec.Meta(max_length=4096)]
    size: Annotated[int, msgspec.Meta(ge=0, le=2**53)]


class Read(msgspec.Struct):
    seq: Number


class Reads(msgspec.Struct):
    language: Language


class LeaveMessage(msgspec.Struct):
    request_id: str
    address: Annotated[str, msgspec.Meta(max_length=320)]
    text: str


class Change(msgspec.Struct):
    to: Literal["callback", "mail"]
    request_id: str
    number: Annotated[str, msgspec.Meta(max_length=100)] | None = None
    address: Annotated[str, msgspec.Meta(max_length=320)] | None = None


class Nothing(msgspec.Struct):
    pass


FRAMES = Frames(
    {
        "hello": Hello,
        "message": Message,
        "upload": Upload,
        "typing": Nothing,
        "read": Read,
        "stay": Nothing,
        "language": Reads,
        "leave": Nothing,
        "leave_message": LeaveMessage,
        "change": Change,
        "ping": Nothing,
    }
)
