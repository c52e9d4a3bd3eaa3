"""The reply token: which case an answer belongs to, in the address that it is sent to.

An outgoing mail asks for answers at `queue+TOKEN@domain`; whoever answers, from whatever address
and by whatever program, lands in the case. HMAC-SHA256 (RFC 2104) over the case's id, cut to 104
bits, in the letters a-z and 2-7: some servers fold the case of local parts. The same case has the
same token for ever, and nothing is stored.
"""

from __future__ import annotations

import base64
import hmac
import re

from contactcenter.cases.store import SQL
from contactcenter.kernel.sql import Connection

LENGTH = 32
MAX_LOCAL = 64  # RFC 5321, 4.5.3.1.1
_ID, _MAC = 7, 13  # bytes: 20 together, 32 letters without padding
_SHAPE = re.compile(rf"[a-z2-7]{{{LENGTH}}}")


async def signing_key(conn: Connection) -> bytes:
    """The key that tokens are signed with."""
    return bytes(await SQL.reply_key.value(conn))


def make(key: bytes, case: int) -> str:
    """The token of a case. Raises OverflowError for an id of more than 56 bits."""
    name = case.to_bytes(_ID)
    return base64.b32encode(name + _mac(key, name)).decode().lower()


def check(key: bytes, token: str) -> int | None:
    """The case that a token names, in whatever case it is written; None where it was not signed
    with the key. The time it takes tells nothing of how much was right."""
    token = token.lower()
    if _SHAPE.fullmatch(token) is None:
        return None
    signed = base64.b32decode(token.upper())
    name, mac = signed[:_ID], signed[_ID:]
    return int.from_bytes(name) if hmac.compare_digest(mac, _mac(key, name)) else None


def address(key: bytes, case: int, queue: str) -> str | None:
    """The queue's address with the token in it; None where it takes none: it has a plus part
    already, or no room."""
    local, _, domain = queue.rpartition("@")
    if not local or "+" in local or len(local) + 1 + LENGTH > MAX_LOCAL:
        return None
    return f"{local}+{make(key, case)}@{domain}"


def _mac(key: bytes, name: bytes) -> bytes:
    return hmac.digest(key, b"reply " + name, "sha256")[:_MAC]
