"""Organisations for admins: their names, time zones and ways. A new one is made on the server."""

from __future__ import annotations

from typing import Annotated
from zoneinfo import available_timezones

import msgspec
from aiohttp import web

from contactcenter.configuration.document import Organisation, Privacy
from contactcenter.configuration.organisation_rules import NAMES_SHOWN
from contactcenter.errors import Refused
from contactcenter.web.admin import configuring
from contactcenter.web.bodies import Body, Form, Line, Text, form
from contactcenter.web.pages import page

routes = web.RouteTableDef()
_ONE = r"/admin/organisations/{key:[a-z][a-z0-9_-]{0,39}}"
# The zones of places; the others are older names of the same.
_ZONES = tuple(sorted(zone for zone in available_timezones() if zone.startswith("Europe/")))


Share = Annotated[int, msgspec.Meta(ge=0, le=100)]


class Edit(Body):
    """The form of one organisation."""

    time_zone: Line
    name_fi: Line = msgspec.field(name="name.fi", default="")
    name_sv: Line = msgspec.field(name="name.sv", default="")
    name_en: Line = msgspec.field(name="name.en", default="")
    decline_without_reason: Line = ""  # a box without a cross is not sent
    agents_pull: Line = ""
    estimate_least: Share = 60
    controller_fi: Line = msgspec.field(name="privacy.controller.fi", default="")
    controller_sv: Line = msgspec.field(name="privacy.controller.sv", default="")
    controller_en: Line = msgspec.field(name="privacy.controller.en", default="")
    contact: Line = msgspec.field(name="privacy.contact", default="")
    officer: Line = msgspec.field(name="privacy.officer", default="")
    kept_fi: Text = msgspec.field(name="privacy.kept.fi", default="")
    kept_sv: Text = msgspec.field(name="privacy.kept.sv", default="")
    kept_en: Text = msgspec.field(name="privacy.kept.en", default="")
    notice_fi: Line = msgspec.field(name="privacy.notice.fi", default="")
    notice_sv: Line = msgspec.field(name="privacy.notice.sv", default="")
    notice_en: Line = msgspec.field(name="privacy.notice.en", default="")
    accessibility_queue: Line = ""
    agent_names: Line = "first"
    chat_asks: tuple[Line, ...] = ()
    phone: Line = ""
    feedback_queue: Line = ""
    seen: Text = ""


@routes.get("/admin/organisations")
async def organisations(request: web.Request) -> web.Response:
    """The list."""
    known = await configuring.known(request)
    queues = [one.organisation for one in known.document.queue if not one.disabled]
    return await page(
        request,
        "admin_organisations.html",
        organisations=known.document.organisation,
        queues={one.key: queues.count(one.key) for one in known.document.organisation},
    )


@routes.get(_ONE)
async def organisation(request: web.Request) -> web.Response:
    """One organisation."""
    _, thing = await configuring.found(request, "organisation", request.match_info["key"])
    return await _form(request, thing)


@routes.post(_ONE)
async def change(request: web.Request) -> web.Response:
    """Change it."""
    key, sent = request.match_info["key"], await form(request)
    _, thing = await configuring.found(request, "organisation", key)
    try:
        given = sent.read(Edit)
        wanted = Organisation(
            key=key,
            name=configuring.texts(given, "name"),
            time_zone=given.time_zone,
            decline_without_reason=given.decline_without_reason == "yes",
            agents_pull=given.agents_pull == "yes",
            estimate_least=given.estimate_least,
            privacy=_privacy(given),
            accessibility_queue=given.accessibility_queue,
            agent_names=given.agent_names,
            chat_asks=given.chat_asks,
            phone=given.phone.strip(),
            feedback_queue=given.feedback_queue,
        )
        done = await configuring.save(request, "organisation", wanted, sent)
    except Refused as no:
        _, thing = await configuring.found(request, "organisation", key)
        return await _form(request, thing, no, sent)
    return configuring.saved(request, f"/admin/organisations/{key}", done)


def _privacy(given: Edit) -> Privacy:
    return Privacy(
        controller=configuring.texts(given, "controller"),
        contact=given.contact,
        officer=given.officer,
        kept=configuring.texts(given, "kept"),
        notice=configuring.texts(given, "notice"),
    )


async def _form(
    request: web.Request, thing: Organisation, no: Refused | None = None, sent: Form | None = None
) -> web.Response:
    known = await configuring.known(request)
    return await configuring.editor(
        request,
        "admin_organisation.html",
        "organisation",
        thing,
        [
            ("key", thing.key),
            *configuring.names(thing),
            ("time_zone", thing.time_zone),
            ("decline_without_reason", "yes" if thing.decline_without_reason else ""),
            ("agents_pull", "yes" if thing.agents_pull else ""),
            ("estimate_least", str(thing.estimate_least)),
            *(
                (f"privacy.{name}", text)
                for field in ("controller", "kept", "notice")
                for name, text in configuring.names(thing.privacy, field)
            ),
            ("privacy.contact", thing.privacy.contact),
            ("privacy.officer", thing.privacy.officer),
            ("accessibility_queue", thing.accessibility_queue),
            ("agent_names", thing.agent_names),
            *configuring.several("chat_asks", thing.chat_asks),
            ("phone", thing.phone),
            ("feedback_queue", thing.feedback_queue),
        ],
        no,
        sent,
        queues=[one for one in known.document.queue if one.organisation == thing.key],
        names_shown=NAMES_SHOWN,
        zones=tuple(dict.fromkeys((thing.time_zone, *_ZONES))),
    )
