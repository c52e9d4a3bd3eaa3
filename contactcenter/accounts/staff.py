"""What admins do for users: invite, change, disable, enable. Each is audited with before and after.

An admin manages users of organisations in the own scope, and never gives more than the own rights.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from contactcenter.accounts import audit, rules, sessions, store
from contactcenter.accounts.authorise import Actor, require, scope_for
from contactcenter.accounts.house import Accounts
from contactcenter.accounts.rules import Managed, Profile, Skill
from contactcenter.accounts.store import SQL
from contactcenter.errors import Refused
from contactcenter.kernel.sql import Connection, Row


@dataclass(frozen=True)
class Invited:
    """A new or renewed invitation: the link is shown once, to hand it over."""

    user_id: int
    link: str


async def users(conn: Connection, actor: Actor) -> list[Row]:
    """The users an admin may see, the active ones first."""
    require(actor, "manage_users")
    return await SQL.users.all(conn, scope=scope_for(actor, "manage_users"))


async def user(conn: Connection, actor: Actor, user_id: int) -> tuple[Row, Profile]:
    """One user and what can be set of them. Raises Refused("not_found")."""
    require(actor, "manage_users")
    row = await SQL.user_of.one(conn, user_id=user_id, scope=scope_for(actor, "manage_users"))
    if row is None:
        raise Refused("not_found")
    return row, store.profile(row, await store.skills_of(conn, user_id))


async def invite(accounts: Accounts, actor: Actor, organisation_id: int, new: Profile) -> Invited:
    """Add a user and mail them a link to set a password. Raises Refused."""
    async with accounts.db.transaction() as conn:
        row = await add(conn, actor, organisation_id, new, verb="invite")
        link = await accounts.send_link(conn, row, "invite")
    accounts.notifier.wake()
    return Invited(row["id"], link)


async def add(
    conn: Connection, actor: Actor, organisation_id: int, new: Profile, *, verb: str = "add_user"
) -> Row:
    """Add a user, who can't sign in before an invitation. Raises Refused."""
    require(actor, "manage_users", organisation_id)
    new = _tidy(new)
    _check(actor, Managed(0, organisation_id, new.role, ()), new)
    user_id = await store.add_user(conn, organisation_id, new)
    row = await _lock(conn, actor, user_id)
    await _note(conn, actor, verb, row, after=_facts(new))
    return row


async def invite_again(accounts: Accounts, actor: Actor, user_id: int) -> Invited:
    """A new link for a user who lost or never got one; older links are void. Raises Refused."""
    async with accounts.db.transaction() as conn:
        row = await _lock(conn, actor, user_id)
        if row["disabled_at"] is not None:
            raise Refused("wrong_state", "user_disabled")
        link = await accounts.send_link(conn, row, "invite")
        await _note(conn, actor, "invite_again", row)
    accounts.notifier.wake()
    return Invited(user_id, link)


async def update(accounts: Accounts, actor: Actor, user_id: int, new: Profile) -> None:
    """Change a user. Raises Refused."""
    async with accounts.db.transaction() as conn:
        await change(conn, actor, user_id, new)


async def change(conn: Connection, actor: Actor, user_id: int, new: Profile) -> None:
    """Change a user. Another role, scope or address ends the user's sessions: what is open on
    their screens was opened with the old rights. Raises Refused."""
    new = _tidy(new)
    row = await _lock(conn, actor, user_id)
    old = store.profile(row, await store.skills_of(conn, user_id))
    _check(actor, store.managed(row), new)
    await store.change_user(conn, user_id, new)
    if (old.role, set(old.scope), old.email) != (new.role, set(new.scope), new.email):
        await sessions.end_all(conn, user_id)
    before, after = _difference(_facts(old), _facts(new))
    if after:
        await _note(conn, actor, "change_user", row, before=before, after=after)


async def disable(accounts: Accounts, actor: Actor, user_id: int) -> None:
    """The user can't sign in, and is signed out everywhere. A repeat changes nothing."""
    async with accounts.db.transaction() as conn:
        await set_disabled(conn, actor, user_id, disabled=True)


async def enable(accounts: Accounts, actor: Actor, user_id: int) -> None:
    """The user may sign in again. A repeat changes nothing."""
    async with accounts.db.transaction() as conn:
        await set_disabled(conn, actor, user_id, disabled=False)


async def set_disabled(conn: Connection, actor: Actor, user_id: int, *, disabled: bool) -> None:
    """Out of use, signed out everywhere, or in use again. Raises Refused."""
    row = await _lock(conn, actor, user_id)
    if disabled and user_id == actor.user_id:
        raise Refused("forbidden", "own_rights")
    await SQL.set_disabled.run(conn, user_id=user_id, disabled=disabled)
    if disabled:
        await sessions.end_all(conn, user_id)
        await SQL.void_tokens_of.run(conn, user_id=user_id)
    await SQL.touch_agent.run(conn, user_id=user_id)
    if (row["disabled_at"] is not None) != disabled:
        await _note(conn, actor, "disable_user" if disabled else "enable_user", row)


async def _lock(conn: Connection, actor: Actor, user_id: int) -> Row:
    """The user's row, locked, of a user whom the actor may manage. Raises Refused."""
    require(actor, "manage_users")
    row = await SQL.lock_user.one(conn, user_id=user_id)
    if row is None or row["organisation_id"] not in scope_for(actor, "manage_users"):
        raise Refused("not_found")
    if not rules.may_manage(actor, store.managed(row)):
        raise Refused("forbidden", "beyond_own_scope")
    return row


def _tidy(new: Profile) -> Profile:
    """In the form in which it is stored. Raises Refused for an unusable address or name."""
    email, name = rules.email_key(new.email), rules.name_key(new.name)
    if not email:
        raise Refused("bad_request", "invalid_email", field="email")
    if not name:
        raise Refused("bad_request", "invalid_name", field="name")
    public_name = rules.public_name_key(new.public_name)
    if new.public_name.strip() and not public_name:
        raise Refused("bad_request", "invalid_name", field="public_name")
    return Profile(
        email=email,
        name=name,
        role=new.role,
        language=new.language,
        capacity=new.capacity,
        scope=tuple(sorted(set(new.scope))),
        skills=rules.in_order(new.skills),
        pauses_mail=new.pauses_mail,
        public_name=public_name,
    )


def _check(actor: Actor, who: Managed, new: Profile) -> None:
    problem = rules.profile_problem(actor, who, new)
    if problem is not None:
        detail, field = problem
        code = "forbidden" if detail in rules.BEYOND else "bad_request"
        raise Refused(code, detail, field=field)


def _facts(profile: Profile) -> dict[str, Any]:
    return {
        "email": profile.email,
        "name": profile.name,
        "public_name": profile.public_name,
        "role": profile.role,
        "language": profile.language,
        "capacity": profile.capacity,
        "pauses_mail": profile.pauses_mail,
        "scope": list(profile.scope),
        "skills": [_shown(skill) for skill in profile.skills],
    }


def _shown(skill: Skill) -> str:
    since = f" {skill.trained}" if skill.trained else ""
    return f"{skill.organisation_id}/{skill.task}/{skill.language}/{skill.level}{since}"


def _difference(old: dict[str, Any], new: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    keys = [key for key in old if old[key] != new[key]]
    return {key: old[key] for key in keys}, {key: new[key] for key in keys}


async def _note(
    conn: Connection,
    actor: Actor,
    verb: str,
    row: Row,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    await audit.note(
        conn,
        actor,
        verb,
        "user",
        row["id"],
        organisation_id=row["organisation_id"],
        before=before,
        after=after,
    )
