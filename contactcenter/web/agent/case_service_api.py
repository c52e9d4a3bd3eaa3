"""Which service a case is about, as JSON."""

from __future__ import annotations

from typing import Annotated

import msgspec
from aiohttp import web

from contactcenter.desk import case_service
from contactcenter.web import auth
from contactcenter.web.bodies import Body, Line, json_answer, json_body, query
from contactcenter.web.services import services_of

routes = web.RouteTableDef()
_PLACE = "/api/cases/{case:[0-9]{1,18}}/service"


class Asked(Body):
    """Words to find others by than those that the case suggests."""

    find: Line = ""


class Said(Body):
    """Which service; null: none."""

    service: Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)] | None


@routes.get(_PLACE)
async def told(request: web.Request) -> web.Response:
    """{service, suggested}."""
    actor, asked = await auth.signed_in(request), query(request, Asked)
    case = int(request.match_info["case"])
    return json_answer(await case_service.of_case(services_of(request).db, actor, case, asked.find))


@routes.post(_PLACE)
async def say(request: web.Request) -> web.Response:
    """The same, after it was said."""
    actor, said = await auth.signed_in(request), await json_body(request, Said)
    case = int(request.match_info["case"])
    return json_answer(await case_service.say(services_of(request).db, actor, case, said.service))
