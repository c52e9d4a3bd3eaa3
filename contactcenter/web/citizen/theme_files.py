"""Logos and fonts of themes, for everybody. Another file has another address, so browsers keep
them for good; of what a file claims to be nothing is believed that its bytes did not prove."""

from __future__ import annotations

from aiohttp import web

from contactcenter.configuration import themes
from contactcenter.errors import Refused
from contactcenter.web.services import services_of

routes = web.RouteTableDef()
_HEADERS = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
}


@routes.get(
    r"/theme/{organisation:[a-z][a-z0-9_-]{0,39}}/{name:[0-9a-f]{32}\.(?:png|jpg|webp|woff2)}"
)
async def theme_file(request: web.Request) -> web.Response:
    """One of them. Raises Refused("not_found")."""
    organisation, name = (request.match_info[part] for part in ("organisation", "name"))
    found = await themes.get_file(services_of(request).db, organisation, name)
    if found is None:
        raise Refused("not_found")
    media_type, data = found
    return web.Response(body=data, content_type=media_type, headers=_HEADERS)
