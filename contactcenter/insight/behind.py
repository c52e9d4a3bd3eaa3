"""The contacts behind a figure, for who may read their cases: exact, and as everything is now.

Nobody else gets here, so the rule of five persons has nothing to hide. What lies in a sensitive
queue is left out as in every list (schema.sql, case_needed); whose contacts were shown is noted in
the audit.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from contactcenter.accounts import audit
from contactcenter.accounts.authorise import Actor, may, require, scope_for
from contactcenter.errors import Refused
from contactcenter.insight.months import Month
from contactcenter.insight.reading import SQL as READING
from contactcenter.insight.reading import (
    UNSAID,
    Asked,
    Named,
    areas_named,
    months,
    named,
    reasons,
    sight,
)
from contactcenter.kernel.db import Database
from contactcenter.kernel.sql import Connection, Row, load_sql

SQL = load_sql(__file__)
PAGE = 50


class Figure(NamedTuple):
    """`week`: by its Monday. `reason`: a part of that view, or UNSAID; `cause`: of that view. With
    one of these it is of contacts that agents closed then, else of those that came then. `before`:
    the contact after which the list goes on."""

    asked: Asked
    week: date | None = None
    reason: str | None = None
    cause: str | None = None
    before: int | None = None

    @property
    def closed(self) -> bool:
        """Whether a contact counts when it was closed."""
        return self.reason is not None or self.cause is not None


class Found(NamedTuple):
    """`first` to `last`: the days of which the figure is told, None where there is none; `more`:
    the contact to go on after, None at the end. The names are those of pages of figures."""

    since: Month
    until: Month
    first: date | None
    last: date | None
    items: list[Row]
    more: int | None
    organisations: dict[str, Named]
    services: dict[str, Named]
    areas: dict[str, Named]
    reasons: dict[str, dict[str, str]]


def may_look(actor: Actor) -> bool:
    """Whether somebody who may see figures may see what they are of."""
    return may(actor, "read_insight") and may(actor, "read_case")


async def behind(db: Database, actor: Actor, figure: Figure) -> Found:
    """Raises Refused: forbidden, not_found for an organisation, or a contact to go on after, that
    is out of sight."""
    require(actor, "read_insight")
    require(actor, "read_case")
    asked = figure.asked
    async with db.transaction() as conn:
        scope, organisations = await sight(conn, actor, asked.organisation)
        readable = scope_for(actor, "read_case")
        scope = [one for one in scope if one in readable]
        (days,) = await READING.stretches.all(conn, scope=scope)
        since, until = months(asked, days["first_day"], days["last_day"] or days["today"])
        late = figure.closed or asked.area is not None
        told = days["settled"] if late else days["last_day"]
        span = _days(figure, since, until, told)
        rows = [] if span is None else await _rows(conn, actor, scope, figure, *span)
        items = rows[:PAGE]
        shown = ((row["organisation_id"], row["id"]) for row in items)
        await audit.note_shown(conn, actor, "list_contacts", "contact", shown)
        services = await named(conn, scope)
        areas = await areas_named(conn, scope)
        called = await reasons(conn, scope)
    first, last = span or (None, None)
    more = items[-1]["id"] if len(rows) > PAGE else None
    return Found(since, until, first, last, items, more, organisations, services, areas, called)


def _days(
    figure: Figure, since: Month, until: Month, told: date | None
) -> tuple[date, date] | None:
    """The days of a figure that are told."""
    if told is None:
        return None
    first, last = since.first, min(until.last, told)
    if figure.week is not None:
        if figure.week > last:
            return None
        first = max(first, figure.week)
        last = min(last, figure.week + timedelta(days=6))
    return (first, last) if first <= last else None


async def _rows(
    conn: Connection, actor: Actor, scope: list[int], figure: Figure, first: date, last: date
) -> list[Row]:
    """A page and one more. A week is looked through, then two, then four: there is no index by
    which a year could be read backwards, and mostly the first week has enough."""
    asked = figure.asked
    given = {
        "scope": scope,
        "agent": actor.user_id,
        "first": first,
        "last": last,
        "service": asked.service,
        "channel": asked.channel,
        "language": asked.language,
        "area": asked.area,
    }
    query = SQL.arrived
    if figure.closed:
        reason = "" if figure.reason == UNSAID else figure.reason
        query, given = SQL.closed, given | {"reason": reason, "cause": figure.cause}
    # A day further out than any clock of an organisation.
    begin, end = _midnight(first - timedelta(days=1)), _midnight(last + timedelta(days=2))
    moment = await _moment(conn, actor, scope, figure)
    if moment is not None:
        end = min(end, moment + timedelta(microseconds=1))
    rows: list[Row] = []
    step = timedelta(days=7)
    while len(rows) <= PAGE and end > begin:
        since = max(begin, end - step)
        rows += await query.all(
            conn,
            since=since,
            until=end,
            most=PAGE + 1 - len(rows),
            moment=moment,
            before=figure.before,
            **given,
        )
        end, step = since, 2 * step
    return rows


async def _moment(
    conn: Connection, actor: Actor, scope: list[int], figure: Figure
) -> datetime | None:
    """When the contact came, or was closed, after which the list goes on."""
    if figure.before is None:
        return None
    row = await SQL.moment.one(conn, contact=figure.before, scope=scope, agent=actor.user_id)
    if row is None:
        raise Refused("not_found", field="before")
    at: datetime | None = row["closed_at" if figure.closed else "first_arrival"]
    return at


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
