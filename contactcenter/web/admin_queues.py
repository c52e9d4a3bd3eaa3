"""Queues for admins: the list, one queue with its hours, out of use and in use again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

import msgspec
from aiohttp import web

from contactcenter.accounts.rules import LEVELS
from contactcenter.configuration.document import CHANNELS, Queue, ServiceLevel
from contactcenter.configuration.rules import WAYS
from contactcenter.configuration.store import Known
from contactcenter.errors import Refused
from contactcenter.kernel.i18n import LANGUAGES
from contactcenter.queue.hours import Hours
from contactcenter.web import configuring, hours_form
from contactcenter.web.bodies import Body, Form, Line, Text, form
from contactcenter.web.configuring import Pairs, several
from contactcenter.web.i18n import language_of
from contactcenter.web.pages import page

routes = web.RouteTableDef()
_QUEUE = r"/admin/queues/{key:[a-z][a-z0-9_-]{0,59}}"
_NEW = "/admin/new/queue"
Number = Annotated[int, msgspec.Meta(ge=0, le=10**9)]
Opening = Literal["always", "staffed", "hours"]


def _named(name: str, **given: Any) -> Any:
    return msgspec.field(name=name, **given)


class Edit(Body, kw_only=True):
    """The form of one queue. A day's hours are a line of text: "9-15, 16-18"."""

    organisation: Line
    key: Line
    name_fi: Line = _named("name.fi", default="")
    name_sv: Line = _named("name.sv", default="")
    name_en: Line = _named("name.en", default="")
    task: Line
    level: Number
    languages: tuple[Line, ...] = ()
    channels: tuple[Line, ...] = ()
    addresses: Text = ""
    opening: Opening
    monday: Line = _named("hours.weekly.1", default="")
    tuesday: Line = _named("hours.weekly.2", default="")
    wednesday: Line = _named("hours.weekly.3", default="")
    thursday: Line = _named("hours.weekly.4", default="")
    friday: Line = _named("hours.weekly.5", default="")
    saturday: Line = _named("hours.weekly.6", default="")
    sunday: Line = _named("hours.weekly.7", default="")
    days: tuple[Line, ...] = _named("hours.exceptions.day", default=())
    spans: tuple[Line, ...] = _named("hours.exceptions.spans", default=())
    holidays: Literal["closed", "open"] = _named("hours.holidays")
    eves: Literal["closed", "open"] = _named("hours.eves")
    target_s: Number
    seconds: Number = _named("service_level.seconds")
    way: Line = _named("service_level.way")
    short_abandon_s: Number = _named("service_level.short_abandon_s")
    offer_s: Number | None = None
    callbacks_per_half_hour: Number
    seen: Text = ""
    act: Literal["save", "preview"] = "save"


@routes.get("/admin/queues")
async def queues(request: web.Request) -> web.Response:
    """The list, those in use first."""
    known = await configuring.known(request)
    rows = sorted(known.document.queue, key=lambda one: (one.disabled, one.organisation, one.key))
    return await page(
        request,
        "admin_queues.html",
        queues=rows,
        organisations=_names(known),
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
        given = _read(sent)
        wanted = _queue(given, disabled=thing.disabled if thing else False)
        if thing is not None and (wanted.key, wanted.organisation) != (key, thing.organisation):
            raise Refused("bad_request", "organisation_fixed", field="key")
        if given.act == "preview":
            return await _form(request, known, thing, None, sent, wanted.hours)
        done = await configuring.save(request, "queue", wanted, sent)
    except Refused as no:
        if no.code in ("forbidden", "unavailable"):
            raise
        known = await configuring.known(request)
        thing = next((one for one in known.document.queue if one.key == key), None)
        return await _form(request, known, thing, no, sent)
    return configuring.saved(request, f"/admin/queues/{wanted.key}", done)


def _read(sent: Form) -> Edit:
    """The form; an empty number of seconds is none."""
    pairs = [(name, value) for name, values in sent.values.items() for value in values]
    return Form([pair for pair in pairs if pair != ("offer_s", "")]).read(Edit)


def _queue(given: Edit, *, disabled: bool) -> Queue:
    return Queue(
        organisation=given.organisation,
        key=given.key.strip(),
        name={"fi": given.name_fi, "sv": given.name_sv, "en": given.name_en},
        task=given.task.strip(),
        level=given.level,
        languages=given.languages,
        channels=given.channels,
        addresses=tuple(given.addresses.split()),
        hours=_hours(given),
        always_open=given.opening == "always",
        target_s=given.target_s,
        service_level=ServiceLevel(
            seconds=given.seconds, way=given.way, short_abandon_s=given.short_abandon_s
        ),
        offer_s=given.offer_s,
        callbacks_per_half_hour=given.callbacks_per_half_hour,
        disabled=disabled,
    )


def _hours(given: Edit) -> Hours:
    """What is typed; nothing where staff alone decide. Raises Refused for hours without any."""
    week = (given.monday, given.tuesday, given.wednesday, given.thursday, given.friday)
    typed = enumerate((*week, given.saturday, given.sunday), 1)
    weekly = {str(n): hours_form.spans_of(text, f"hours.weekly.{n}") for n, text in typed}
    hours = Hours(
        weekly={day: spans for day, spans in weekly.items() if spans},
        exceptions=hours_form.exceptions_of(given.days, given.spans),
        holidays=given.holidays,
        eves=given.eves,
    )
    typed_none = not hours.weekly and not any(hours.exceptions.values())
    if given.opening == "hours" and typed_none:
        raise Refused("bad_request", "hours_none", field="opening")
    return Hours() if given.opening == "staffed" or typed_none else hours


def _opening(thing: Queue) -> Opening:
    if thing.always_open:
        return "always"
    return "staffed" if thing.hours == Hours() else "hours"


def _pairs(thing: Queue) -> Pairs:
    level = thing.service_level
    return [
        ("organisation", thing.organisation),
        ("key", thing.key),
        *configuring.names(thing),
        ("task", thing.task),
        ("level", str(thing.level)),
        *several("languages", thing.languages),
        *several("channels", thing.channels),
        ("addresses", "\n".join(thing.addresses)),
        ("opening", _opening(thing)),
        *hours_form.pairs(thing.hours),
        ("target_s", str(thing.target_s)),
        ("service_level.seconds", str(level.seconds)),
        ("service_level.way", level.way),
        ("service_level.short_abandon_s", str(level.short_abandon_s)),
        ("offer_s", "" if thing.offer_s is None else str(thing.offer_s)),
        ("callbacks_per_half_hour", str(thing.callbacks_per_half_hour)),
    ]


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
    typed = sent if sent is not None else Form(_pairs(like))
    zone = zones.get(typed.get("organisation")) or zones.get(like.organisation, "Europe/Helsinki")
    return await configuring.editor(
        request,
        "admin_queue.html",
        "queue",
        thing,
        _pairs(like),
        no,
        sent,
        organisations=_names(known),
        tasks=sorted({one.task for one in known.document.queue}),
        spoken=tuple(dict.fromkeys((*LANGUAGES, *like.languages))),
        channels=CHANNELS,
        levels=LEVELS,
        ways=WAYS,
        days=hours_form.day_rows(
            typed.all("hours.exceptions.day"), typed.all("hours.exceptions.spans")
        ),
        zone=zone,
        previewed=hours is not None,
        outlook=hours_form.outlook(
            hours or like.hours, zone, language_of(request), datetime.now(UTC)
        ),
    )


def _names(known: Known) -> dict[str, dict[str, str]]:
    return {one.key: one.name for one in known.document.organisation}
