"""Outcomes for admins: what agents may choose in wrap-up."""

from __future__ import annotations

from typing import Annotated

import msgspec
from aiohttp import web

from contactcenter.configuration.document import Disposition
from contactcenter.errors import Refused
from contactcenter.web import configuring
from contactcenter.web.bodies import Body, Form, Line, Text, form
from contactcenter.web.pages import page

routes = web.RouteTableDef()
_ONE = r"/admin/dispositions/{organisation:[a-z][a-z0-9_-]{0,39}}/{key:[a-z][a-z0-9_-]{0,39}}"
_NEW = "/admin/new/disposition"
Number = Annotated[int, msgspec.Meta(ge=0, le=10**6)]


class Edit(Body, kw_only=True):
    """The form of one outcome."""

    organisation: Line
    key: Line
    name_fi: Line = msgspec.field(name="name.fi", default="")
    name_sv: Line = msgspec.field(name="name.sv", default="")
    name_en: Line = msgspec.field(name="name.en", default="")
    position: Number
    seen: Text = ""


@routes.get("/admin/dispositions")
async def dispositions(request: web.Request) -> web.Response:
    """The list, in the order in which agents see them."""
    known = await configuring.known(request)
    rows = sorted(
        known.document.disposition,
        key=lambda one: (one.disabled, one.organisation, one.position, one.key),
    )
    names = {one.key: one.name for one in known.document.organisation}
    return await page(request, "admin_dispositions.html", things=rows, organisations=names)


@routes.get(_NEW)
async def new(request: web.Request) -> web.Response:
    """An empty form."""
    return await _form(request, None)


@routes.post(_NEW)
async def add(request: web.Request) -> web.Response:
    """Add one."""
    return await _save(request, await form(request), None)


@routes.get(_ONE)
async def disposition(request: web.Request) -> web.Response:
    """One outcome."""
    return await _form(request, await _thing(request))


@routes.post(_ONE)
async def change(request: web.Request) -> web.Response:
    """Change it."""
    return await _save(request, await form(request), await _thing(request))


@routes.post(_ONE + "/disable")
async def disable(request: web.Request) -> web.Response:
    """No longer to be chosen; contacts that have it keep it."""
    return await _use(request, disabled=True)


@routes.post(_ONE + "/enable")
async def enable(request: web.Request) -> web.Response:
    """To be chosen again."""
    return await _use(request, disabled=False)


async def _thing(request: web.Request) -> Disposition:
    match = request.match_info
    _, thing = await configuring.found(
        request, "disposition", f"{match['organisation']}/{match['key']}"
    )
    found: Disposition = thing
    return found


async def _use(request: web.Request, *, disabled: bool) -> web.Response:
    sent, thing = await form(request), await _thing(request)
    wanted = msgspec.structs.replace(thing, disabled=disabled)
    try:
        done = await configuring.save(request, "disposition", wanted, sent)
    except Refused as no:
        return await _form(request, thing, no)
    return configuring.saved(request, request.path.rpartition("/")[0], done)


async def _save(request: web.Request, sent: Form, thing: Disposition | None) -> web.Response:
    try:
        wanted = _wanted(sent.read(Edit), thing)
        done = await configuring.save(request, "disposition", wanted, sent)
    except Refused as no:
        newest = None if thing is None else await _thing(request)
        return await _form(request, newest, no, sent)
    place = f"/admin/dispositions/{wanted.organisation}/{wanted.key}"
    return configuring.saved(request, place, done)


def _wanted(given: Edit, thing: Disposition | None) -> Disposition:
    """What the form says; organisation and key of one that is there stay."""
    return Disposition(
        organisation=thing.organisation if thing else given.organisation,
        key=thing.key if thing else given.key.strip(),
        name={"fi": given.name_fi, "sv": given.name_sv, "en": given.name_en},
        position=given.position,
        disabled=thing.disabled if thing else False,
    )


async def _form(
    request: web.Request,
    thing: Disposition | None,
    no: Refused | None = None,
    sent: Form | None = None,
) -> web.Response:
    known = await configuring.known(request)
    organisations = {one.key: one.name for one in known.document.organisation}
    pairs = [("organisation", next(iter(organisations), "")), ("position", "0")]
    if thing is not None:
        pairs = [
            ("organisation", thing.organisation),
            ("key", thing.key),
            *configuring.names(thing),
            ("position", str(thing.position)),
        ]
    return await configuring.editor(
        request,
        "admin_disposition.html",
        "disposition",
        thing,
        pairs,
        no,
        sent,
        organisations=organisations,
    )
