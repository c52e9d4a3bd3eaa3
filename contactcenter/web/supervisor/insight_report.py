"""The monthly report, as a page and as a PDF."""

from __future__ import annotations

from aiohttp import web

from contactcenter.insight.report import Report, known, read, report
from contactcenter.kernel.i18n import pick
from contactcenter.web.bodies import Body, Line, query
from contactcenter.web.pages import page
from contactcenter.web.services import services_of
from contactcenter.web.supervisor.insight_asked import MonthText, month, who, words_of

routes = web.RouteTableDef()


class Asked(Body):
    """Which month, as 2026-11, and whose; else the last one, of all."""

    month: MonthText | None = None
    organisation: Line | None = None


@routes.get("/insight/report")
async def shown(request: web.Request) -> web.Response:
    """The page."""
    made, asked, choices = await _made(request)
    return await page(
        request,
        "insight_report.html",
        report=made,
        asked=asked,
        choices=choices,
        w=words_of(request),
    )


async def _made(
    request: web.Request,
) -> tuple[Report, Asked, dict[str, list[tuple[str, str]]]]:
    actor, asked = await who(request), query(request, Asked)
    found = await read(
        services_of(request).db, actor, month(asked.month, "month"), asked.organisation
    )
    words = words_of(request)
    made = report(found, words)
    organisations = [
        (key, pick(o.name, words.language)) for key, o in found.this.organisations.items()
    ]
    choices = {
        "month": [(str(one), words.month(one)) for one in known(found.this)],
        "organisation": [("", words.t("all_organisations")), *organisations],
    }
    return made, asked, choices
