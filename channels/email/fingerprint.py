"""What makes two deliveries the same mail.

The same Message-ID and the same content but for the trace fields, which each hop adds: docs say
so under "The same mail". A Message-ID alone proves nothing, since anybody may repeat it.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

from channels.email.syntax.head import Head

_PIECE = 1 << 20
_TRACE = frozenset(("received", "return-path", "delivered-to", "authentication-results"))


def fingerprint(raw: bytes, head: Head, message_id: str | None) -> str:
    """The Message-ID and the SHA-256 of the mail without trace fields, whatever its line ends
    and however many of them it ends with."""
    digest = sha256()
    ends = b""  # of lines, perhaps the last ones
    for piece in _pieces(raw, head):
        lines = ends + piece.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        held = lines.rstrip(b"\n")
        ends = lines[len(held) :]
        digest.update(held)
    return f"{message_id} {digest.hexdigest()}" if message_id else digest.hexdigest()


def _pieces(raw: bytes, head: Head) -> Iterator[bytes]:
    """What counts, in pieces that cut no CR LF; a mail may be large, and is never copied whole."""
    at = 0
    for field in head.fields:
        if field.name in _TRACE or field.name.startswith("arc-"):
            yield raw[at : field.start]
            at = field.end
    while at < len(raw):
        end = at + _PIECE
        while raw[end - 1 : end] == b"\r":
            end += 1
        yield raw[at:end]
        at = end
