"""One's own account: password and language."""

from __future__ import annotations

from aiohttp import web

from contactcenter.accounts import actions
from contactcenter.accounts.store import SQL
from contactcenter.errors import Refused
from contactcenter.web import auth
from contactcenter.web.bodies import Body, Form, Line, Password, form
from contactcenter.web.pages import page
from contactcenter.web.redirects import safe_next, see_other
from contactcenter.web.services import services_of
from contactcenter.web.throttle import MINUTE

routes = web.RouteTableDef()


class Change(Body):
    """The form that changes the password."""

    current: Password
    password: Password
    again: Password


class Language(Body):
    """The language switch."""

    language: Line
    next: str = ""


@routes.get("/account")
async def account(request: web.Request) -> web.Response:
    """The page."""
    await auth.signed_in(request)
    return await _page(request)


@routes.post("/account/password")
async def password(request: web.Request) -> web.Response:
    """Change the password; every other browser of the user is signed out."""
    actor, sent, services = await auth.signed_in(request), await form(request), services_of(request)
    count = services.settings.logins_per_minute_per_account
    tries = ("password", str(actor.user_id), count, MINUTE)
    try:
        given = sent.read(Change)
        if given.password != given.again:
            raise Refused("bad_request", "passwords_differ", field="again")
        await services.limits.take(*tries, closed=True)
        secret = await actions.change_password(
            services.accounts, actor, given.current, given.password
        )
    except Refused as no:
        return await _page(request, no, sent)
    await services.limits.give_back(*tries)
    answer = see_other("/account?done=password")
    auth.set_cookie(request, answer, secret)
    return answer


@routes.post("/account/language")
async def language(request: web.Request) -> web.Response:
    """Use another language from now on, and go back to where the switch was."""
    actor, given = await auth.signed_in(request), (await form(request)).read(Language)
    await actions.set_language(services_of(request).accounts, actor, given.language)
    return see_other(safe_next(given.next, "/account"))


async def _page(
    request: web.Request, no: Refused | None = None, sent: Form | None = None
) -> web.Response:
    actor = await auth.signed_in(request)
    async with services_of(request).db.connection() as conn:
        user = await SQL.by_id.one(conn, user_id=actor.user_id)
    return await page(
        request, "account.html", no=no, form=sent, user=user, done=request.query.get("done")
    )
