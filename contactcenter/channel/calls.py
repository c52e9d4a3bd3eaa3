"""A door through which citizens ask to be called."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol, runtime_checkable

import msgspec


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


@runtime_checkable
class CallChannel(Protocol):
    """A door through which citizens ask to be called; the edge brings each request."""

    name: str

    def read_request(self, body: bytes) -> CallRequest:
        """What a JSON body asks for. Raises Refused, naming the field."""
