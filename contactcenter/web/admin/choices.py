"""Outcomes, reasons to decline, templates, topics, contact reasons and areas for admins: what
agents and citizens choose from, in an order, by pages that are alike."""

from __future__ import annotations

from typing import Annotated, Any, Literal, get_args

import msgspec
from aiohttp import web

from contactcenter.configuration.document import (
    Area,
    ContactReason,
    DeclineReason,
    Disposition,
    Kind,
    Template,
    Topic,
)
from contactcenter.errors import Refused
from contactcenter.web.admin import configuring, contact_reasons
from contactcenter.web.admin.keyed_pages import KeyedPages
from contactcenter.web.bodies import Body, Form, Line, Text
from contactcenter.web.pages import page

ChoiceKind = Literal["disposition", "decline_reason", "template", "topic", "contact_reason", "area"]
Choice = Disposition | DeclineReason | Template | Topic | ContactReason | Area
_KINDS: tuple[ChoiceKind, ...] = get_args(ChoiceKind)
_ANY = "|".join(_KINDS)
_LIST = f"/admin/{{kind:{_ANY}}}s"
Number = Annotated[int, msgspec.Meta(ge=0, le=10**6)]


class Edit(Body, kw_only=True):
    """The form of one; only a template has texts, only a topic has hints and a queue, only
    a contact reason is merged, only an area has postal codes."""

    organisation: Line
    key: Line
    name_fi: Line = msgspec.field(name="name.fi", default="")
    name_sv: Line = msgspec.field(name="name.sv", default="")
    name_en: Line = msgspec.field(name="name.en", default="")
    text_fi: Text = msgspec.field(name="text.fi", default="")
    text_sv: Text = msgspec.field(name="text.sv", default="")
    text_en: Text = msgspec.field(name="text.en", default="")
    hint_fi: Line = msgspec.field(name="hint.fi", default="")
    hint_sv: Line = msgspec.field(name="hint.sv", default="")
    hint_en: Line = msgspec.field(name="hint.en", default="")
    queue: Line = ""
    chat_asks: Literal["", "none", "name", "language", "language name"] = ""
    merged_into: Line = ""
    postal_codes: Text = ""
    position: Number
    seen: Text = ""


async def choices(request: web.Request) -> web.Response:
    """The list, in the order in which people see them."""
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
        queues={one.key: one.name for one in known.document.queue},
        names={(one.organisation, one.key): one.name for one in known.document.contact_reason},
        done=request.query.get("done"),
        **(await contact_reasons.lists(request, known) if kind == "contact_reason" else {}),
    )


def _kind(request: web.Request) -> ChoiceKind:
    return next(kind for kind in _KINDS if kind == request.match_info["kind"])


def _wanted(kind: Kind, sent: Form, thing: Choice | None) -> Choice:
    """What the form says; organisation and key of one that is there stay."""
    given = sent.read(Edit)
    said: dict[str, Any] = {
        "organisation": thing.organisation if thing else given.organisation,
        "key": thing.key if thing else given.key.strip(),
        "name": configuring.texts(given, "name"),
        "position": given.position,
        "disabled": thing.disabled if thing else False,
    }
    if kind == "disposition":
        return Disposition(**said)
    if kind == "decline_reason":
        return DeclineReason(**said)
    if kind == "contact_reason":
        return ContactReason(**said, merged_into=given.merged_into)
    if kind == "area":
        codes = given.postal_codes.replace(",", " ").split()
        return Area(**said, postal_codes=tuple(codes))
    if kind == "topic":
        hint = configuring.texts(given, "hint")
        return Topic(**said, hint=hint, queue=given.queue, chat_asks=_asks(given.chat_asks))
    return Template(**said, text=configuring.texts(given, "text"))


def _asks(word: str) -> tuple[str, ...] | None:
    """What a topic's chat asks, from the form's word; None: what its organisation asks."""
    return tuple(word.replace("none", "").split()) if word else None


def _asked(asks: tuple[str, ...] | None) -> str:
    return "" if asks is None else " ".join(asks) or "none"


async def _form(
    request: web.Request, thing: Choice | None, no: Refused | None, sent: Form | None
) -> web.Response:
    known = await configuring.known(request)
    organisations = configuring.organisation_names(known)
    pairs = [("organisation", next(iter(organisations), "")), ("position", "0")]
    if thing is not None:
        pairs = [
            ("organisation", thing.organisation),
            ("key", thing.key),
            *configuring.names(thing),
            *(configuring.names(thing, "text") if isinstance(thing, Template) else []),
            *(configuring.names(thing, "hint") if isinstance(thing, Topic) else []),
            ("queue", getattr(thing, "queue", "")),
            ("merged_into", getattr(thing, "merged_into", "")),
            ("postal_codes", " ".join(getattr(thing, "postal_codes", ()))),
            ("chat_asks", _asked(thing.chat_asks) if isinstance(thing, Topic) else ""),
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
        queues=[
            one
            for one in known.document.queue
            if thing is None or one.organisation == thing.organisation
        ],
        others=contact_reasons.others(known, thing),
    )


_pages = KeyedPages(_kind, _wanted, _form)
routes = [
    web.get(_LIST, choices),
    web.post("/admin/contact_reasons/begin", contact_reasons.begin),
    *_pages.routes(_LIST, f"/admin/new/{{kind:{_ANY}}}"),
]
