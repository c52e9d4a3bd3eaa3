"""Why a contact went to its agent, and why one waits, as JSON."""

from __future__ import annotations

from typing import Annotated

import msgspec
from aiohttp import web

from contactcenter.routing.explain import explain
from contactcenter.routing.then import why_not_then
from contactcenter.web import auth
from contactcenter.web.bodies import Body, json_answer, query
from contactcenter.web.services import services_of

routes = web.RouteTableDef()


class Of(Body):
    """Of which agent; without one, who asks."""

    agent: Annotated[int, msgspec.Meta(ge=1, le=2**62)] | None = None


@routes.get("/api/contacts/{contact:[0-9]{1,18}}/why")
async def why(request: web.Request) -> web.Response:
    """{contact, state, queue, asks, steps, decisions, waiting}."""
    actor = await auth.signed_in(request)
    contact = int(request.match_info["contact"])
    return json_answer(await explain(services_of(request).db, actor, contact))


@routes.get("/api/contacts/{contact:[0-9]{1,18}}/why-not")
async def why_not(request: web.Request) -> web.Response:
    """{contact, agent, decisions}: why an agent did not get it."""
    actor, asked = await auth.signed_in(request), query(request, Of)
    contact = int(request.match_info["contact"])
    db = services_of(request).db
    return json_answer(await why_not_then(db, actor, contact, asked.agent))
