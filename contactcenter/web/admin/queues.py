"""Queues for admins: the list, one queue with its hours, out of use and in use again."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
from aiohttp import web

from contactcenter.accounts.rules import LEVELS
from contactcenter.configuration.document import Queue
from contactcenter.configuration.queue_rules import WAYS
from contactcenter.configuration.reading import Known
from contactcenter.errors import Refused
from contactcenter.kernel.i18n import LANGUAGES
from contactcenter.queue.hours import WEEKDAYS, Hours
from contactcenter.queue.rules import CHANNELS
from contactcenter.web.admin import configuring, hours_form, queue_form, relax_form
from contactcenter.web.bodies import Form, form
from contactcenter.web.i18n import language_of
from contactcenter.web.pages import page
from contactcenter.web.services import services_of

routes = web.RouteTableDef()
_QUEUE = r"/admin/queues/{key:[a-z][a-z0-9_-]{0,59}}"
_NEW = "/admin/new/queue"


@routes.get("/admin/queues")
async def queues(request: web.Request) -> web.Response:
    """The list, those in use first."""
    known = await configuring.known(request)
    rows = sorted(known.document.queue, key=lambda one: (one.disabled, one.organisation, one.key))
    return await page(
        request,
        "admin_queues.html",
        queues=rows,
        organisations=configuring.organisation_names(known),
        done=request.query.get("done"),
    )


@routes.get(_NEW)
async def new(request: web.Request) -> web.Response:
    """An empty form."""
    return await _form(request, await configuring.known(request), None)


@routes.post(_NEW)
async def add(request: web.Request) -> web.Response:
    """Add a queue."""
    return await _save(request, None)


@routes.get(_QUEUE)
async def queue(request: web.Request) -> web.Response:
    """One queue."""
    known, thing = await configuring.found(request, "queue", request.match_info["key"])
    return await _form(request, known, thing)


@routes.post(_QUEUE)
async def change(request: web.Request) -> web.Response:
    """Change it, or only show what the hours come to."""
    return await _save(request, request.match_info["key"])


@routes.post(_QUEUE + "/disable")
async def disable(request: web.Request) -> web.Response:
    """Take it out of use, where nobody waits in it."""
    return await _use(request, disabled=True)


@routes.post(_QUEUE + "/enable")
async def enable(request: web.Request) -> web.Response:
    """Take it into use again."""
    return await _use(request, disabled=False)


async def _use(request: web.Request, *, disabled: bool) -> web.Response:
    key, sent = request.match_info["key"], await form(request)
    known, thing = await configuring.found(request, "queue", key)
    wanted = msgspec.structs.replace(thing, disabled=disabled)
    try:
        done = await configuring.save(request, "queue", wanted, sent)
    except Refused as no:
        return await _form(request, known, thing, no)
    return configuring.saved(request, f"/admin/queues/{key}", done)


async def _save(request: web.Request, key: str | None) -> web.Response:
    sent, thing = await form(request), None
    known = await configuring.known(request)
    if key is not None:
        known, thing = await configuring.found(request, "queue", key)
    try:
        given = queue_form.read(sent)
        wanted = queue_form.queue_of(given, disabled=thing.disabled if thing else False)
        if thing is not None and (wanted.key, wanted.organisation) != (key, thing.organisation):
            raise Refused("bad_request", "organisation_fixed", field="key")
        if given.act == "preview":
            hours_form.check(wanted.hours)
            return await _form(request, known, thing, None, sent, wanted.hours)
        done = await configuring.save(request, "queue", wanted, sent)
    except Refused as no:
        if no.code in ("forbidden", "unavailable"):
            raise
        _name_days(request, no)
        known = await configuring.known(request)
        thing = next((one for one in known.document.queue if one.key == key), None)
        return await _form(request, known, thing, no, sent)
    return configuring.saved(request, f"/admin/queues/{wanted.key}", done)


def _name_days(request: web.Request, no: Refused) -> None:
    """Weekdays by their names, where a file has their numbers."""
    for one in (no, *no.errors):
        if (day := one.params.get("day")) in WEEKDAYS:
            name = services_of(request).catalogue.t(language_of(request), f"weekday.{day}")
            one.params["day"] = name


def _empty(known: Known) -> Queue:
    first = known.document.organisation[0].key if known.document.organisation else ""
    return Queue(organisation=first, key="", name={}, task="", languages=LANGUAGES)


async def _form(
    request: web.Request,
    known: Known,
    thing: Queue | None,
    no: Refused | None = None,
    sent: Form | None = None,
    hours: Hours | None = None,
) -> web.Response:
    like = thing or _empty(known)
    zones = {one.key: one.time_zone for one in known.document.organisation}
    typed = sent if sent is not None else Form(queue_form.pairs(like))
    zone = zones.get(typed.get("organisation")) or zones.get(like.organisation, "Europe/Helsinki")
    return await configuring.editor(
        request,
        "admin_queue.html",
        "queue",
        thing,
        queue_form.pairs(like),
        no,
        sent,
        organisations=configuring.organisation_names(known),
        tasks=sorted({one.task for one in known.document.queue}),
        spoken=tuple(dict.fromkeys((*LANGUAGES, *like.languages))),
        channels=CHANNELS,
        levels=LEVELS,
        ways=WAYS,
        days=hours_form.day_rows(
            typed.all("hours.exceptions.day"), typed.all("hours.exceptions.spans")
        ),
        steps=relax_form.rows(
            typed.all("relax.after_s"), typed.all("relax.to"), typed.all("relax.queue")
        ),
        step_kinds=relax_form.KINDS,
        others=[(one.key, one.name) for one in known.document.queue if one.key != like.key],
        zone=zone,
        previewed=hours is not None,
        outlook=hours_form.outlook(
            hours or like.hours, zone, language_of(request), datetime.now(UTC)
        ),
    )
