"""What a message may be. Pure."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from contactcenter.errors import Refused
from contactcenter.kernel.clock import stamp
from contactcenter.kernel.mask import sendable, storable

MAX_TEXT = 50_000
MAX_NAME = 200
_SPACE = re.compile(r"\s+")
# Control characters, and what turns the writing of a whole screen around or can't be seen. Joiners
# stay: names need them.
_HIDDEN = re.compile(
    r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    r"\ufeff\ufff9-\ufffb]"
)
_CLIENT_ID = re.compile(r"[A-Za-z0-9_.:-]{1,64}")


def check_client_id(client_id: str, field: str = "client_id") -> None:
    """Raises Refused("bad_request") where it is not 1-64 of [A-Za-z0-9_.:-]."""
    if not _CLIENT_ID.fullmatch(client_id):
        raise Refused("bad_request", field=field)


def check_text(text: str, most: int = MAX_TEXT, field: str = "text") -> str:
    """The text as it is stored: masked. Raises Refused where it is empty or too long."""
    return storable(_checked(text, most, field))


def check_answer(text: str, most: int = MAX_TEXT, field: str = "text") -> str:
    """The same of what an agent writes to a citizen, who is to read an account's number whole."""
    return sendable(_checked(text, most, field))


def _checked(text: str, most: int, field: str) -> str:
    if not text.strip():
        raise Refused("bad_request", "empty_text", field=field)
    if len(text) > most:
        raise Refused("too_large", field=field, most=most)
    return text


def one_line(text: str, most: int | None = None) -> str:
    """A name or subject as stored: masked, on one line with nothing hidden in it, bounded."""
    return _SPACE.sub(" ", storable(_HIDDEN.sub("", text))).strip()[:most]


def said(seq: int, direction: str, author: str, text: str, at: datetime) -> dict[str, Any]:
    """A message as every door gives it (docs/protocol.md); some add fields of their own."""
    return {"seq": seq, "direction": direction, "from": author, "text": text, "at": stamp(at)}
