"""What citizens said: marks by queue, and each item with its text, for supervisors."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from aiohttp import web

from contactcenter.accounts.authorise import may
from contactcenter.errors import Refused
from contactcenter.feedback import listing
from contactcenter.feedback.open_rules import KINDS
from contactcenter.feedback.rules import LEAST, STEPS
from contactcenter.web import auth
from contactcenter.web.bodies import Body, Line, query
from contactcenter.web.pages import page
from contactcenter.web.services import services_of
from contactcenter.web.words import words_of

routes = web.RouteTableDef()
DAYS = (7, 30, 90, 365)
WHAT = ("all", "asked", "open", "undecided", *KINDS)


class Asked(Body):
    """Which queue, of how many days, with which mark, with a text only, which kind, and from where
    on."""

    queue: Line | None = None
    days: Annotated[int, msgspec.Meta(ge=1, le=3650)] = 30
    mark: Annotated[int, msgspec.Meta(ge=1, le=5)] | None = None
    texts: Literal["yes"] | None = None
    what: Literal[
        "all", "asked", "open", "undecided",
        "thanks", "complaint", "question", "proposal", "fault",
    ] = "all"  # fmt: skip
    open: Literal["yes"] | None = None
    before: Annotated[int, msgspec.Meta(ge=1, le=2**62)] | None = None


@routes.get("/feedback")
async def shown(request: web.Request) -> web.Response:
    """The figures and the list; agents are told whose it is, others sign in."""
    actor, asked = await auth.signed_in(request), query(request, Asked)
    if not may(actor, "read_feedback"):
        raise Refused("forbidden", "feedback_for_supervisors")
    found = await listing.listed(
        services_of(request).db,
        actor,
        listing.Asked(
            asked.queue,
            asked.days,
            asked.mark,
            asked.texts is not None,
            asked.what,
            asked.before,
            asked.open is not None,
        ),
    )
    return await page(
        request,
        "feedback.html",
        asked=asked,
        found=found,
        steps=STEPS,
        least=LEAST,
        what=WHAT,
        days=sorted({*DAYS, asked.days}),
        w=words_of(request),
    )
