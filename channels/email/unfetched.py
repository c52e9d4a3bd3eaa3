"""The raw source of a mail that was not fetched: why not, and what is known of it.

Reading it again must not make a contact of the part that is there."""

from __future__ import annotations

_MARK = b"X-Contactcenter-Not-Fetched: "


def unfetched(why: str, known: bytes) -> bytes:
    """What is kept in its place."""
    return _MARK + why.encode("ascii", "replace") + b"\r\n" + known


def why_unfetched(raw: bytes) -> str | None:
    """Why this was not fetched; None for a mail."""
    if not raw.startswith(_MARK):
        return None
    return raw[len(_MARK) :].partition(b"\r\n")[0].decode("ascii", "replace")[:300]
