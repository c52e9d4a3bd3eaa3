"""The page of the agents' console; the rest of it is modules and the socket."""

from __future__ import annotations

from aiohttp import web

from contactcenter.accounts.authorise import require
from contactcenter.web import auth
from contactcenter.web.pages import page

routes = web.RouteTableDef()


@routes.get("/console")
async def console(request: web.Request) -> web.Response:
    """The console, for those who may work; others are sent to sign in."""
    actor = await auth.signed_in(request)
    require(actor, "work")
    return await page(request, "console.html")
