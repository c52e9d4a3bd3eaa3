"""What is proposed in wrap-up, as JSON."""

from __future__ import annotations

from aiohttp import web

from contactcenter.desk import contact_reason
from contactcenter.web import auth
from contactcenter.web.bodies import json_answer
from contactcenter.web.services import services_of

routes = web.RouteTableDef()


@routes.get("/api/contacts/{contact:[0-9]{1,18}}/reason")
async def proposed(request: web.Request) -> web.Response:
    """{reason, mark, repeat}."""
    actor, contact = await auth.signed_in(request), int(request.match_info["contact"])
    return json_answer(await contact_reason.proposed(services_of(request).db, actor, contact))
