"""Outcomes, reasons to decline and templates for admins: what agents choose from, in an order, by
pages that are alike."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from aiohttp import web

from contactcenter.configuration.document import DeclineReason, Disposition, Template, key_of
from contactcenter.errors import Refused
from contactcenter.web import configuring
from contactcenter.web.bodies import Body, Form, Line, Text, form
from contactcenter.web.pages import page

routes = web.RouteTableDef()
ChoiceKind = Literal["disposition", "decline_reason", "template"]
Choice = Disposition | DeclineReason | Template
_KINDS: tuple[ChoiceKind, ...] = ("disposition", "decline_reason", "template")
_ANY = "|".join(_KINDS)
_KEY = "[a-z][a-z0-9_-]{0,39}"
_LIST = f"/admin/{{kind:{_ANY}}}s"
_ONE = f"{_LIST}/{{organisation:{_KEY}}}/{{key:{_KEY}}}"
_NEW = f"/admin/new/{{kind:{_ANY}}}"
Number = Annotated[int, msgspec.Meta(ge=0, le=10**6)]


class Edit(Body, kw_only=True):
    """The form of one; only a template has texts."""

    organisation: Line
    key: Line
    name_fi: Line = msgspec.field(name="name.fi", default="")
    name_sv: Line = msgspec.field(name="name.sv", default="")
    name_en: Line = msgspec.field(name="name.en", default="")
    text_fi: Text = msgspec.field(name="text.fi", default="")
    text_sv: Text = msgspec.field(name="text.sv", default="")
    text_en: Text = msgspec.field(name="text.en", default="")
    position: Number
    seen: Text = ""


@routes.get(_LIST)
async def choices(request: web.Request) -> web.Response:
    """The list, in the order in which agents see them."""
    kind, known = _kind(request), await configuring.known(request)
    rows = sorted(
        getattr(known.document, kind),
        key=lambda one: (one.disabled, one.organisation, one.position, one.key),
    )
    return await page(
        request,
        "admin_choices.html",
        kind=kind,
        things=rows,
        organisations=configuring.organisation_names(known),
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
async def choice(request: web.Request) -> web.Response:
    """One of them."""
    return await _form(request, await _thing(request))


@routes.post(_ONE)
async def change(request: web.Request) -> web.Response:
    """Change it."""
    return await _save(request, await form(request), await _thing(request))


@routes.post(_ONE + "/disable")
async def disable(request: web.Request) -> web.Response:
    """No longer to be chosen; what has it already keeps it."""
    return await _use(request, disabled=True)


@routes.post(_ONE + "/enable")
async def enable(request: web.Request) -> web.Response:
    """To be chosen again."""
    return await _use(request, disabled=False)


def _kind(request: web.Request) -> ChoiceKind:
    return next(kind for kind in _KINDS if kind == request.match_info["kind"])


async def _thing(request: web.Request) -> Choice:
    match = request.match_info
    key = f"{match['organisation']}/{match['key']}"
    _, thing = await configuring.found(request, _kind(request), key)
    found: Choice = thing
    return found


async def _use(request: web.Request, *, disabled: bool) -> web.Response:
    sent, thing = await form(request), await _thing(request)
    wanted = msgspec.structs.replace(thing, disabled=disabled)
    try:
        done = await configuring.save(request, _kind(request), wanted, sent)
    except Refused as no:
        return await _form(request, thing, no)
    return configuring.saved(request, request.path.rpartition("/")[0], done)


async def _save(request: web.Request, sent: Form, thing: Choice | None) -> web.Response:
    kind = _kind(request)
    try:
        wanted = _wanted(kind, sent.read(Edit), thing)
        done = await configuring.save(request, kind, wanted, sent)
    except Refused as no:
        newest = None if thing is None else await _thing(request)
        return await _form(request, newest, no, sent)
    return configuring.saved(request, f"/admin/{kind}s/{key_of(kind, wanted)}", done)


def _wanted(kind: ChoiceKind, given: Edit, thing: Choice | None) -> Choice:
    """What the form says; organisation and key of one that is there stay."""
    said: dict[str, Any] = {
        "organisation": thing.organisation if thing else given.organisation,
        "key": thing.key if thing else given.key.strip(),
        "name": {"fi": given.name_fi, "sv": given.name_sv, "en": given.name_en},
        "position": given.position,
        "disabled": thing.disabled if thing else False,
    }
    if kind == "disposition":
        return Disposition(**said)
    if kind == "decline_reason":
        return DeclineReason(**said)
    return Template(**said, text={"fi": given.text_fi, "sv": given.text_sv, "en": given.text_en})


async def _form(
    request: web.Request, thing: Choice | None, no: Refused | None = None, sent: Form | None = None
) -> web.Response:
    organisations = configuring.organisation_names(await configuring.known(request))
    pairs = [("organisation", next(iter(organisations), "")), ("position", "0")]
    if thing is not None:
        pairs = [
            ("organisation", thing.organisation),
            ("key", thing.key),
            *configuring.names(thing),
            *(configuring.names(thing, "text") if isinstance(thing, Template) else []),
            ("position", str(thing.position)),
        ]
    return await configuring.editor(
        request,
        "admin_choice.html",
        _kind(request),
        thing,
        pairs,
        no,
        sent,
        organisations=organisations,
    )
