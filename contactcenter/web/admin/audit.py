"""Who read or changed what: the audit, for admins."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from aiohttp import web

from contactcenter.accounts import audit
from contactcenter.kernel.sql import Row
from contactcenter.web import auth
from contactcenter.web.admin.changes import changes
from contactcenter.web.bodies import Body, Line, query
from contactcenter.web.i18n import language_of
from contactcenter.web.pages import page
from contactcenter.web.services import services_of

routes = web.RouteTableDef()
Number = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
_PAGE = 50


class Filter(Body):
    """What to look for; `before` is the last row of the page before."""

    user: Number | None = None
    verb: Line | None = None
    kind: Line | None = None
    object: Line | None = None
    before: Number | None = None


@routes.get("/admin/audit")
async def entries(request: web.Request) -> web.Response:
    """The last entries, newest first."""
    actor, wanted = await auth.signed_in(request), query(request, Filter)
    async with services_of(request).db.transaction() as conn:
        rows = await audit.entries(
            conn,
            actor,
            user_id=wanted.user,
            verb=wanted.verb,
            object_kind=wanted.kind,
            object_id=wanted.object,
            before_id=wanted.before,
            count=_PAGE,
        )
        verbs, kinds = await audit.choices(conn, actor)
    return await page(
        request,
        "admin_audit.html",
        wanted=wanted,
        verbs=verbs,
        kinds=kinds,
        entries=[_shown(request, row) for row in rows],
        older=rows[-1]["id"] if len(rows) == _PAGE else None,
        has=services_of(request).catalogue.has,
    )


def _shown(request: web.Request, row: Row) -> dict[str, Any]:
    """A row with its values side by side: what it was, what it became."""
    catalogue, language = services_of(request).catalogue, language_of(request)
    before, after = _values(row["before"]), _values(row["after"])
    return dict(row) | {"changes": changes(catalogue, language, before, after)}


def _values(value: str | None) -> dict[str, Any]:
    fields: dict[str, Any] = msgspec.json.decode(value) if value else {}
    return fields
