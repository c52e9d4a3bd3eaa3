"""What makes two deliveries the same mail.

The same Message-ID and the same content but for the trace fields, which each hop adds: docs say
so under "The same mail". A Message-ID alone proves nothing, since anybody may repeat it.
"""

from __future__ import annotations

from hashlib import sha256

from channels.email.head import Head

_TRACE = frozenset(("received", "return-path", "delivered-to", "authentication-results"))


def fingerprint(raw: bytes, head: Head, message_id: str | None) -> str:
    """The Message-ID and the SHA-256 of the mail without trace fields, whatever its line ends
    and however many of them it ends with."""
    kept: list[bytes] = []
    at = 0
    for field in head.fields:
        if field.name in _TRACE or field.name.startswith("arc-"):
            kept.append(raw[at : field.start])
            at = field.end
    kept.append(raw[at:])
    lines = b"".join(kept).replace(b"\r\n", b"\n").replace(b"\r", b"\n").rstrip(b"\n")
    digest = sha256(lines).hexdigest()
    return f"{message_id} {digest}" if message_id else digest
