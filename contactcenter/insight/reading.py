"""What is told, for pages, data and reports alike: all of them add up the rows of insight_told, or
what these add up to by month."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from typing import NamedTuple

from contactcenter.accounts.authorise import Actor, require, scope_for
from contactcenter.errors import Refused
from contactcenter.insight.months import Month
from contactcenter.insight.movers import FEWEST_WEEKS, WEEKS, Mover, movers
from contactcenter.insight.views import SIDES, TIMED, VIEWS
from contactcenter.kernel.db import Database
from contactcenter.kernel.i18n import names_of, pick
from contactcenter.kernel.sql import Connection, load_sql

SQL = load_sql(__file__)
UNCLASSIFIED = "0"
UNSAID = "none"  # a reason that nobody said, in addresses


class Asked(NamedTuple):
    """From which month to which; None: the last three. Of all organisations that may be seen, and
    all services, channels, languages and areas, where none is named. An area is chosen with a
    service at most: by more, cells would be too small to tell."""

    since: Month | None = None
    until: Month | None = None
    organisation: str | None = None
    service: int | None = None
    channel: str | None = None
    language: str | None = None
    area: str | None = None

    def sides(self) -> set[str]:
        """By which sides is chosen."""
        return {side for side in (*SIDES, "area") if getattr(self, side) is not None}


class Named(NamedTuple):
    """A service, or an organisation, by its names of today."""

    name: dict[str, str]
    removed: bool = False


class Told(NamedTuple):
    """`reasons`: what parts of that view were called when they were said, by language.
    `contacts`: how many by each side ("" for all), a word of it each; `parts`: by view, how many
    of each part; `by_side`: the same by the side that the view is told by. Views that can't be
    chosen so are missing."""

    asked: Asked
    since: Month
    until: Month
    first_day: date | None
    last_day: date | None
    settled: date | None
    organisations: dict[str, Named]
    services: dict[str, Named]
    reasons: dict[str, dict[str, str]]
    areas: dict[str, Named]
    contacts: Mapping[str, Mapping[str, int]]
    parts: Mapping[str, Mapping[str, int]]
    by_side: Mapping[str, Mapping[str, Mapping[str, int]]]

    @property
    def total(self) -> int:
        """All contacts that were asked for."""
        return self.contacts[""].get("", 0)


async def told(db: Database, actor: Actor, asked: Asked) -> Told:
    """Raises Refused: forbidden, not_found for an organisation that is out of sight, bad_request
    for an area with a channel or a language."""
    require(actor, "read_insight")
    of_area = asked.area is not None
    if of_area and asked.sides() - {"area", "service"}:
        raise Refused("bad_request", "area_with_service_only", field="area")
    async with db.transaction(isolation="repeatable_read", readonly=True) as conn:
        scope, organisations = await sight(conn, actor, asked.organisation)
        (days,) = await SQL.stretches.all(conn, scope=scope)
        since, until = months(asked, days["first_day"], days["last_day"] or days["today"])
        given = {
            "scope": scope,
            "since": since.first,
            "until": until.last,
            "service": asked.service,
            "channel": asked.channel,
        }
        contacts: defaultdict[str, Counter[str]] = defaultdict(Counter)
        view = "area" if of_area else "contacts"
        wanted = {"view": view, "language": asked.language, "area": asked.area}
        for row in await SQL.contacts.all(conn, **wanted, **given):
            if not (of_area and row["side"] in ("channel", "language")):
                contacts[row["side"]][row["word"]] = row["n"]
        parts: defaultdict[str, Counter[str]] = defaultdict(Counter)
        by_side: defaultdict[str, defaultdict[str, dict[str, int]]]
        by_side = defaultdict(lambda: defaultdict(dict))
        for view, part, side, n in await SQL.parts.all(conn, views=choosable(asked), **given):
            for name, piece in shown(view, part):
                of = by_side[name][side]
                of[piece] = of.get(piece, 0) + n
                parts[name][piece] += n
        services = await named(conn, scope)
        called = await reasons(conn, scope)
        areas = await areas_named(conn, scope)
    return Told(
        asked,
        since,
        until,
        days["first_day"],
        days["last_day"],
        days["settled"],
        organisations,
        services,
        called,
        areas,
        contacts,
        parts,
        by_side,
    )


def shown(view: str, part: str) -> list[tuple[str, str]]:
    """What a part is shown as: itself, or by the calendar and within opening hours."""
    if view not in TIMED:
        return [(view, part)]
    calendar, _, within = part.partition("-")
    return [(view, calendar), (TIMED[view], within)]


class Moved(NamedTuple):
    """`week`: the Monday of the last whole week that is told, or of a month; None in place of which
    services moved in it where too few weeks came before."""

    week: date
    movers: list[Mover] | None


async def moved(
    db: Database, actor: Actor, organisation: str | None, month: Month | None = None
) -> Moved:
    """Raises Refused."""
    require(actor, "read_insight")
    async with db.transaction(isolation="repeatable_read", readonly=True) as conn:
        scope, _ = await sight(conn, actor, organisation)
        (days,) = await SQL.stretches.all(conn, scope=scope)
        last = days["last_day"] or days["today"]
        end = (last if month is None else min(last, month.last)) + timedelta(days=1)
        end -= timedelta(days=end.weekday())
        first = max(end - timedelta(weeks=WEEKS + 1), _monday(days["first_day"] or end))
        weeks = [first + timedelta(weeks=n) for n in range((end - first).days // 7)]
        counts: defaultdict[str, Counter[date]] = defaultdict(Counter)
        begins = {row["whose"]: row["first_day"] for row in await SQL.begins.all(conn, scope=scope)}
        begun: dict[str, date] = {}
        for row in await SQL.weeks.all(conn, scope=scope, since=first, until=end):
            counts[str(row["service_id"])][row["week"]] += row["n"]
            begun[str(row["service_id"])] = _monday(begins[row["whose"]])
    series = {
        service: [found[week] for week in weeks if week >= begun[service]]
        for service, found in sorted(counts.items())
        if service != UNCLASSIFIED
    }
    enough = len(weeks) > FEWEST_WEEKS
    return Moved(end - timedelta(weeks=1), movers(series) if enough else None)


def _monday(first: date) -> date:
    """The first week that is surely whole: the first contact came on any day of the stretch that
    begins with the first day, and what was before it is not known."""
    return first + timedelta(days=7 - first.weekday())


async def sight(
    conn: Connection, actor: Actor, organisation: str | None
) -> tuple[list[int], dict[str, Named]]:
    """The organisations asked for, and all that may be asked for, by key."""
    scope = scope_for(actor, "read_insight")
    rows = await SQL.organisations.all(conn, scope=scope)
    if organisation is not None:
        scope = [row["id"] for row in rows if row["key"] == organisation]
        if not scope:
            raise Refused("not_found", field="organisation")
    return scope, {row["key"]: Named(names_of(row["name"])) for row in rows}


async def named(conn: Connection, scope: list[int]) -> dict[str, Named]:
    """The services, by id as a word."""
    rows = await SQL.services.all(conn, scope=scope)
    return {
        str(row["id"]): Named(names_of(row["name"]), row["removed_at"] is not None) for row in rows
    }


async def reasons(conn: Connection, scope: list[int]) -> dict[str, dict[str, str]]:
    """The names of all reasons that were ever said, by the part of the view `reason`; whose it is
    behind a name that another organisation's reason has too."""
    rows = await SQL.reasons.all(conn, scope=scope)
    names = {row["part"]: names_of(row["name"]) for row in rows}
    whose = {row["part"]: names_of(row["whose"]) for row in rows if row["whose"] is not None}
    return told_apart(names, whose)


