"""The monthly report, as a page and as a PDF."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from contactcenter.insight.report import Report, known, read, report
from contactcenter.insight.sentences import Section
from contactcenter.insight.typeset import Press
from contactcenter.kernel.i18n import pick
from contactcenter.web.bodies import Body, Line, query
from contactcenter.web.download import headers
from contactcenter.web.pages import page
from contactcenter.web.services import services_of
from contactcenter.web.supervisor.insight_asked import MonthText, month, who
from contactcenter.web.words import words_of

routes = web.RouteTableDef()
PRESS = web.AppKey("press", Press)


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


@routes.get("/insight/report.pdf", allow_head=False)
async def as_pdf(request: web.Request) -> web.Response:
    """The same to be passed on."""
    made, asked, _ = await _made(request)
    words = words_of(request)
    plain = made._asdict() | {"month": str(made.month), "last_day": None}
    plain["sections"] = [_plain(section) for section in made.sections]
    press = request.app[PRESS]
    body = await press.pdf(plain | {"language": words.language, "how": words.t("how")})
    name = f"{asked.organisation or 'report'}-{made.month}-{words.language}.pdf"
    return web.Response(body=body, headers=headers(name, len(body), "application/pdf"))


def _plain(section: Section) -> dict[str, Any]:
    table = section.table
    rows = [] if table is None else [row._asdict() for row in table.rows]
    return section._asdict() | {"table": table and table._asdict() | {"rows": rows}}


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
