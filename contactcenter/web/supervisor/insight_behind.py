"""The contacts behind a figure of the insight pages, for who may read their cases."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Annotated, Any

import msgspec
from aiohttp import web

from contactcenter.accounts.authorise import Actor, may
from contactcenter.cases.reasons import Mark
from contactcenter.insight.behind import Figure, Found, behind
from contactcenter.insight.reading import UNSAID
from contactcenter.insight.words import Words
from contactcenter.kernel.i18n import pick
from contactcenter.web.allowance import one_of_all
from contactcenter.web.bodies import query
from contactcenter.web.pages import page
from contactcenter.web.services import services_of
from contactcenter.web.supervisor.insight_asked import Chosen, address_of, who
from contactcenter.web.words import words_of

routes = web.RouteTableDef()
PLACE = "/insight/contacts"
LOOKING = web.AppKey("insight_looking", Counter[str])  # who looks now, by user and in all ("")
AT_ONCE, ALL_AT_ONCE = 2, 4  # of a node's connections to the database most stay for its own work


class Asked(Chosen):
    """What the pages of figures know, and what a figure of theirs is of: a week by its Monday; a
    reason by its key and the beginning of its names' MD5, or none; a cause."""

    week: date | None = None
    reason: (
        Annotated[str, msgspec.Meta(pattern=r"^(none|[a-z][a-z0-9_-]{0,39}@[0-9a-f]{8})$")] | None
    ) = None
    cause: Mark | None = None
    before: Annotated[int, msgspec.Meta(ge=1, le=2**62)] | None = None


@routes.get(PLACE)
async def shown(request: web.Request) -> web.Response:
    """The list, a page of it. Raises Refused: `too_many` where enough are being looked up."""
    actor, asked = await who(request), query(request, Asked)
    figure = Figure(asked.asked(), asked.week, asked.reason, asked.cause, asked.before)
    found = await _found(request, actor, figure)
    words = words_of(request)
    chosen = address_of(asked.asked(), found.since, found.until)
    own = {"week": asked.week, "reason": asked.reason, "cause": asked.cause}
    return await page(
        request,
        "insight_contacts.html",
        found=found,
        closed=figure.closed,
        facts=_facts(figure, found, words),
        chosen=chosen,
        same=chosen | own,
        paged=asked.before is not None,
        watches=may(actor, "watch"),
        w=words,
        service=lambda one: words.service(str(one), found.services),
        mark=lambda one: words.t(f"cause.{one}"),
    )


async def _found(request: web.Request, actor: Actor, figure: Figure) -> Found:
    looking, busy = request.config_dict[LOOKING], "insight_busy"
    with one_of_all(AT_ONCE, ALL_AT_ONCE, looking, str(actor.user_id), busy):
        return await behind(services_of(request).db, actor, figure)


def _facts(figure: Figure, found: Found, words: Words) -> list[tuple[str, str]]:
    """(name, value) of all by which was chosen."""
    asked = figure.asked
    shown: dict[str, Any] = {}
    if found.first and found.last:
        days = f"{words.day(found.first)} \N{EN DASH} {words.day(found.last)}"
        shown[words.t("behind.closed" if figure.closed else "behind.came")] = days
    if asked.organisation is not None:
        name = pick(found.organisations[asked.organisation].name, words.language)
        shown[words.t("organisation")] = name
    if asked.service is not None:
        shown[words.t("service")] = words.service(str(asked.service), found.services)
    if asked.channel is not None:
        shown[words.t("channel")] = words.channel(asked.channel)
    if asked.language is not None:
        shown[words.t("language")] = words.spoken(asked.language)
    if asked.area is not None:
        shown[words.t("area")] = words.area(asked.area, found.areas)
    if figure.reason is not None:
        part = "" if figure.reason == UNSAID else figure.reason
        shown[words.t("first.reasons")] = words.reason(part, found.reasons)
    if figure.cause is not None:
        shown[words.t("table.causes")] = words.t(f"cause.{figure.cause}")
    return list(shown.items())
