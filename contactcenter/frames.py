"""Frames of a socket, typed: JSON in, structs out, refusals back with what they answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from contactcenter.errors import Refused

MAX_FRAME = 64 * 1024


class Head(msgspec.Struct):
    """What every frame may carry: its type, a `ref` for the answer, a message's own id."""

    type: str
    ref: Any = None
    client_id: Any = None


_HEAD = msgspec.json.Decoder(Head)
NO_HEAD = Head(type="")


class Frames:
    """The frames that one side may send, by type. Fields that are not known are passed over, so
    that a newer page can talk to an older server."""

    def __init__(self, types: Mapping[str, type[msgspec.Struct | msgspec.Raw]]) -> None:
        self._decoders = {name: msgspec.json.Decoder(kind) for name, kind in types.items()}

    def head(self, data: str | bytes) -> Head:
        """A frame's head. Raises Refused("bad_request") where it is no JSON object with a type."""
        try:
            return _HEAD.decode(data)
        except (msgspec.DecodeError, RecursionError, UnicodeError):
            raise Refused("bad_request", "not_a_frame") from None

    def body(self, name: str, data: str | bytes) -> Any:
        """A frame as its struct. Raises Refused: `too_large`, `unknown_type`, or `bad_request`
        naming the field."""
        size = len(data.encode("utf-8", "replace")) if isinstance(data, str) else len(data)
        if size > MAX_FRAME:
            raise Refused("too_large", most=MAX_FRAME)
        decoder = self._decoders.get(name)
        if decoder is None:
            raise Refused("unknown_type", field="type")
        try:
            return decoder.decode(data)
        except msgspec.ValidationError as error:
            raise Refused("bad_request", field=_field(str(error))) from None
        except (msgspec.DecodeError, RecursionError, UnicodeError):
            raise Refused("bad_request", "not_a_frame") from None


def error_frame(refused: Refused, message: str, head: Head = NO_HEAD) -> dict[str, Any]:
    """The `error` frame; `message` is the refusal in the asker's language."""
    frame: dict[str, Any] = {"type": "error", "code": refused.code, "message": message}
    if refused.field is not None:
        frame["field"] = refused.field
    if refused.retry_after_s is not None:
        frame["retry_after_s"] = refused.retry_after_s
    if head.ref is not None:
        frame["ref"] = head.ref
    if isinstance(head.client_id, str) and len(head.client_id) <= 64:
        frame["client_id"] = head.client_id.encode("utf-8", "replace").decode()
    return frame


def _field(problem: str) -> str | None:
    """The field that msgspec names: "... at `$.offer`" or "... required field `offer`"."""
    named = problem.rpartition("`$.")[2] if "`$." in problem else problem.partition("field `")[2]
    return named.partition("`")[0] or None
