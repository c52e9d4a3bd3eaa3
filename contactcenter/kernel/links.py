"""Signed links for citizens: the id of what a link leads to, signed, so that nobody guesses one.

HMAC-SHA256 (RFC 2104) over the purpose and the id, cut to 192 bits (RFC 2104, section 5). The same
thing has the same link for ever: nothing is stored, and a repeated request is answered like the
first. Each purpose has a key of its own, so a link of one is worth nothing for another.
"""

from __future__ import annotations

import hmac
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Literal

from contactcenter.errors import Refused
from contactcenter.kernel.db import Database
from contactcenter.kernel.sql import Connection, load_sql

SQL = load_sql(__file__)
Purpose = Literal["callback", "case", "feedback", "file"]
_ID, _MAC = 8, 24  # bytes; 32 together are 43 characters without padding
_SHAPE = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)


class Links:
    """Makes and reads the part of a purpose's links that names what they lead to."""

    def __init__(self, db: Database, purpose: Purpose) -> None:
        self._db = db
        self._purpose = purpose
        self._key: bytes | None = None

    async def token(self, id_: int) -> str:
        """The token of an id."""
        return sign(await self.key(), self._purpose, id_)

    async def id(self, token: str) -> int:
        """The id that a token names. Raises Refused("not_found")."""
        found = read(await self.key(), self._purpose, token)
        if found is None:
            raise Refused("not_found")
        return found

    async def key(self) -> bytes:
        """The key that signs them."""
        if self._key is None:
            async with self._db.connection() as conn:
                self._key = await key_of(conn, self._purpose)
        return self._key


async def key_of(conn: Connection, purpose: Purpose) -> bytes:
    """The key of a purpose, for who signs within a transaction."""
    return bytes(await SQL.signing_key.value(conn, purpose=purpose))


def sign(key: bytes, purpose: Purpose, id_: int) -> str:
    """The token of an id under a key."""
    name = id_.to_bytes(_ID)
    return urlsafe_b64encode(name + _mac(key, purpose, name)).rstrip(b"=").decode()


def read(key: bytes, purpose: Purpose, token: str) -> int | None:
    """The id that the token names; None where it was not signed with the key. One token has one
    spelling: the bits that its last character could hide are none of ours."""
    if _SHAPE.fullmatch(token) is None:
        return None
    signed = urlsafe_b64decode(token + "=")
    name, mac = signed[:_ID], signed[_ID:]
    id_ = int.from_bytes(name)
    known = hmac.compare_digest(mac, _mac(key, purpose, name)) and id_ < 2**63
    return id_ if known and hmac.compare_digest(token, sign(key, purpose, id_)) else None


def _mac(key: bytes, purpose: Purpose, name: bytes) -> bytes:
    return hmac.digest(key, f"{purpose} ".encode() + name, "sha256")[:_MAC]
