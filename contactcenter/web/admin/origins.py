"""Sites for admins: which may show the chat and send callback requests."""

from __future__ import annotations

from aiohttp import web

from contactcenter.configuration import actions
from contactcenter.configuration.document import WidgetOrigin
from contactcenter.errors import Refused
from contactcenter.web import auth
from contactcenter.web.admin import configuring
from contactcenter.web.bodies import Body, Form, Line, form
from contactcenter.web.pages import page
from contactcenter.web.services import services_of

routes = web.RouteTableDef()
_LIST = "/admin/origins"


class Site(Body):
    """A site and whose it is."""

    organisation: Line
    origin: Line


@routes.get(_LIST)
async def origins(request: web.Request) -> web.Response:
    """The list, and the form to add one."""
    return await _show(request)


@routes.post(_LIST)
async def add(request: web.Request) -> web.Response:
    """Add a site."""
    sent = await form(request)
    try:
        done = await configuring.save(request, "widget_origin", _site(sent), sent)
    except Refused as no:
        return await _show(request, no, sent)
    return configuring.saved(request, _LIST, done)


@routes.post(_LIST + "/remove")
async def remove(request: web.Request) -> web.Response:
    """Take one away. A repeat changes nothing."""
    services, actor = services_of(request), await auth.signed_in(request)
    site = _site(await form(request))
    done = await actions.remove(services.db, services.published, actor, "widget_origin", site)
    return configuring.saved(request, _LIST, done, done="saved")


def _site(sent: Form) -> WidgetOrigin:
    given = sent.read(Site)
    return WidgetOrigin(organisation=given.organisation, origin=given.origin)


async def _show(
    request: web.Request, no: Refused | None = None, sent: Form | None = None
) -> web.Response:
    known = await configuring.known(request)
    return await page(
        request,
        "admin_origins.html",
        no=no,
        form=sent,
        sites=known.document.widget_origin,
        settings_sites=services_of(request).settings.widget_origins,
        organisations=configuring.organisation_names(known),
        public_url=services_of(request).settings.public_url,
        done=request.query.get("done"),
        undo=request.query.get("undo", ""),
    )
