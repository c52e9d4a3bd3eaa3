"""Secrets that a browser or a mail carries: 256 random bits, of which only the hash is stored.

A plain SHA-256 is enough for a value that can't be guessed, and lets it be found by an index.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass

_SHAPE = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)


@dataclass(frozen=True, repr=False)
class Secret:
    """A new secret: `text` goes out once, `hash` is stored. Its repr tells neither."""

    text: str
    hash: bytes


def new_secret() -> Secret:
    """Make one."""
    text = secrets.token_urlsafe(32)
    return Secret(text, hashlib.sha256(text.encode()).digest())


def hash_of(text: str) -> bytes | None:
    """The hash to look for; None for what can't be one of ours (empty, a space, an old format)."""
    if _SHAPE.fullmatch(text) is None:
        return None
    return hashlib.sha256(text.encode()).digest()
