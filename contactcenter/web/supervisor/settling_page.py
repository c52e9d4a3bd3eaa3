"""One item of open feedback: its words, place and pictures, what is decided about it, and what
everybody may read of it."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from aiohttp import web

from contactcenter.errors import Refused
from contactcenter.feedback import open_feedback
from contactcenter.feedback.open_rules import DECISIONS, Decision, Settled
from contactcenter.kernel.i18n import names_of
from contactcenter.web import auth
from contactcenter.web.bodies import Form, form, id_of
from contactcenter.web.pages import page, with_language
from contactcenter.web.redirects import see_other
from contactcenter.web.security import takes
from contactcenter.web.services import services_of

routes = web.RouteTableDef()
_PLACE = "/feedback/open/{contact}"
_MOST = 256 * 1024


@routes.get(_PLACE)
async def shown(request: web.Request) -> web.Response:
    """Everything of it."""
    return await _show(request)


@routes.post(_PLACE)
@takes(_MOST)
async def settle(request: web.Request) -> web.Response:
    """Decide, and show it to everybody or not."""
    actor, contact = await auth.signed_in(request), id_of(request.match_info["contact"])
    sent = await form(request, _MOST)
    try:
        db, settled = services_of(request).db, _settled(sent)
        await open_feedback.settle(db, actor, contact, settled, _seen(sent))
    except Refused as no:
        if no.code == "not_found":
            raise
        return await _show(request, no, sent)
    return see_other(with_language(request, f"/feedback/open/{contact}", done=1))


def _seen(sent: Form) -> datetime | None:
    try:
        return datetime.fromisoformat(sent.get("seen")) if sent.get("seen") else None
    except ValueError:
        raise Refused("bad_request", "invalid_field", field="seen") from None


def _settled(sent: Form) -> Settled:
    decision = cast("Decision | None", sent.get("decision") or None)
    public = sent.get("public_text") if sent.get("public") == "yes" else None
    return Settled(
        decision,
        sent.get("reason"),
        public,
        sent.get("public_place"),
        sent.get("public_point") == "yes",
        sent.get("public_media") == "yes",
    )


async def _show(
    request: web.Request, no: Refused | None = None, sent: Form | None = None
) -> web.Response:
    actor, contact = await auth.signed_in(request), id_of(request.match_info["contact"])
    item, files = await open_feedback.read(services_of(request).db, actor, contact)
    kept = [
        ("decision", item["decision"] or ""),
        ("reason", item["reason"]),
        ("public", "" if item["public_text"] is None else "yes"),
        ("public_text", item["text"] if item["public_text"] is None else item["public_text"]),
        ("public_place", item["public_place"]),
        ("public_point", "yes" if item["public_point"] else ""),
        ("public_media", "yes" if item["public_media"] else ""),
    ]
    return await page(
        request,
        "open_feedback_item.html",
        no=no,
        form=Form(kept) if sent is None else sent,
        item=item,
        files=files,
        decisions=DECISIONS,
        service=names_of(item["service_name"]),
        queue=names_of(item["queue_name"]),
        done="done" in request.query and no is None,
    )