def told_apart(
    names: Mapping[str, Mapping[str, str]], whose: Mapping[str, Mapping[str, str]]
) -> dict[str, dict[str, str]]:
    """Names by language; `whose`: the organisation's, of what is one's alone. What several share
    has its plain name."""
    alike: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for part, by_language in names.items():
        for language, name in by_language.items():
            alike[language, name].add(pick(whose.get(part, {}), language))
    return {
        part: {
            language: f"{name} ({pick(whose[part], language)})"
            if part in whose and len(alike[language, name]) > 1
            else name
            for language, name in by_language.items()
        }
        for part, by_language in names.items()
    }


async def areas_named(conn: Connection, scope: list[int]) -> dict[str, Named]:
    """The areas, by key; those that are stated no more too."""
    rows = await SQL.areas.all(conn, scope=scope)
    return {row["key"]: Named(names_of(row["name"])) for row in rows}


def months(asked: Asked, first_day: date | None, last_day: date) -> tuple[Month, Month]:
    """Those asked for; where none was named, the last three that something is told of."""
    until = asked.until or asked.since or Month.of(last_day)
    since = asked.since
    if since is None:
        since = until.before(2)
        if first_day is not None:
            since = min(until, max(since, Month.of(first_day)))
    return min(since, until), max(since, until)


def choosable(asked: Asked) -> list[str]:
    """The views that are told by all the sides by which is chosen."""
    sides = asked.sides()
    return [name for name, view in VIEWS.items() if name != "contacts" and sides <= set(view.sides)]
