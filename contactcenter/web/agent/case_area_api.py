"""Which part of the city a case is about, as JSON."""

from __future__ import annotations

from aiohttp import web

from contactcenter.desk import case_area
from contactcenter.web import auth
from contactcenter.web.bodies import Body, Line, json_answer, json_body
from contactcenter.web.services import services_of

routes = web.RouteTableDef()
_PLACE = "/api/cases/{case:[0-9]{1,18}}/area"


class Said(Body):
    """Which area, by its key; null: not known."""

    area: Line | None


@routes.get(_PLACE)
async def told(request: web.Request) -> web.Response:
    """{area, by, areas, suggested}."""
    actor, case = await auth.signed_in(request), int(request.match_info["case"])
    return json_answer(await case_area.of_case(services_of(request).db, actor, case))


@routes.post(_PLACE)
async def say(request: web.Request) -> web.Response:
    """The same, after it was said."""
    actor, said = await auth.signed_in(request), await json_body(request, Said)
    case = int(request.match_info["case"])
    return json_answer(await case_area.say(services_of(request).db, actor, case, said.area))
