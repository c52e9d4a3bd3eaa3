"""How fast a case was reacted to and answered, as JSON."""

from __future__ import annotations

from aiohttp import web

from contactcenter.stats import answering
from contactcenter.web import auth
from contactcenter.web.bodies import json_answer
from contactcenter.web.services import services_of

routes = web.RouteTableDef()


@routes.get("/api/cases/{case:[0-9]{1,18}}/times")
async def times(request: web.Request) -> web.Response:
    """{reaction, answer}: {calendar_s, working_s} each, null: not yet."""
    actor, case = await auth.signed_in(request), int(request.match_info["case"])
    found = await answering.of_case(services_of(request).db, actor, case)
    return json_answer(
        {
            name: None if time is None else time._asdict()
            for name, time in (("reaction", found.reaction), ("answer", found.answer))
        }
    )
