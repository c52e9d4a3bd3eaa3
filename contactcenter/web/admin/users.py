"""Users for admins: the list, invitations, one user's rights and skills."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any, Literal

import msgspec
from aiohttp import web

from contactcenter.accounts import rules, staff
from contactcenter.accounts.authorise import Actor, require, scope_for
from contactcenter.accounts.rules import Profile
from contactcenter.accounts.store import SQL, managed
from contactcenter.errors import Refused
from contactcenter.kernel.sql import Connection
from contactcenter.web import auth
from contactcenter.web.admin.skill_table import skill_table, skills_of
from contactcenter.web.bodies import Body, Form, Line, form
from contactcenter.web.pages import page, with_language
from contactcenter.web.redirects import see_other
from contactcenter.web.services import services_of

routes = web.RouteTableDef()
Capacity = Annotated[int, msgspec.Meta(ge=1, le=100)]
Mail = Literal["paused", "first"]  # what becomes of mail in hand when a live contact comes
NOTHING = Profile("", "", "agent", "fi", 3, ())  # who is not there yet
_USER = r"/admin/users/{id:[0-9]{1,18}}"


class Rights(Body, kw_only=True):
    """Who somebody is, and what they may and can. A skill is "organisation/task/language/level",
    or empty; the n-th day of training is for the n-th "organisation/task"."""

    email: Line
    name: Line
    role: Line
    language: Line
    mail: Mail = "paused"
    scope: tuple[int, ...] = ()
    skills: tuple[Line, ...] = ()
    trained_for: tuple[Line, ...] = ()
    trained: tuple[Line, ...] = ()


class Invitation(Rights, kw_only=True):
    """The form that invites a user, who sees the own organisation and those of `scope`."""

    organisation: int
    capacity: Capacity = 3


class Edit(Rights, kw_only=True):
    """The form of one user."""

    capacity: Capacity
    public_name: Line = ""


@routes.get("/admin/users")
async def users(request: web.Request) -> web.Response:
    """The list, and the form to invite."""
    return await _list(request, await auth.signed_in(request))


@routes.post("/admin/users")
async def invite(request: web.Request) -> web.Response:
    """Invite; the link is shown this once."""
    actor, sent = await auth.signed_in(request), await form(request)
    require(actor, "manage_users")
    try:
        given = sent.read(Invitation)
        new = replace(_profile(given), scope=(given.organisation, *given.scope))
        invited = await staff.invite(services_of(request).accounts, actor, given.organisation, new)
    except Refused as no:
        if no.field is None:
            raise
        return await _list(request, actor, no, sent)
    return await _one(request, actor, invited.user_id, invited_by=invited.link)


@routes.get(_USER)
async def user(request: web.Request) -> web.Response:
    """One user."""
    return await _one(request, await auth.signed_in(request), _id(request))


@routes.post(_USER)
async def update(request: web.Request) -> web.Response:
    """Change rights, skills and the rest."""
    actor, sent, user_id = await auth.signed_in(request), await form(request), _id(request)
    try:
        given = sent.read(Edit)
        new = replace(_profile(given), public_name=given.public_name)
        await staff.update(services_of(request).accounts, actor, user_id, new)
    except Refused as no:
        if no.field is None:
            raise
        return await _one(request, actor, user_id, no, sent)
    return await _changed(request, user_id)


@routes.post(_USER + "/disable")
async def disable(request: web.Request) -> web.Response:
    """Sign out everywhere and for good."""
    actor, _ = await auth.signed_in(request), await form(request)
    await staff.disable(services_of(request).accounts, actor, _id(request))
    return await _changed(request, _id(request))


@routes.post(_USER + "/enable")
async def enable(request: web.Request) -> web.Response:
    """Let sign in again."""
    actor, _ = await auth.signed_in(request), await form(request)
    await staff.enable(services_of(request).accounts, actor, _id(request))
    return await _changed(request, _id(request))


@routes.post(_USER + "/invite")
async def invite_again(request: web.Request) -> web.Response:
    """A new link, shown this once."""
    actor, _ = await auth.signed_in(request), await form(request)
    again = await staff.invite_again(services_of(request).accounts, actor, _id(request))
    return await _one(request, actor, again.user_id, invited_by=again.link)


def _id(request: web.Request) -> int:
    return int(request.match_info["id"])


async def _changed(request: web.Request, user_id: int) -> web.Response:
    await services_of(request).user_changed(user_id)
    return see_other(with_language(request, f"/admin/users/{user_id}", done="saved"))


def _profile(given: Invitation | Edit) -> Profile:
    return Profile(
        email=given.email,
        name=given.name,
        role=given.role,
        language=given.language,
        capacity=given.capacity,
        scope=given.scope,
        skills=skills_of(given.skills, given.trained_for, given.trained),
        pauses_mail=given.mail == "paused",
    )


async def _list(
    request: web.Request, actor: Actor, no: Refused | None = None, sent: Form | None = None
) -> web.Response:
    async with services_of(request).db.connection() as conn:
        rows = await staff.users(conn, actor)
        organisations = await _organisations(conn, actor)
        tasks = await SQL.tasks.all(conn, scope=scope_for(actor, "manage_users"))
    return await page(
        request,
        "admin_users.html",
        no=no,
        form=sent,
        users=rows,
        organisations=organisations,
        skills=skill_table(tasks, organisations, NOTHING, sent=sent),
        roles=rules.ROLES,
        levels=rules.LEVELS,
    )


async def _one(
    request: web.Request,
    actor: Actor,
    user_id: int,
    no: Refused | None = None,
    sent: Form | None = None,
    invited_by: str | None = None,
) -> web.Response:
    async with services_of(request).db.connection() as conn:
        row, profile = await staff.user(conn, actor, user_id)
        organisations = await _organisations(conn, actor)
        tasks = await SQL.tasks.all(conn, scope=scope_for(actor, "manage_users"))
    if sent is not None:
        profile = _retyped(profile, sent)
    return await page(
        request,
        "admin_user.html",
        no=no,
        form=sent,
        user=row,
        profile=profile,
        may_manage=rules.may_manage(actor, managed(row)),
        organisations=organisations,
        skills=skill_table(tasks, organisations, profile, row["organisation_id"], sent),
        roles=rules.ROLES,
        levels=rules.LEVELS,
        invited_by=invited_by,
        done=request.query.get("done"),
    )


def _retyped(profile: Profile, sent: Form) -> Profile:
    """What was typed, as far as it can be shown again."""
    scope = tuple(int(text) for text in sent.all("scope") if text.isdecimal())
    return replace(
        profile,
        email=sent.get("email"),
        name=sent.get("name"),
        public_name=sent.get("public_name"),
        role=sent.get("role"),
        language=sent.get("language"),
        scope=scope,
    )


async def _organisations(conn: Connection, actor: Actor) -> list[dict[str, Any]]:
    rows = await SQL.organisations.all(conn, scope=scope_for(actor, "manage_users"))
    return [{"id": row["id"], "name": msgspec.json.decode(row["name"])} for row in rows]
