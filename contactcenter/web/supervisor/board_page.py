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
    organisations, staff = await _organisations(request, actor)
    return await page(request, "board.html", organisations=organisations, staff=staff)


async def _organisations(request: web.Request, actor: Actor) -> tuple[str, str]:
    """Names by key, since the frames name organisations by their keys; and of whose staff the user
    may end shifts. As JSON."""
    async with services_of(request).db.connection() as conn:
        rows = await SQL.organisations.all(conn, scope=scope_for(actor, "watch"))
    names = {row["key"]: msgspec.json.decode(row["name"]) for row in rows}
    staff = [row["key"] for row in rows if may(actor, "end_shift", row["id"])]
    return msgspec.json.encode(names).decode(), msgspec.json.encode(staff).decode()
