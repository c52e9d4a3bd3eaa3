"""Why a contact went to its agent, and why one waits, as JSON."""

from __future__ import annotations

from aiohttp import web

from contactcenter.routing.explain import explain
from contactcenter.web import auth
from contactcenter.web.bodies import json_answer
from contactcenter.web.services import services_of

routes = web.RouteTableDef()


@routes.get("/api/contacts/{contact:[0-9]{1,18}}/why")
async def why(request: web.Request) -> web.Response:
    """{contact, state, queue, asks, steps, decisions, waiting}."""
    actor = await auth.signed_in(request)
    contact = int(request.match_info["contact"])
    return json_answer(await explain(services_of(request).db, actor, contact))
