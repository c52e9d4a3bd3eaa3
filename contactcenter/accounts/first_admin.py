"""The first admin of an organisation, made by whoever runs the server: no page can do that."""

from __future__ import annotations

import msgspec

from contactcenter.accounts import audit, rules, store, tokens
from contactcenter.accounts.rules import Profile
from contactcenter.accounts.store import SQL
from contactcenter.errors import Refused
from contactcenter.kernel.db import Database
from contactcenter.kernel.i18n import LANGUAGES
from contactcenter.kernel.sql import Connection


async def create_admin(
    db: Database, email: str, name: str, organisation: str, *, language: str = "fi"
) -> str:
    """Add an admin of the organisation (its key; made where it is missing), seeing that one only.
    Returns the token of the link to set a password. For one who is admin there already it is a
    new link, the way back for an admin who lost everything. Raises Refused."""
    async with db.transaction() as conn:
        key = rules.email_key(email)
        if not key:
            raise Refused("bad_request", "invalid_email", field="email")
        organisation_id = await _organisation(conn, organisation)
        user_id = await _known_admin(conn, key, organisation_id)
        if user_id is None:
            user_id = await _add(conn, organisation_id, key, name, language)
        await audit.note(
            conn, None, "create_admin", "user", user_id, organisation_id=organisation_id
        )
        return await tokens.issue(conn, user_id, "invite")


async def _organisation(conn: Connection, key: str) -> int:
    if not rules.ORGANISATION_KEY.fullmatch(key):
        raise Refused("bad_request", "invalid_organisation", field="organisation")
    name = msgspec.json.encode(dict.fromkeys(LANGUAGES, key)).decode()
    await SQL.add_organisation.run(conn, key=key, name=name)
    return int(await SQL.organisation_by_key.value(conn, key=key))


async def _known_admin(conn: Connection, email: str, organisation_id: int) -> int | None:
    known = await SQL.by_email.one(conn, email=email)
    if known is None:
        return None
    row = await SQL.lock_user.one(conn, user_id=known["id"])
    if row is None or (row["organisation_id"], row["role"]) != (organisation_id, "admin"):
        raise Refused("bad_request", "email_taken", field="email")
    await SQL.set_disabled.run(conn, user_id=row["id"], disabled=False)
    return int(row["id"])


async def _add(conn: Connection, organisation_id: int, email: str, name: str, language: str) -> int:
    tidy = rules.name_key(name)
    if not tidy:
        raise Refused("bad_request", "invalid_name", field="name")
    admin = Profile(
        email=email,
        name=tidy,
        role="admin",
        language=language,
        capacity=3,
        scope=(organisation_id,),
    )
    return await store.add_user(conn, organisation_id, admin)
