"""Agreements for admins: whose agents serve in which tasks, and until when."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import msgspec
from aiohttp import web

from contactcenter.accounts.authorise import scope_for
from contactcenter.configuration import agreements as serving
from contactcenter.configuration.document import Agreement, key_of
from contactcenter.configuration.store import Known
from contactcenter.errors import Refused
from contactcenter.web import auth, configuring
from contactcenter.web.bodies import Body, Form, Line, Text, form
from contactcenter.web.configuring import Pairs
from contactcenter.web.pages import page
from contactcenter.web.services import services_of

routes = web.RouteTableDef()
_KEY = "[a-z][a-z0-9_-]{0,39}"
_LIST = "/admin/agreements"
_ONE = f"{_LIST}/{{organisation:{_KEY}}}/{{key:{_KEY}}}"
_NEW = "/admin/new/agreement"


class Edit(Body, kw_only=True):
    """The form of one; tasks are words."""

    organisation: Line
    key: Line
    agents_of: Line
    tasks: Line
    valid_from: date
    valid_to: date | None = None
    seen: Text = ""


@routes.get(_LIST)
async def agreements(request: web.Request) -> web.Response:
    """The organisation's own, and those by which its agents serve others."""
    actor, known = await auth.signed_in(request), await configuring.known(request)
    async with services_of(request).db.connection() as conn:
        names = await serving.organisation_names(conn)
        others = await serving.agreements_elsewhere(conn, scope_for(actor, "configure"))
    return await page(
        request,
        "admin_agreements.html",
        agreements=[
            (one, serving.standing(one, _today(known, one))) for one in known.document.agreement
        ],
        elsewhere=[(one, serving.standing(one, _day_in(zone))) for one, zone in others],
        organisations=names,
    )


@routes.get(_NEW)
async def new(request: web.Request) -> web.Response:
    """An empty form."""
    return await _form(request, None)


@routes.post(_NEW)
async def add(request: web.Request) -> web.Response:
    """Add one."""
    return await _save(request, await form(request), None)


@routes.get(_ONE)
async def agreement(request: web.Request) -> web.Response:
    """One of them."""
    return await _form(request, await _thing(request))


@routes.post(_ONE)
async def change(request: web.Request) -> web.Response:
    """Change it, or say when it ends."""
    return await _save(request, await form(request), await _thing(request))


@routes.post(_ONE + "/disable")
async def disable(request: web.Request) -> web.Response:
    """It holds no longer, from this moment."""
    return await _use(request, disabled=True)


@routes.post(_ONE + "/enable")
async def enable(request: web.Request) -> web.Response:
    """It holds again."""
    return await _use(request, disabled=False)


def _day_in(zone: str) -> date:
    return datetime.now(ZoneInfo(zone)).date()


def _today(known: Known, thing: Agreement) -> date:
    zones = {one.key: one.time_zone for one in known.document.organisation}
    return _day_in(zones[thing.organisation])


async def _thing(request: web.Request) -> Agreement:
    match = request.match_info
    _, thing = await configuring.found(
        request, "agreement", f"{match['organisation']}/{match['key']}"
    )
    found: Agreement = thing
    return found


async def _use(request: web.Request, *, disabled: bool) -> web.Response:
    sent, thing = await form(request), await _thing(request)
    wanted = msgspec.structs.replace(thing, disabled=disabled)
    try:
        done = await configuring.save(request, "agreement", wanted, sent)
    except Refused as no:
        return await _form(request, thing, no)
    return configuring.saved(request, request.path.rpartition("/")[0], done)


async def _save(request: web.Request, sent: Form, thing: Agreement | None) -> web.Response:
    try:
        wanted = _wanted(_read(sent), thing)
        done = await configuring.save(request, "agreement", wanted, sent)
    except Refused as no:
        if no.code in ("forbidden", "unavailable"):
            raise
        newest = None if thing is None else await _thing(request)
        return await _form(request, newest, no, sent)
    return configuring.saved(request, f"{_LIST}/{key_of('agreement', wanted)}", done)


def _read(sent: Form) -> Edit:
    """The form; no last day is none."""
    pairs = [(name, value) for name, values in sent.values.items() for value in values]
    return Form([pair for pair in pairs if pair != ("valid_to", "")]).read(Edit)


def _wanted(given: Edit, thing: Agreement | None) -> Agreement:
    """What the form says; between whom it is stays."""
    return Agreement(
        organisation=thing.organisation if thing else given.organisation,
        key=thing.key if thing else given.key.strip(),
        agents_of=thing.agents_of if thing else given.agents_of,
        tasks=tuple(given.tasks.replace(",", " ").split()),
        valid_from=given.valid_from,
        valid_to=given.valid_to,
        disabled=thing.disabled if thing else False,
    )


async def _form(
    request: web.Request,
    thing: Agreement | None,
    no: Refused | None = None,
    sent: Form | None = None,
) -> web.Response:
    known = await configuring.known(request)
    async with services_of(request).db.connection() as conn:
        names = await serving.organisation_names(conn)
    own = configuring.organisation_names(known)
    return await configuring.editor(
        request,
        "admin_agreement.html",
        "agreement",
        thing,
        _pairs(thing, next(iter(own), "")),
        no,
        sent,
        organisations=own,
        others=names,
        tasks=sorted({one.task for one in known.document.queue}),
    )


def _pairs(thing: Agreement | None, first: str) -> Pairs:
    if thing is None:
        return [("organisation", first)]
    return [
        ("organisation", thing.organisation),
        ("key", thing.key),
        ("agents_of", thing.agents_of),
        ("tasks", " ".join(thing.tasks)),
        ("valid_from", str(thing.valid_from)),
        ("valid_to", str(thing.valid_to or "")),
    ]
