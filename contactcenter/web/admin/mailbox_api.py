"""How it goes with the mailboxes that mail is fetched from, for admins' programs and pages."""

from __future__ import annotations

from aiohttp import web

from contactcenter.intake.mailboxes import how_far
from contactcenter.kernel.clock import stamp
from contactcenter.kernel.sql import Row
from contactcenter.web import auth
from contactcenter.web.services import services_of

routes = web.RouteTableDef()
_TIMES = (
    "first_at", "polled_at", "newest_at", "error_at", "renewed_at", "token_expires_at",
)  # fmt: skip


@routes.get("/api/mailboxes")
async def mailboxes(request: web.Request) -> web.Response:
    """{mailboxes: [...]}, those of the admin's organisations by name."""
    actor = await auth.signed_in(request)
    rows = await services_of(request).mailboxes(actor)
    return web.json_response({"mailboxes": [_shown(row) for row in rows]})


def _shown(row: Row) -> dict[str, object]:
    shown: dict[str, object] = {
        name: stamp(row[name]) if name in _TIMES else row[name]
        for name in row.keys()
        if name != "cursor"
    }
    shown["lag_s"] = round(row["lag_s"], 1)
    shown["uidvalidity"], shown["last_uid"] = how_far(row["cursor"])
    return shown
