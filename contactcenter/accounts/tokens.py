"""Links to set a password: single use, short lived, bound to the user and the mail's address."""

from __future__ import annotations

from typing import Literal

from contactcenter.accounts.rules import TOKEN_LIFE
from contactcenter.accounts.secret import hash_of, new_secret
from contactcenter.accounts.store import SQL
from contactcenter.errors import Refused
from contactcenter.kernel.sql import Connection, Row

Purpose = Literal["invite", "reset"]


async def issue(conn: Connection, user_id: int, purpose: Purpose) -> str:
    """A new link's secret; the user's older links are void from now on."""
    secret = new_secret()
    await SQL.void_tokens_of.run(conn, user_id=user_id)
    await SQL.add_token.run(
        conn,
        token_hash=secret.hash,
        user_id=user_id,
        purpose=purpose,
        life=TOKEN_LIFE[purpose],
    )
    return secret.text


async def look(conn: Connection, token: str) -> Row:
    """Whom the link is for, without using it. Raises Refused("not_found", "link_ended")."""
    token_hash = hash_of(token)
    row = token_hash and await SQL.look_at_token.one(conn, token_hash=token_hash)
    if not row:
        raise Refused("not_found", "link_ended")
    return row


async def use(conn: Connection, token: str) -> Row:
    """Use it up and void the user's others; of parallel uses one succeeds. Raises
    Refused("not_found", "link_ended")."""
    token_hash = hash_of(token)
    row = token_hash and await SQL.use_token.one(conn, token_hash=token_hash)
    if not row:
        raise Refused("not_found", "link_ended")
    await SQL.void_tokens_of.run(conn, user_id=row["id"])
    return row
