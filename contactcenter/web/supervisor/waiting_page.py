"""Who waits and why: the supervisors' page beside the board, and the same as JSON."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Annotated, Any

import msgspec
from aiohttp import web

from contactcenter.accounts.authorise import may
from contactcenter.cases import answering
from contactcenter.desk import pulling
from contactcenter.errors import Refused
from contactcenter.kernel.i18n import pick
from contactcenter.routing.explain import explain
from contactcenter.routing.waiting import COUNTED, MOST, After, waiting
from contactcenter.web import auth
from contactcenter.web.admin.mail import queue_names
from contactcenter.web.bodies import Body, Line, json_answer, query
from contactcenter.web.i18n import language_of
from contactcenter.web.pages import moment, page
from contactcenter.web.services import services_of
from contactcenter.web.supervisor import waiting_words

routes = web.RouteTableDef()
_CONTACT = r"{contact:[0-9]{1,18}}"


class Asked(Body):
    """Which queue, from where, and how many."""

    queue: Line | None = None
    after: Line | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=MOST)] = 50


@routes.get("/api/waiting")
async def listed(request: web.Request) -> web.Response:
    """{queues, contacts, next}."""
    return json_answer(await _found(request, query(request, Asked)))


@routes.get("/waiting")
async def shown(request: web.Request) -> web.Response:
    """The list; agents are told whose it is, others sign in."""
    actor, asked = await auth.signed_in(request), query(request, Asked)
    if not may(actor, "watch"):
        raise Refused("forbidden", "waiting_for_supervisors")
    found = await _found(request, asked)
    t = partial(services_of(request).catalogue.t, language_of(request))
    return await page(
        request,
        "waiting.html",
        asked=asked,
        owed=await answering.due(services_of(request).db, actor),
        counted=COUNTED,
        names={one["queue"]: one["name"] for one in found["queues"]},
        reason=partial(waiting_words.reason, t),
        duration=partial(waiting_words.duration, t),
        **found,
    )


@routes.get(f"/waiting/{_CONTACT}")
async def one(request: web.Request) -> web.Response:
    """Why this one is where it is, and who may have it out of its turn."""
    return await shown_one(request)


async def shown_one(request: web.Request, no: Refused | None = None) -> web.Response:
    """The page of one, with what was refused."""
    actor, services = await auth.signed_in(request), services_of(request)
    if not may(actor, "watch"):
        raise Refused("forbidden", "waiting_for_supervisors")
    contact = int(request.match_info["contact"])
    told = await explain(services.db, actor, contact)
    language = language_of(request)
    t = partial(services.catalogue.t, language)
    return await page(
        request,
        "waiting_contact.html",
        why=told,
        number=told["case"] or told["contact"],
        asked=partial(waiting_words.asked, t, partial(pick, language=language), told["tasks"]),
        no=no,
        done=request.query.get("done"),
        takers=await pulling.takers(services.db, actor, contact),
        queues=await queue_names(request, actor),
        clock=lambda at: moment(datetime.fromisoformat(at), language),
        plural=partial(waiting_words.plural, t),
        happened=partial(waiting_words.happened, t, partial(pick, language=language)),
        duration=partial(waiting_words.duration, t),
    )


async def _found(request: web.Request, asked: Asked) -> dict[str, Any]:
    actor = await auth.signed_in(request)
    after = After() if asked.after is None else After.read(asked.after)
    return await waiting(services_of(request).db, actor, asked.queue, after, asked.limit)
