"""What is kept of a citizen, why, for how long, and who sees it (GDPR, article 13): facts of the
product, and what the organisation has set."""

from __future__ import annotations

from aiohttp import web

from contactcenter.web.citizen.owners import owner
from contactcenter.web.look import Whose
from contactcenter.web.pages import page

routes = web.RouteTableDef()


@routes.get("/privacy")
async def privacy(request: web.Request) -> web.Response:
    """Of ?organisation=, or of the one that has the ?queue=."""
    of = await owner(request)
    return await page(request, "privacy.html", whose=Whose(of.key), of=of)
