"""The supervisors' page of what-ifs, and what it asks."""

from __future__ import annotations

from contextlib import aclosing
from datetime import date
from typing import Any

from aiohttp import web

from contactcenter.accounts.authorise import Actor, may
from contactcenter.errors import Refused
from contactcenter.planning import actions
from contactcenter.planning.asked import MOST_CHANGE, Asked, Change
from contactcenter.routing.demand import PlanError
from contactcenter.routing.staffing import ServiceLevel
from contactcenter.web import auth
from contactcenter.web.bodies import Body, Line, json_body
from contactcenter.web.pages import page
from contactcenter.web.services import services_of
from contactcenter.web.supervisor.simulating import SIMULATING, simulated

routes = web.RouteTableDef()
_WITHIN = {"agents": (-MOST_CHANGE, MOST_CHANGE), "percent": (1, 99.9), "seconds": (0, 86_400)}
_FIELDS = {"able": "agents", "nobody": "day", "unrecorded": "day", "far": "day", "days": "day"}


class Question(Body):
    """A day, a change, of whom the figures are, and the target in per cent and seconds; without
    `percent` as each queue is set."""

    day: date
    agents: int = 0
    skill: Line = ""
    queue: Line = ""
    channel: Line = ""
    percent: float | None = None
    seconds: float = 20.0


@routes.get("/whatif")
async def whatif(request: web.Request) -> web.Response:
    """The page, for supervisors and admins; agents are told whose it is, others sign in."""
    actor = await _watcher(request)
    return await page(
        request, "whatif.html", **await actions.choices(services_of(request).db, actor)
    )


@routes.post("/api/whatif")
async def ask(request: web.Request) -> web.StreamResponse:
    """Lines of JSON: {done, of}, at last {answer} (docs/api.md). To go away is to cancel."""
    actor = await _watcher(request)
    given = await json_body(request, Question)
    async with request.config_dict[SIMULATING].turn(actor.user_id):
        try:
            prepared = await actions.prepare_for(services_of(request).db, actor, _asked(given))
        except PlanError as error:
            detail = f"plan_{error.key or 'senseless'}"
            no = Refused("bad_request", detail, field=_FIELDS.get(error.key))
            no.params = error.values
            raise no from None
        answer = web.StreamResponse(headers={"Content-Type": "application/x-ndjson"})
        await answer.prepare(request)
        async with aclosing(simulated(prepared)) as lines:
            async for line in lines:
                await answer.write(line)
        await answer.write_eof()
        return answer


async def _watcher(request: web.Request) -> Actor:
    actor = await auth.signed_in(request)
    if not may(actor, "watch"):
        raise Refused("forbidden", "board_for_supervisors")
    return actor


def _asked(given: Question) -> Asked:
    for name, (least, most) in _WITHIN.items():
        value = getattr(given, name)
        if value is not None and not least <= value <= most:
            reach: dict[str, Any] = {"least": f"{least:g}", "most": f"{most:g}"}
            raise Refused("bad_request", "plan_range", field=name, **reach)
    target = None
    if given.percent is not None:
        target = ServiceLevel(given.percent / 100, given.seconds)
    return Asked(
        change=Change(given.agents, given.skill),
        day=given.day,
        queue=given.queue or None,
        channel=given.channel or None,
        target=target,
    )
