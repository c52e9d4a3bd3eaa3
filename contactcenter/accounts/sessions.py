"""Who is signed in. The browser holds the secret, the database its hash and when it ends."""

from __future__ import annotations

from collections.abc import Iterable

from contactcenter.accounts.authorise import Actor
from contactcenter.accounts.rules import SESSION_LIFE
from contactcenter.accounts.secret import Secret, hash_of, new_secret
from contactcenter.accounts.store import SQL
from contactcenter.kernel.sql import Connection


async def create(conn: Connection, user_id: int, password_hash: str) -> Secret | None:
    """A new session; None where the user was disabled or got another password since the
    password was checked against `password_hash`."""
    secret = new_secret()
    made = await SQL.start_session.run(
        conn,
        token_hash=secret.hash,
        user_id=user_id,
        password_hash=password_hash,
        life=SESSION_LIFE,
    )
    return secret if made else None


async def find(conn: Connection, token_hash: bytes, address: str = "") -> Actor | None:
    """The signed-in user with today's rights; None where the session has ended."""
    row = await SQL.find_session.one(conn, token_hash=token_hash)
    if row is None:
        return None
    return Actor(
        user_id=row["id"],
        name=row["name"],
        role=row["role"],
        organisation_id=row["organisation_id"],
        scope=tuple(row["scope"]),
        language=row["language"],
        capacity=row["capacity"],
        address=address,
        pulls=tuple(row["pulls"]),
    )


async def valid_sessions(conn: Connection, hashes: Iterable[bytes]) -> set[bytes]:
    """Those of the sessions that have not ended: one query, asked each second for all sockets."""
    rows = await SQL.valid_sessions.all(conn, hashes=list(hashes))
    return {row["token_hash"] for row in rows}


async def end(conn: Connection, token_hash: bytes) -> int | None:
    """End one session; returns whose it was."""
    user_id: int | None = await SQL.end_session.value(conn, token_hash=token_hash)
    return user_id


async def end_all(conn: Connection, user_id: int) -> int:
    """End every session of a user; returns how many."""
    return await SQL.end_sessions_of.run(conn, user_id=user_id)


def session_hash(cookie: str | None) -> bytes | None:
    """What a cookie's value is found by; None where it can't be a session of ours."""
    return hash_of(cookie) if cookie else None
