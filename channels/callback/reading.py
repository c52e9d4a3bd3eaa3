"""The JSON by which somebody asks to be called (docs/callbacks.md), read and checked. Pure.

Only its form is judged: which numbers are called, and when, is decided where calls are promised.
Fields that are not known are passed over, so that a newer page can talk to an older server.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated

import msgspec

from contactcenter.channel import CallRequest
from contactcenter.errors import Refused

Key = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{1,60}\Z")]
RequestId = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_.:-]{1,64}\Z")]
Language = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*\Z")]
Line = Annotated[str, msgspec.Meta(max_length=320, pattern=r"^[^\x00-\x1f\x7f]*\Z")]
Name = Annotated[str, msgspec.Meta(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*\Z")]
Moment = Annotated[datetime, msgspec.Meta(tz=True)]
_INSIDE = re.compile(r"`\$\.(\w+)")
_MISSING = re.compile(r"required field `(\w+)`$")


class _Window(msgspec.Struct):
    from_: Moment = msgspec.field(name="from")
    to: Moment


class _Request(msgspec.Struct):
    queue: Key
    number: Line
    language: Language
    matter: str
    request_id: RequestId
    name: Name | None = None
    email: Line | None = None
    window: _Window | None = None


_DECODER = msgspec.json.Decoder(_Request)


def read_request(body: bytes) -> CallRequest:
    """Raises Refused("bad_request"), naming the field."""
    try:
        read = _DECODER.decode(body)
    except msgspec.ValidationError as error:
        field = _field(str(error))
        detail = "not_json" if field is None else "invalid_field"
        raise Refused("bad_request", detail, field=field) from None
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        raise Refused("bad_request", "not_json") from None
    for name in ("number", "matter"):
        if not getattr(read, name).strip():
            raise Refused("bad_request", "required", field=name)
    return CallRequest(
        queue=read.queue,
        number=read.number.strip(),
        language=read.language.partition("-")[0].lower(),
        matter=read.matter.strip(),
        request_id=read.request_id,
        name=(read.name or "").strip(),
        email=(read.email or "").strip(),
        window=None if read.window is None else (read.window.from_, read.window.to),
    )


def _field(problem: str) -> str | None:
    """The field that msgspec names, of the body itself: "window" for "$.window.from" too."""
    found = _INSIDE.search(problem) or _MISSING.search(problem)
    return found[1] if found else None
