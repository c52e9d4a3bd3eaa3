"""Why not me: a page for whoever works, of oneself; for those who watch, of any colleague."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec
from aiohttp import web

from contactcenter.accounts.authorise import Actor, may, require, scope_for
from contactcenter.errors import Refused
from contactcenter.kernel.sql import Row
from contactcenter.queue import agents
from contactcenter.routing.then import why_not_then
from contactcenter.web import auth
from contactcenter.web.bodies import Body, query
from contactcenter.web.i18n import language_of
from contactcenter.web.pages import moment, page
from contactcenter.web.services import services_of

routes = web.RouteTableDef()
Number = Annotated[int, msgspec.Meta(ge=1, le=2**62)]


class Asked(Body):
    """The number of a case (or a contact), which of its contacts is meant, and of which agent."""

    number: Number | None = None
    contact: Number = 0
    agent: Number | None = None


@routes.get("/why-not")
async def why_not(request: web.Request) -> web.Response:
    """The form, and what was asked by it."""
    actor, asked = await auth.signed_in(request), query(request, Asked)
    require(actor, "work")
    told = unknown = None
    if asked.number is not None:
        try:
            told = await _told(request, actor, asked.number, asked)
        except Refused as no:
            if no.code != "not_found":
                raise
            unknown = no.field
    return await page(
        request,
        "why_not.html",
        asked=asked,
        told=told,
        unknown=unknown,
        colleagues=await _colleagues(request, actor),
        clock=lambda at: moment(datetime.fromisoformat(at), language_of(request)),
    )


async def _told(request: web.Request, actor: Actor, number: int, asked: Asked) -> dict[str, Any]:
    db = services_of(request).db
    return await why_not_then(db, actor, number, asked.agent, asked.contact)


async def _colleagues(request: web.Request, actor: Actor) -> list[Row]:
    """Of whom may be asked; nobody but oneself for agents."""
    if not may(actor, "watch"):
        return []
    async with services_of(request).db.connection() as conn:
        return await agents.SQL.colleagues.all(conn, scope=scope_for(actor, "watch"))
