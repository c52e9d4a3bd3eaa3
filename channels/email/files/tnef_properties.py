"""The property streams in a winmail.dat (MS-OXTNEF section 2.1.3.4), of which few are needed."""

from __future__ import annotations

import struct

from channels.email.syntax.charsets import decode

MAX_PROPERTIES = 5_000
_STRING8, _UNICODE, _BINARY, _OBJECT = 0x1E, 0x1F, 0x102, 0x0D
_VARIABLE = frozenset((_STRING8, _UNICODE, _BINARY, _OBJECT))
_FIXED = {2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 0x0A: 4, 0x0B: 4, 0x14: 8, 0x40: 8, 0x48: 16}
_MANY = 0x1000
_NAMED = 0x8000
_LONG = struct.Struct("<I")
_HEAD = struct.Struct("<HH")


class Values:
    """The properties by their ids: the first value of each, with its type."""

    def __init__(self, found: dict[int, tuple[int, bytes]], charset: str) -> None:
        self._found = found
        self._charset = charset

    def text(self, name: int) -> str:
        """A string; "" where it is missing or of another type."""
        kind, data = self._found.get(name, (0, b""))
        if kind == _UNICODE:
            return data.decode("utf-16-le", "replace").rstrip("\0")
        return decode(data.rstrip(b"\0"), self._charset) if kind == _STRING8 else ""

    def data(self, name: int) -> bytes:
        """Bytes; b"" where it is missing or of another type."""
        kind, data = self._found.get(name, (0, b""))
        return data if kind in (_BINARY, _OBJECT) else b""

    def number(self, name: int) -> int:
        """A long; 0 where it is missing or of another type."""
        kind, data = self._found.get(name, (0, b""))
        return int.from_bytes(data, "little") if kind == 3 else 0


def read_properties(data: bytes, charset: str) -> Values:
    """What can be read of the stream; `charset` is that of its 8-bit strings."""
    found: dict[int, tuple[int, bytes]] = {}
    try:
        _read(data, found)
    except (struct.error, KeyError):  # it ends early, or has a type that does not exist
        pass
    return Values(found, charset)


def _read(data: bytes, found: dict[int, tuple[int, bytes]]) -> None:
    (count,) = _LONG.unpack_from(data, 0)
    at, left = 4, MAX_PROPERTIES
    for _ in range(min(count, MAX_PROPERTIES)):
        kind, name = _HEAD.unpack_from(data, at)
        at += 4
        if name >= _NAMED:
            at = _past_name(data, at)
        many, kind = kind & _MANY, kind & ~_MANY
        values = 1
        if many or kind in _VARIABLE:
            (values,) = _LONG.unpack_from(data, at)
            at += 4
        left -= values
        if left < 0:
            return
        for number in range(values):
            if kind in _VARIABLE:
                (length,) = _LONG.unpack_from(data, at)
                at += 4
            else:
                length = _FIXED[kind]
            if not number:
                found.setdefault(name, (kind, data[at : at + length]))
            at += length + -length % 4


def _past_name(data: bytes, at: int) -> int:
    """Past the GUID and the name of a named property."""
    (by_name,) = _LONG.unpack_from(data, at + 16)
    at += 20
    if not by_name:
        return at + 4
    length: int = _LONG.unpack_from(data, at)[0]
    return at + 4 + length + -length % 4
