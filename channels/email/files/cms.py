"""What an opaquely signed S/MIME mail says (RFC 8551 section 3.5.2): the mail within the signature.

Only the way to the content is read (RFC 5652 sections 3 and 5); no signature is checked here.
"""

from __future__ import annotations

from typing import NamedTuple

_SEQUENCE, _OCTETS, _OCTETS_MANY, _OID, _TAGGED = 0x30, 0x04, 0x24, 0x06, 0xA0
_SIGNED = bytes.fromhex("2a864886f70d010702")
_ENVELOPED = frozenset(
    (bytes.fromhex("2a864886f70d010703"), bytes.fromhex("2a864886f70d0109100117"))
)
MAX_PIECES, MAX_DEPTH = 100_000, 8


class _Element(NamedTuple):
    tag: int
    start: int  # of its content
    end: int


class _Wrong(Exception):
    """It is no BER, or ends early."""


def is_enveloped(data: bytes) -> bool:
    """Whether it is encrypted, by what the bytes say."""
    return _kind(data) in _ENVELOPED


def signed_content(data: bytes) -> bytes | None:
    """The mail that was signed; None where it is none, or damaged."""
    if _kind(data) != _SIGNED:
        return None
    try:
        outer = _inside(data, _element(data, 0, len(data)), 1, _TAGGED)
        signed = _element(data, outer.start, outer.end)
        content = _inside(data, _inside(data, signed, 2, _SEQUENCE), 1, _TAGGED)
        return b"".join(_octets(data, _element(data, content.start, content.end), 0))
    except (_Wrong, IndexError):
        return None


def _kind(data: bytes) -> bytes:
    try:
        oid = _inside(data, _element(data, 0, len(data)), 0, _OID)
    except (_Wrong, IndexError):
        return b""
    return data[oid.start : oid.end]


def _element(data: bytes, at: int, end: int) -> _Element:
    """The element that starts there. One of indefinite length ends where its parent does: its
    parts are found one by one."""
    tag, length = data[at], data[at + 1]
    at += 2
    if length == 0x80:
        return _Element(tag, at, end)
    if length > 0x80:
        size = length & 0x7F
        if size > 8:
            raise _Wrong
        length = int.from_bytes(data[at : at + size], "big")
        at += size
    if at + length > end:
        raise _Wrong
    return _Element(tag, at, at + length)


def _inside(data: bytes, parent: _Element, number: int, tag: int) -> _Element:
    """The child of that number, which must have that tag."""
    at = parent.start
    for _ in range(number):
        child = _element(data, at, parent.end)
        if data[at + 1] == 0x80:
            raise _Wrong  # nothing of indefinite length stands before what is looked for
        at = child.end
    child = _element(data, at, parent.end)
    if child.tag != tag:
        raise _Wrong
    return child


def _octets(data: bytes, one: _Element, depth: int) -> list[bytes]:
    """The content of an octet string, which may come in pieces."""
    if one.tag == _OCTETS:
        return [data[one.start : one.end]]
    if one.tag != _OCTETS_MANY or depth == MAX_DEPTH:
        raise _Wrong
    pieces: list[bytes] = []
    at = one.start
    while at < one.end and data[at : at + 2] != b"\0\0":
        child = _element(data, at, one.end)
        pieces += _octets(data, child, depth + 1)
        if len(pieces) > MAX_PIECES or data[at + 1] == 0x80:
            raise _Wrong
        at = child.end
    return pieces
