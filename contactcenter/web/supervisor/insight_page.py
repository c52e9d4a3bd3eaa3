"""What becomes of contacts: figures, bars and tables for service owners and decision makers."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from contactcenter.insight import figures, sections
from contactcenter.insight.behind import may_look
from contactcenter.insight.reading import Told, choosable, moved, told
from contactcenter.insight.report import known
from contactcenter.insight.views import UNSTATED, VIEWS
from contactcenter.insight.words import Words
from contactcenter.kernel.i18n import pick
from contactcenter.web.pages import page, with_language
from contactcenter.web.services import services_of
from contactcenter.web.supervisor.insight_asked import address_of, chosen, who
from contactcenter.web.supervisor.insight_behind import PLACE
from contactcenter.web.words import words_of

routes = web.RouteTableDef()
CHANNELS = ("mail", "chat", "callback", "call", "visit", "letter")
SPOKEN = ("fi", "sv", "en")
Side = tuple[str, str]


@routes.get("/insight")
async def shown(request: web.Request) -> web.Response:
    """All that is told of what was chosen."""
    actor, asked = await who(request), chosen(request)
    if asked.area is not None:  # of the form's choices a later one may have been this
        asked = asked._replace(channel=None, language=None)
    db = services_of(request).db
    found = await told(db, actor, asked)
    words = words_of(request)
    tables = sections.tables(found, words)
    if not asked.sides() and asked.until is None:
        movers = (await moved(db, actor, asked.organisation)).movers
        if movers:
            tables.insert(1, sections.moved(movers, found, words))
    chosen_now = address_of(found.asked, found.since, found.until)

    def address(to: Side) -> str:
        """Of the same page for that alone; "" where figures can't be chosen so."""
        return _with(request, "/insight", chosen_now, to) if to[0] in chosen_now else ""

    def contacts(of: Side) -> str:
        """Where the contacts of a figure are."""
        return _with(request, PLACE, chosen_now, of)

    return await page(
        request,
        "insight.html",
        found=found,
        tables=tables,
        key=_key(found, words),
        left_out=_left_out(found, words),
        choices=_choices(found, words),
        w=words,
        first=sections.FIRST,
        query=chosen_now,
        address=address,
        contacts=contacts if may_look(actor) else None,
    )


def _with(request: web.Request, path: str, chosen_now: dict[str, Any], side: Side) -> str:
    return with_language(request, path, **chosen_now | {side[0]: side[1]})


def _key(found: Told, words: Words) -> list[tuple[str, str]]:
    """(name, figure) of those that there are."""
    key = figures.key(found)
    shown = {
        "contacts": words.number(key.contacts),
        "matters": None if key.matters is None else words.number(key.matters),
        "per_request": None if key.per_request is None else words.decimal(key.per_request, 2),
        "once": None if key.once is None else words.percent(key.once),
        "avoidable": None if key.avoidable is None else words.percent(key.avoidable),
        "unclassified": None if key.unclassified is None else words.percent(key.unclassified),
        "unsaid": None if key.unsaid is None else words.percent(key.unsaid),
        "suggested": None if key.suggested is None else words.percent(key.suggested),
        "service_mark": None if key.service_mark is None else words.decimal(key.service_mark),
        "handling_mark": None if key.handling_mark is None else words.decimal(key.handling_mark),
        "in_a_day": None if key.in_a_day is None else words.percent(key.in_a_day),
    }
    return [(words.t(f"key.{name}"), text) for name, text in shown.items() if text is not None]


def _left_out(found: Told, words: Words) -> list[str]:
    """Views that are not told by the sides that were chosen."""
    missing = {*VIEWS} - {*choosable(found.asked), "contacts"}
    names = {"hour": "hours", "cause": "causes", "reason": "reasons", "area": "areas"}
    left = [names.get(view, view) for view in VIEWS if view in missing]
    if found.asked.area is not None:
        left = ["channels", "languages", *(name for name in left if name != "areas")]
    elif not found.areas:
        left = [name for name in left if name != "areas"]
    return [words.t(f"table.{name}").lower().rstrip("?") for name in left]


def _choices(found: Told, words: Words) -> dict[str, list[tuple[str, str]]]:
    """What each field of the form offers: (value, text)."""
    told_of = found.contacts.get("service", {})
    offered = [word for word, one in found.services.items() if word in told_of or not one.removed]
    names = {word: words.service(word, found.services) for word in ("0", *offered)}
    return {
        "month": [(str(month), words.month(month)) for month in known(found)],
        "organisation": [
            ("", words.t("all_organisations")),
            *((key, pick(one.name, words.language)) for key, one in found.organisations.items()),
        ],
        "service": [
            ("", words.t("all_services")),
            *sorted(names.items(), key=lambda one: (one[0] != "0", one[1].lower())),
        ],
        "channel": [
            ("", words.t("all_channels")),
            *((one, words.channel(one)) for one in CHANNELS),
        ],
        "language": [
            ("", words.t("all_languages")),
            *((code, words.spoken(code)) for code in SPOKEN),
        ],
        "area": [
            ("", words.t("all_areas")),
            *((word, words.area(word, found.areas)) for word in (UNSTATED, *found.areas)),
        ],
    }
