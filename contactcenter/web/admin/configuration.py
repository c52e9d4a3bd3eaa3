"""The whole configuration as a file, for admins: out, and in after a look at what would change."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web

from contactcenter.accounts.authorise import require
from contactcenter.configuration import actions, document, filing
from contactcenter.configuration.plan import Step
from contactcenter.errors import Refused
from contactcenter.web import auth
from contactcenter.web.admin import configuring, uploaded
from contactcenter.web.admin.changes import changes
from contactcenter.web.i18n import language_of
from contactcenter.web.pages import page, with_language
from contactcenter.web.redirects import see_other
from contactcenter.web.security import takes
from contactcenter.web.services import services_of

routes = web.RouteTableDef()
_PLACE = "/admin/configuration"
# The file comes once, or twice where it is sent as a file and as text; and the form around it.
_MOST = 3 * filing.MAX_BYTES
_FIELDS = frozenset({"file", "text", "prune", "seal", "lang"})


@routes.get(_PLACE)
async def configuration(request: web.Request) -> web.Response:
    """Out and in."""
    return await _show(request)


@routes.get(_PLACE + "/file")
async def download(request: web.Request) -> web.Response:
    """The file; that it was taken is noted."""
    actor = await auth.signed_in(request)
    async with services_of(request).db.transaction() as conn:
        made = await actions.export(conn, actor)
    return web.Response(
        body=filing.write(made),
        content_type="application/json",
        headers={"Content-Disposition": 'attachment; filename="contactcenter.json"'},
    )


@routes.post(_PLACE)
@takes(_MOST)
async def upload(request: web.Request) -> web.Response:
    """Show what a file would change; with the seal of what was shown, do it."""
    services, actor = services_of(request), await auth.signed_in(request)
    require(actor, "configure")
    sent = await _fields(request)
    seal, prune, text = sent.get("seal") or None, "prune" in sent, sent["text"]
    try:
        wanted = await asyncio.to_thread(filing.read, text.encode())  # seconds, for a long TOML
        applied = await actions.apply(
            services.db,
            services.published,
            actor,
            wanted,
            prune=prune,
            dry_run=seal is None,
            seal=seal,
        )
    except Refused as no:
        return await _show(request, no, text=text, prune=prune)
    if seal is not None:
        return see_other(with_language(request, _PLACE, done=len(applied.steps)))
    return await _show(request, text=text, prune=prune, applied=applied)


async def _fields(request: web.Request) -> dict[str, str]:
    """The form's fields; a chosen file stands for the text. Raises Refused."""
    sent = await uploaded.fields(request, _FIELDS, _MOST)
    found = {name: uploaded.text(value) for name, value in sent}
    return found | {"text": found.get("file") or found.get("text", "")}


async def _show(
    request: web.Request,
    no: Refused | None = None,
    *,
    text: str = "",
    prune: bool = False,
    applied: actions.Applied | None = None,
) -> web.Response:
    known = await configuring.known(request)
    done = request.query.get("done", "")
    return await page(
        request,
        "admin_configuration.html",
        no=no,
        text=text,
        prune=prune,
        applied=applied,
        steps=[_shown(request, step) for step in applied.steps] if applied else [],
        counts={kind: len(getattr(known.document, kind)) for kind in document.KINDS},
        organisations=known.document.organisation,
        done=done if done.isdecimal() else None,
    )


def _shown(request: web.Request, step: Step) -> dict[str, Any]:
    before, after = step.differences()
    catalogue, language = services_of(request).catalogue, language_of(request)
    return {
        "what": step.what,
        "kind": step.kind,
        "key": step.key,
        "changes": changes(catalogue, language, before, after),
    }
