"""What users do for themselves: sign in and out, set, change and recover a password.

Sign-in tells an unknown, a disabled and an invited user, and a wrong password, by one answer after
one piece of work, so neither text nor time tells who exists (OWASP ASVS 5.0, 6.3.8).
"""

from __future__ import annotations

from contactcenter.accounts import audit, rules, sessions, tokens
from contactcenter.accounts.authorise import Actor
from contactcenter.accounts.house import Accounts
from contactcenter.accounts.secret import Secret
from contactcenter.accounts.store import SQL
from contactcenter.errors import Refused
from contactcenter.kernel.i18n import LANGUAGES
from contactcenter.kernel.sql import Connection, Row


async def sign_in(
    accounts: Accounts, email: str, password: str, address: str = ""
) -> tuple[Secret, Actor]:
    """A new session for the right e-mail address and password. Raises Refused("bad_login")."""
    async with accounts.db.connection() as conn:
        user = await SQL.by_email.one(conn, email=rules.email_key(email))
    right = await _is_password_of(accounts, user, password)
    if user is None or not right:
        await _note_failure(accounts, user, address)
        raise Refused("bad_login")
    async with accounts.db.transaction() as conn:
        return await _start(conn, user, address)


async def sign_out(accounts: Accounts, token_hash: bytes, address: str = "") -> None:
    """End the session; its sockets close within 2 s. A repeat changes nothing."""
    async with accounts.db.transaction() as conn:
        actor = await sessions.find(conn, token_hash, address)
        user_id = await sessions.end(conn, token_hash)
        if user_id is not None:
            await audit.note(conn, actor, "sign_out", "user", user_id, address=address)


async def change_password(accounts: Accounts, actor: Actor, current: str, new: str) -> Secret:
    """Change one's own password. Every session of the user ends; the returned one is new. Raises
    Refused: `bad_login` for a wrong current password, `bad_request` for a bad new one."""
    async with accounts.db.connection() as conn:
        user = await SQL.by_id.one(conn, user_id=actor.user_id)
    right = await _is_password_of(accounts, user, current)
    if user is None or not right:
        await _note_failure(accounts, user, actor.address)
        raise Refused("bad_login", "wrong_password", field="current")
    _check(new, user["email"], user["name"])
    password_hash = await accounts.passwords.hash(new)
    async with accounts.db.transaction() as conn:
        await _replace(conn, user["id"], password_hash, user["password_hash"])
        secret = await sessions.create(conn, user["id"], password_hash)
        if secret is None:
            raise Refused("not_signed_in")
        await audit.note(conn, actor, "change_password", "user", user["id"])
    return secret


async def set_password(accounts: Accounts, token: str, new: str, address: str = "") -> None:
    """Set a password with a link's token, which is used up by it. Raises Refused: `not_found`
    where the link has ended, `bad_request` for a bad password (the link stays good)."""
    async with accounts.db.connection() as conn:
        user = await tokens.look(conn, token)
    _check(new, user["email"], user["name"])
    password_hash = await accounts.passwords.hash(new)
    async with accounts.db.transaction() as conn:
        used = await tokens.use(conn, token)
        await _replace(conn, used["id"], password_hash)
        await audit.note(
            conn,
            None,
            "set_password",
            "user",
            used["id"],
            organisation_id=used["organisation_id"],
            after={"by": used["purpose"]},
            address=address,
        )


async def request_reset(accounts: Accounts, email: str, address: str = "") -> None:
    """Mail a link to a user who has this address and may sign in; nothing for others, and the
    caller is not told which. The caller evens out the time it takes."""
    async with accounts.db.transaction() as conn:
        user = await SQL.by_email.one(conn, email=rules.email_key(email))
        if user is None or user["disabled_at"] is not None:
            return
        await accounts.send_link(conn, user, "reset")
        await audit.note(
            conn,
            None,
            "request_reset",
            "user",
            user["id"],
            organisation_id=user["organisation_id"],
            address=address,
        )
    accounts.notifier.wake()


async def set_language(accounts: Accounts, actor: Actor, language: str) -> None:
    """The language of one's own pages. Raises Refused("bad_request")."""
    if language not in LANGUAGES:
        raise Refused("bad_request", field="language")
    async with accounts.db.transaction() as conn:
        await SQL.set_language.run(conn, user_id=actor.user_id, language=language)
        await audit.note(
            conn,
            actor,
            "set_language",
            "user",
            actor.user_id,
            before={"language": actor.language},
            after={"language": language},
        )


async def _is_password_of(accounts: Accounts, user: Row | None, password: str) -> bool:
    stored = user["password_hash"] if user and user["disabled_at"] is None else None
    return await accounts.passwords.verify(stored, password)


async def _start(conn: Connection, user: Row, address: str) -> tuple[Secret, Actor]:
    secret = await sessions.create(conn, user["id"], user["password_hash"])
    if secret is None:
        raise Refused("bad_login")
    actor = await sessions.find(conn, secret.hash, address)
    if actor is None:
        raise Refused("bad_login")
    await audit.note(conn, actor, "sign_in", "user", actor.user_id)
    return secret, actor


async def _note_failure(accounts: Accounts, user: Row | None, address: str) -> None:
    async with accounts.db.transaction() as conn:
        await audit.note(
            conn,
            None,
            "sign_in_failed",
            "user",
            user["id"] if user else "",
            organisation_id=user["organisation_id"] if user else None,
            address=address,
        )


async def _replace(
    conn: Connection, user_id: int, password_hash: str, old: str | None = None
) -> None:
    changed = await SQL.set_password.run(
        conn, user_id=user_id, password_hash=password_hash, old=old
    )
    if not changed:
        raise Refused("not_signed_in")
    await sessions.end_all(conn, user_id)
    await SQL.void_tokens_of.run(conn, user_id=user_id)


def _check(password: str, email: str, name: str) -> None:
    problem = rules.password_problem(password, email, name)
    if problem:
        raise Refused("bad_request", problem, field="password", least=rules.SHORTEST_PASSWORD)
