"""The words of IMAP (RFC 9051, and RFC 3501 where servers still speak it). Pure.

A response is a list of pieces: the bytes of its lines, and in between its literals. Nothing that
came from a setting or a server goes into a command but through `quoted`, which lets no line end
pass: so nobody can add a command to ours.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from channels.email.imap.errors import ImapError

Pieces = Sequence[bytes]
Value = bytes | list["Value"] | None

MAX_DEPTH = 20
_TOKEN = re.compile(
    rb'\s*(?:(\()|(\))|"((?:[^"\\\r\n]|\\.)*)"|([^\s()"\[]*(?:\[[^\]]*\])?[^\s()"]*))'
)
_STATUS = re.compile(
    rb"(OK|NO|BAD|BYE|PREAUTH)(?: \[([A-Z0-9-]+)(?: ([^\]]*))?\])? ?(.*)", re.I | re.S
)
_NUMBERS = re.compile(rb"[0-9 ]*\Z")
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_DATE = re.compile(r"([ 0-3]?\d)-([A-Z][a-z]{2})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-]\d{4})\Z")


class Status(NamedTuple):
    """How a command ended, or an untagged word of that kind: `code` and `value` are what stood in
    brackets."""

    word: str
    code: str
    value: bytes
    text: str


def quoted(text: str) -> bytes:
    """A quoted string. Raises ValueError for what one can't hold: control characters and 8 bits."""
    if not text.isascii() or any(ord(char) < 32 or ord(char) == 127 for char in text):
        raise ValueError("no quoted string can hold this")
    return b'"' + text.replace("\\", "\\\\").replace('"', '\\"').encode("ascii") + b'"'


def folder_name(name: str) -> str:
    """A folder's name as it stands on the wire: modified UTF-7 (RFC 3501 section 5.1.3)."""
    out: list[str] = []
    for run in re.findall(r"[ -%'-~]+|&+|[^ -~]+", name):
        if run[0] == "&":
            out.append("&-" * len(run))
        elif " " <= run[0] <= "~":
            out.append(run)
        else:
            coded = b64encode(run.encode("utf-16-be")).decode("ascii")
            out.append(f"&{coded.rstrip('=').replace('/', ',')}-")
    return "".join(out)


def status(line: bytes) -> Status | None:
    """The status that a line after its tag or star is, if it is one."""
    match = _STATUS.match(line)
    if match is None:
        return None
    word, code, value, text = match.groups()
    return Status(
        word.decode().upper(), (code or b"").decode().upper(), value or b"", readable(text)
    )


def readable(text: bytes) -> str:
    """A server's words for people: one line, no control characters, 200 at most."""
    line = text[:1000].decode("utf-8", "replace")
    return " ".join("".join(c if c.isprintable() else " " for c in line).split())[:200]


def numbers(line: bytes) -> list[int]:
    """The numbers of a SEARCH. Raises ImapError."""
    if not _NUMBERS.match(line):
        raise ImapError("protocol", "a SEARCH that is no list of numbers")
    return [int(word) for word in line.split() if len(word) <= 10]


def attributes(pieces: Pieces) -> dict[bytes, Value]:
    """What a FETCH tells of one mail, by name in capitals. Raises ImapError."""
    values = _values(pieces)
    if len(values) != 1 or not isinstance(values[0], list) or len(values[0]) % 2:
        raise ImapError("protocol", "a FETCH that is no list of pairs")
    found: dict[bytes, Value] = {}
    for name, value in zip(values[0][::2], values[0][1::2], strict=True):
        if not isinstance(name, bytes):
            raise ImapError("protocol", "a FETCH without a name")
        found[name.upper()] = value
    return found


def _values(pieces: Pieces) -> list[Value]:
    """The values, nested as the parentheses are; every second piece is a literal."""
    stack: list[list[Value]] = [[]]
    for number, piece in enumerate(pieces):
        if number % 2:
            stack[-1].append(piece)
            continue
        at = 0
        while at < len(piece):
            match = _TOKEN.match(piece, at)
            if match is None or match.end() == at:
                raise ImapError("protocol", "a FETCH that can't be read")
            at = match.end()
            _add(stack, match)
    if len(stack) != 1:
        raise ImapError("protocol", "a FETCH without its end")
    return stack[0]


def _add(stack: list[list[Value]], match: re.Match[bytes]) -> None:
    opens, closes, text, atom = match.groups()
    if opens:
        if len(stack) > MAX_DEPTH:
            raise ImapError("protocol", "a FETCH too deep")
        stack.append([])
    elif closes:
        if len(stack) == 1:
            raise ImapError("protocol", "a FETCH with an end too many")
        done = stack.pop()
        stack[-1].append(done)
    elif text is not None:
        stack[-1].append(re.sub(rb"\\(.)", rb"\1", text))
    elif atom:
        stack[-1].append(None if atom.upper() == b"NIL" else atom)


def moment(value: Value) -> datetime | None:
    """An INTERNALDATE; None where it is none. Month names are English whatever the locale."""
    match = _DATE.match(value.decode("ascii", "replace")) if isinstance(value, bytes) else None
    if match is None or match[2] not in _MONTHS:
        return None
    day, month, rest = match[1].strip(), _MONTHS.index(match[2]) + 1, match
    text = f"{rest[3]}-{month:02}-{int(day):02}T{rest[4]}:{rest[5]}:{rest[6]}{rest[7]}"
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S%z")
    except ValueError:
        return None
