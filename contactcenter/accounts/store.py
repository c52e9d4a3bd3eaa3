"""Users, sessions and links in Postgres."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from contactcenter.accounts.rules import Managed, Profile, Skill, in_order
from contactcenter.errors import Refused
from contactcenter.kernel.sql import Connection, Row, load_sql

SQL = load_sql(__file__)


def managed(row: Row) -> Managed:
    """A row of `lock_user` as the rules see it."""
    return Managed(row["id"], row["organisation_id"], row["role"], tuple(row["scope"]))


def profile(row: Row, skills: Iterable[Skill]) -> Profile:
    """A row of a user as an admin sees and sets it."""
    return Profile(
        email=row["email"],
        name=row["name"],
        role=row["role"],
        language=row["language"],
        capacity=row["capacity"],
        scope=tuple(row["scope"]),
        skills=in_order(skills),
        pauses_mail=row["pauses_mail"],
        public_name=row["public_name"],
    )


async def skills_of(conn: Connection, user_id: int) -> tuple[Skill, ...]:
    """A user's skills, in order."""
    rows = await SQL.skills.all(conn, user_id=user_id)
    return in_order(Skill(**row) for row in rows)


async def add_user(conn: Connection, organisation_id: int, new: Profile) -> int:
    """Insert a user without a password. Raises Refused where the address is in use."""
    user_id: int | None = await SQL.add_user.value(
        conn, organisation_id=organisation_id, **_columns(new)
    )
    if user_id is None:
        raise Refused("bad_request", "email_taken", field="email")
    await set_scope(conn, user_id, new.scope)
    await set_skills(conn, user_id, new.skills)
    return user_id


def _columns(new: Profile) -> dict[str, Any]:
    return {
        "email": new.email,
        "name": new.name,
        "role": new.role,
        "language": new.language,
        "capacity": new.capacity,
        "pauses_mail": new.pauses_mail,
        "public_name": new.public_name,
    }


async def change_user(conn: Connection, user_id: int, new: Profile) -> None:
    """Write the profile. Raises Refused where the address is in use."""
    changed = await SQL.change_user.run(conn, user_id=user_id, **_columns(new))
    if not changed:
        raise Refused("bad_request", "email_taken", field="email")
    await set_scope(conn, user_id, new.scope)
    await set_skills(conn, user_id, new.skills)
    await SQL.touch_agent.run(conn, user_id=user_id)


async def set_scope(conn: Connection, user_id: int, organisations: Iterable[int]) -> None:
    """Whose citizens' data the user may see from now on."""
    await SQL.clear_scope.run(conn, user_id=user_id)
    await SQL.add_scope.run(conn, user_id=user_id, organisations=list(organisations))


async def set_skills(conn: Connection, user_id: int, skills: Iterable[Skill]) -> None:
    """What the user can from now on."""
    given = list(skills)
    await SQL.clear_skills.run(conn, user_id=user_id)
    await SQL.add_skills.run(
        conn,
        user_id=user_id,
        organisations=[skill.organisation_id for skill in given],
        tasks=[skill.task for skill in given],
        languages=[skill.language for skill in given],
        levels=[skill.level for skill in given],
        trained=[skill.trained for skill in given],
    )
