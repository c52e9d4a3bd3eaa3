"""The link that proves a mail address: what was said goes there when it is confirmed, once.

Looking at it changes nothing: a mail filter may follow links.
"""

from __future__ import annotations

from aiohttp import web

from contactcenter.case_page.transcript import Wish
from contactcenter.kernel.i18n import LANGUAGES
from contactcenter.web.asked import LANGUAGE
from contactcenter.web.citizen.case_pages import room_of
from contactcenter.web.citizen.private_link import counted, private
from contactcenter.web.look import Whose
from contactcenter.web.pages import page
from contactcenter.web.security import open_door

routes = web.RouteTableDef()
_private = private("transcript_missing.html")
_PLACE = "/transcript/{proof}"


@routes.get(_PLACE, allow_head=False)
@_private
async def look(request: web.Request) -> web.Response:
    """Whether it shall be sent."""
    return await _page(request, await _wish(request), sent=False)


@routes.post(_PLACE)
@open_door
@_private
async def send(request: web.Request) -> web.Response:
    """Send it. The link is used up by it, so the answer is the page itself."""
    wish = await _wish(request)
    await counted(request, room_of(request).prove(request.match_info["proof"]))
    return await _page(request, wish, sent=True)


async def _wish(request: web.Request) -> Wish:
    wish = await counted(request, room_of(request).look_at_proof(request.match_info["proof"]))
    if wish.language in LANGUAGES:
        request[LANGUAGE] = wish.language
    return wish


async def _page(request: web.Request, wish: Wish, *, sent: bool) -> web.Response:
    return await page(
        request,
        "transcript.html",
        wish=wish,
        sent=sent,
        proof=request.match_info["proof"],
        whose=Whose(wish.organisation_key),
    )
