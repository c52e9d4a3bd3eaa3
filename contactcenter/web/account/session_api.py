"""Sign in and out for programs, and who is signed in."""

from __future__ import annotations

from aiohttp import web

from contactcenter.accounts import actions
from contactcenter.accounts.authorise import Actor
from contactcenter.accounts.secret import Secret
from contactcenter.accounts.store import SQL
from contactcenter.web import auth
from contactcenter.web.address import client_of
from contactcenter.web.asked import ACTOR
from contactcenter.web.bodies import Body, Line, Password, json_body
from contactcenter.web.security import by_password
from contactcenter.web.services import services_of
from contactcenter.web.throttle import SignInTry

routes = web.RouteTableDef()


class SignIn(Body):
    """What signing in takes."""

    email: Line
    password: Password


async def sign_in(request: web.Request, email: str, password: str) -> tuple[Secret, Actor]:
    """Sign in within the limits. A session that the browser had before ends: the new one has
    nothing in common with it (OWASP ASVS 5.0, 7.2.4). Raises Refused."""
    accounts, address = services_of(request).accounts, client_of(request)
    async with SignInTry(request, email):
        secret, actor = await actions.sign_in(accounts, email, password, address)
    await end_session(request)
    request[ACTOR] = actor
    return secret, actor


async def end_session(request: web.Request) -> None:
    """End the session of the request's cookie, if it has one."""
    old = auth.session_hash(request)
    if old is not None:
        await actions.sign_out(services_of(request).accounts, old, client_of(request))
    request[ACTOR] = None


async def user_object(request: web.Request, actor: Actor) -> dict[str, object]:
    """The user as the HTTP doors show them; the organisation by its key."""
    async with services_of(request).db.connection() as conn:
        organisation = await SQL.organisation_of.one(conn, organisation_id=actor.organisation_id)
    return {
        "id": str(actor.user_id),
        "name": actor.name,
        "role": actor.role,
        "organisation": organisation["key"] if organisation else None,
        "language": actor.language,
    }


@routes.post("/api/session")
@by_password
async def post(request: web.Request) -> web.Response:
    """Sign in: {email, password} -> {user} and the cookie; else 401 `bad_login`."""
    given = await json_body(request, SignIn)
    secret, actor = await sign_in(request, given.email, given.password)
    response = web.json_response({"user": await user_object(request, actor)})
    auth.set_cookie(request, response, secret)
    return response


@routes.get("/api/session")
async def get(request: web.Request) -> web.Response:
    """Who is signed in: {user}; else 401 `not_signed_in`."""
    actor = await auth.signed_in(request)
    return web.json_response({"user": await user_object(request, actor)})


@routes.delete("/api/session")
async def delete(request: web.Request) -> web.Response:
    """Sign out: 204, whether or not one was signed in; the session's sockets close within 2 s."""
    await end_session(request)
    response = web.Response(status=204)
    auth.drop_cookie(request, response)
    return response
