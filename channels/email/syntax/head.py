"""A header block: its fields, and where the body starts. Linear in its size, and bounded."""

from __future__ import annotations

import re
from collections.abc import KeysView, Sequence
from typing import NamedTuple

from channels.email.syntax.mojibake import repaired
from channels.email.syntax.words import decode_words, one_line

MAIL_BYTES, MAIL_FIELDS = 262_144, 1_000
PART_BYTES, PART_FIELDS = 65_536, 100
_VALUE_BYTES = 32_768

_FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:([^\n]*(?:\n[ \t][^\n]*)*)(?:\n|\Z)")
_BLANK = re.compile(rb"\r?\n")
_BLANK_LATER = re.compile(rb"\n\r?\n")
_MBOX = re.compile(rb">?From [^\n]*\n")


class Field(NamedTuple):
    """A field: its name in lower case, its value as it stands, and its place in the mail."""

    name: str
    value: bytes
    start: int
    end: int


class Head:
    """The fields of one header block. `body` is the offset of what follows it, and `problem`
    says why not all of it was read."""

    def __init__(self, fields: Sequence[Field], body: int, problem: str | None) -> None:
        self.fields = fields
        self.body = body
        self.problem = problem
        self._values: dict[str, list[bytes]] = {}
        for field in fields:
            self._values.setdefault(field.name, []).append(field.value)
        self._read: dict[str, list[str]] = {}  # what was asked for, since most is asked for often

    def __contains__(self, name: str) -> bool:
        return name in self._values

    @property
    def names(self) -> KeysView[str]:
        """The lower-case names of the fields there are."""
        return self._values.keys()

    def all(self, name: str) -> list[str]:
        """The values of every field of that (lower-case) name: unfolded, not decoded."""
        values = self._values.get(name)
        if values is None:
            return []
        if name not in self._read:
            self._read[name] = [_text(value) for value in values]
        return list(self._read[name])

    def first(self, name: str) -> str:
        """The first value of that name, unfolded, not decoded; "" where there is none."""
        values = self.all(name)
        return values[0] if values else ""

    def shown(self, name: str, limit: int) -> str:
        """The first value as a person may read it, in one line of at most `limit` characters."""
        return one_line(decode_words(self.first(name)), limit)


def _text(value: bytes) -> str:
    value = value[:_VALUE_BYTES].replace(b"\r", b"").replace(b"\n", b"").replace(b"\0", b"")
    try:
        text = value.decode("utf-8").strip()
        return text if text.isascii() else repaired(text)
    except UnicodeDecodeError:
        return value.decode("cp1252", "replace").strip()


def read_head(raw: bytes, start: int, end: int, max_bytes: int, max_fields: int) -> Head:
    """The header block that starts at `start`. A line that can be no field starts the body
    (RFC 5322 section 2.2 knows no such line; programs that forget the blank line write it)."""
    stop = min(end, start + max_bytes)
    fields: list[Field] = []
    at = start
    if mbox := _MBOX.match(raw, at, stop):
        at = mbox.end()
    while at < stop:
        match = _FIELD.match(raw, at, stop)
        if match is None:
            blank = _BLANK.match(raw, at, end)
            return Head(fields, blank.end() if blank else at, None)
        if len(fields) == max_fields:
            return Head(fields, _later(raw, at, end), f"more than {max_fields} header fields")
        fields.append(Field(match[1].decode("ascii").lower(), match[2], at, match.end()))
        at = match.end()
    if stop < end:
        return Head(fields, _later(raw, at, end), f"a header over {max_bytes} bytes")
    return Head(fields, end, None)


def _later(raw: bytes, at: int, end: int) -> int:
    blank = _BLANK_LATER.search(raw, at - 1, end)
    return blank.end() if blank else end
