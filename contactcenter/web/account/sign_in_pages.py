"""The pages before one is signed in. They need no script and keep what was typed."""

from __future__ import annotations

import asyncio
import time

from aiohttp import web

from contactcenter.accounts import actions, tokens
from contactcenter.errors import Refused
from contactcenter.kernel.sql import Row
from contactcenter.web import auth, throttle
from contactcenter.web.account.session_api import end_session, sign_in
from contactcenter.web.address import client_of
from contactcenter.web.asked import LANGUAGE
from contactcenter.web.bodies import Body, Line, Password, form
from contactcenter.web.pages import page, with_language
from contactcenter.web.redirects import safe_next, see_other
from contactcenter.web.services import services_of

FORGOT_TAKES_S = 0.3  # more than the work for a known address, so that time doesn't tell
routes = web.RouteTableDef()


class Login(Body):
    """The sign-in form."""

    email: Line
    password: Password
    next: str = ""  # whatever it is: `safe_next` decides


class Forgot(Body):
    """The form that asks for a link."""

    email: Line


class NewPassword(Body):
    """The form that sets a password."""

    password: Password
    again: Password


@routes.get("/login")
async def login(request: web.Request) -> web.Response:
    """The form; who is signed in goes on."""
    place = safe_next(request.query.get("next"))
    if await auth.actor_of(request) is not None:
        return see_other(place)
    return await page(request, "login.html", next=place, done=request.query.get("done"))


@routes.post("/login")
async def post_login(request: web.Request) -> web.Response:
    """Sign in, then go to `next`."""
    sent = await form(request)
    place = safe_next(sent.get("next"))
    try:
        given = sent.read(Login)
        secret, _ = await sign_in(request, given.email, given.password)
    except Refused as no:
        return await page(request, "login.html", no=no, form=sent, next=place, done=None)
    answer = see_other(place)
    auth.set_cookie(request, answer, secret)
    return answer


@routes.post("/logout")
async def logout(request: web.Request) -> web.Response:
    """Sign out."""
    await form(request)
    await end_session(request)
    answer = see_other(with_language(request, "/login", done="out"))
    auth.drop_cookie(request, answer)
    return answer


@routes.get("/forgot")
async def forgot(request: web.Request) -> web.Response:
    """The form."""
    return await page(request, "forgot.html", asked=False)


@routes.post("/forgot")
async def post_forgot(request: web.Request) -> web.Response:
    """Mail a link if the address is a user's. The answer and its time are the same if not."""
    sent, until = await form(request), time.monotonic() + FORGOT_TAKES_S
    try:
        email = sent.read(Forgot).email
        await throttle.reset(request, email)
        await actions.request_reset(services_of(request).accounts, email, client_of(request))
    except Refused as no:
        return await page(request, "forgot.html", no=no, form=sent, asked=False)
    await asyncio.sleep(until - time.monotonic())
    return await page(request, "forgot.html", form=sent, asked=True)


@routes.get("/set-password/{token}")
async def set_password(request: web.Request) -> web.Response:
    """The form, for whoever holds the link. Looking does not use it up: mail filters look too."""
    await throttle.link(request)
    return _private(await page(request, "set_password.html", user=await _user(request)))


@routes.post("/set-password/{token}")
async def post_set_password(request: web.Request) -> web.Response:
    """Set the password, then sign in with it."""
    await throttle.link(request)
    sent, user = await form(request), await _user(request)
    try:
        given = sent.read(NewPassword)
        if given.password != given.again:
            raise Refused("bad_request", "passwords_differ", field="again")
        await actions.set_password(
            services_of(request).accounts,
            request.match_info["token"],
            given.password,
            client_of(request),
        )
    except Refused as no:
        if no.code == "not_found":
            raise
        return _private(await page(request, "set_password.html", no=no, form=sent, user=user))
    answer = see_other(with_language(request, "/login", done="password"))
    auth.drop_cookie(request, answer)
    return answer


async def _user(request: web.Request) -> Row:
    async with services_of(request).db.connection() as conn:
        user = await tokens.look(conn, request.match_info["token"])
    request[LANGUAGE] = user["language"]
    return user


def _private(answer: web.Response) -> web.Response:
    """The page's own address holds the secret: it is told to nobody, not even to ourselves."""
    answer.headers["Referrer-Policy"] = "strict-origin"
    return answer
