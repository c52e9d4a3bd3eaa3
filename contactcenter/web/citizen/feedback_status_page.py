"""What comes of open feedback, by its link alone: when it came, how far it is, what was decided and
why. Nothing of what its giver wrote, so the link may be shown to others."""

from __future__ import annotations

from functools import partial
from zoneinfo import ZoneInfo

from aiohttp import web

from contactcenter.feedback import open_feedback
from contactcenter.kernel.i18n import names_of
from contactcenter.web.citizen.private_link import counted, private
from contactcenter.web.i18n import language_of
from contactcenter.web.look import Whose
from contactcenter.web.pages import day, page
from contactcenter.web.services import services_of
from contactcenter.web.when import When

routes = web.RouteTableDef()
_private = private("feedback_status_missing.html")


@routes.get("/give-feedback/{token}", allow_head=False)
@_private
async def look(request: web.Request) -> web.Response:
    """How it stands; as often as one likes, until the link ends."""
    services, token = services_of(request), request.match_info["token"]
    row = await counted(request, open_feedback.status(services.db, token))
    words = partial(services.catalogue.t, language_of(request))
    zone = ZoneInfo(row["time_zone"])
    when = When(words, zone, row["now"])
    decided = row["decided_at"]
    return await page(
        request,
        "feedback_status.html",
        whose=Whose(row["organisation_key"]),
        organisation=names_of(row["organisation"]),
        item=row,
        service=names_of(row["service_name"]),
        stands=open_feedback.stands(row),
        given=when.moment(row["given_at"]),
        decided="" if decided is None else when.moment(decided),
        until=day(row["expires_at"].astimezone(zone).date(), language_of(request)),
        url=f"{services.settings.public_url}/give-feedback/{token}",
        new="new" in request.query,
    )
