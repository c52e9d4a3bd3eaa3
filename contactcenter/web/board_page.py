"""The page of the supervisors' board; the rest of it is modules and the socket."""

from __future__ import annotations

import msgspec
from aiohttp import web

from contactcenter.accounts.authorise import Actor, may, scope_for
from contactcenter.accounts.store import SQL
from contactcenter.errors import Refused
from contactcenter.web import auth
from contactcenter.web.pages import page
from contactcenter.web.services import services_of

routes = web.RouteTableDef()


@routes.get("/board")
async def board(request: web.Request) -> web.Response:
    """The board, for supervisors and admins; agents are told whose it is, others sign in."""
    actor = await auth.signed_in(request)
    if not may(actor, "watch"):
        raise Refused("forbidden", "board_for_supervisors")
    return await page(request, "board.html", organisations=await _organisations(request, actor))


async def _organisations(request: web.Request, actor: Actor) -> str:
    """Names by key, as JSON: the frames name organisations by their keys."""
    async with services_of(request).db.connection() as conn:
        rows = await SQL.organisations.all(conn, scope=scope_for(actor, "watch"))
    names = {row["key"]: msgspec.json.decode(row["name"]) for row in rows}
    return msgspec.json.encode(names).decode()
