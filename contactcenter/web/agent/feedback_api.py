"""Open feedback beside its case, as JSON: what it is, and the decision about it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from aiohttp import web

from contactcenter.accounts.authorise import Actor
from contactcenter.feedback import open_feedback
from contactcenter.feedback.open_rules import Settled
from contactcenter.kernel.clock import stamp
from contactcenter.kernel.db import Database
from contactcenter.kernel.i18n import names_of
from contactcenter.kernel.sql import Row
from contactcenter.web import auth
from contactcenter.web.bodies import Body, Text, json_answer, json_body
from contactcenter.web.services import services_of

routes = web.RouteTableDef()
_PLACE = "/api/cases/{case:[0-9]{1,18}}/feedback"


class Sent(Body):
    """What comes of it, why, and what everybody may read of it; null: not decided, nothing. The
    least where nothing is said."""

    decision: Literal["done", "planned", "no"] | None
    reason: Text = ""
    public_text: Text | None = None
    public_place: Text = ""
    public_point: bool = False
    public_media: bool = False
    seen: Annotated[datetime, msgspec.Meta(tz=True)] | None = None


@routes.get(_PLACE)
async def told(request: web.Request) -> web.Response:
    """{feedback}; null where the case is none."""
    db, actor, case = await _asked(request)
    row = await open_feedback.read_case(db, actor, case)
    return json_answer({"feedback": None if row is None else _told(row)})


@routes.post(_PLACE)
async def settle(request: web.Request) -> web.Response:
    """The same, after it was settled."""
    sent, (db, actor, case) = await json_body(request, Sent), await _asked(request)
    settled = Settled(*(getattr(sent, name) for name in Settled._fields))
    row = await open_feedback.settle_case(db, actor, case, settled, sent.seen)
    return json_answer({"feedback": _told(row)})


async def _asked(request: web.Request) -> tuple[Database, Actor, int]:
    actor = await auth.signed_in(request)
    return services_of(request).db, actor, int(request.match_info["case"])


def _told(row: Row) -> dict[str, Any]:
    return {
        "contact": str(row["contact_id"]),
        "via": row["via"],
        "kind": row["kind"],
        "about": row["about"],
        "service": names_of(row["service_name"]) or None,
        "place": row["place"],
        "lat": row["lat"],
        "long": row["long"],
        "media_url": row["media_url"],
        "given_at": stamp(row["given_at"]),
        "text": row["text"],
        "decision": row["decision"],
        "reason": row["reason"],
        "decided_by": row["decided_by_name"],
        "decided_at": None if row["decided_at"] is None else stamp(row["decided_at"]),
        "public_text": row["public_text"],
        "public_place": row["public_place"],
        "public_point": row["public_point"],
        "public_media": row["public_media"],
        "changed_at": row["changed_at"].isoformat(),
    }
