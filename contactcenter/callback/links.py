"""Links by which citizens see their requests: a request's id, signed, so that nobody guesses one.

HMAC-SHA256 (RFC 2104) over the id, cut to 192 bits (RFC 2104, section 5). The same request has the
same link for ever: nothing is stored, and a repeated request is answered like the first.
"""

from __future__ import annotations

import hmac
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode

from contactcenter.callback.store import SQL
from contactcenter.errors import Refused
from contactcenter.kernel.db import Database

_ID, _MAC = 8, 24  # bytes; 32 together are 43 characters without padding
_SHAPE = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)


class Links:
    """Makes and reads the part of the link that names the request."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._key: bytes | None = None

    async def token(self, request: int) -> str:
        """The token of a request."""
        return sign(await self._secret(), request)

    async def request(self, token: str) -> int:
        """The request that a token names. Raises Refused("not_found")."""
        request = read(await self._secret(), token)
        if request is None:
            raise Refused("not_found")
        return request

    async def _secret(self) -> bytes:
        if self._key is None:
            async with self._db.connection() as conn:
                self._key = bytes(await SQL.signing_key.value(conn))
        return self._key


def sign(key: bytes, request: int) -> str:
    """The token of a request under a key."""
    name = request.to_bytes(_ID)
    return urlsafe_b64encode(name + _mac(key, name)).rstrip(b"=").decode()


def read(key: bytes, token: str) -> int | None:
    """The request that the token names; None where it was not signed with the key. One token has
    one spelling: the bits that its last character could hide are none of ours."""
    if _SHAPE.fullmatch(token) is None:
        return None
    signed = urlsafe_b64decode(token + "=")
    name, mac = signed[:_ID], signed[_ID:]
    request = int.from_bytes(name)
    known = hmac.compare_digest(mac, _mac(key, name)) and request < 2**63
    return request if known and hmac.compare_digest(token, sign(key, request)) else None


def _mac(key: bytes, name: bytes) -> bytes:
    return hmac.digest(key, b"callback " + name, "sha256")[:_MAC]
