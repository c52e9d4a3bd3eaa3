"""How fast the city reacts to a matter, and how fast it answers it: by the calendar, and counted
only within the opening hours of the queue.

Reaction: from the arrival to the first reply, or to the end of a contact without one (a call, a
visit): by then it was handled. Answer: to the last reply before the case was resolved, or to the
end of the last contact where nothing was written; none while the case is not resolved. What a
machine of ours writes, an acknowledgement, is no reply. A queue without hours is open around the
clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from contactcenter.accounts.authorise import Actor, require, scope_for
from contactcenter.cases.needed import require_needed
from contactcenter.errors import Refused
from contactcenter.kernel.db import Database
from contactcenter.kernel.sql import load_sql
from contactcenter.queue.hours import FAR_DAYS, Calendar, read_hours

SQL = load_sql(__file__)


class Time(NamedTuple):
    """Seconds by the calendar, and of these within opening hours."""

    calendar_s: float
    working_s: float


@dataclass(frozen=True)
class Matter:
    """What happened to a case. `replies` by agents, `handled`: when its contacts were closed, both
    in order; `resolved`: None while it is not."""

    arrived: datetime
    replies: Sequence[datetime] = ()
    handled: Sequence[datetime] = ()
    resolved: datetime | None = None


class Times(NamedTuple):
    """None: not yet."""

    reaction: Time | None
    answer: Time | None


def times(matter: Matter, calendar: Calendar) -> Times:
    """How long it took, as the hours of its first queue are."""
    first = min((*matter.replies[:1], *matter.handled[:1]), default=None)
    last = None
    if matter.resolved is not None:
        until = matter.resolved
        before = [at for at in matter.replies if at <= until] or [
            at for at in matter.handled if at <= until
        ]
        last = before[-1] if before else until
    return Times(_time(matter.arrived, first, calendar), _time(matter.arrived, last, calendar))


def _time(since: datetime, until: datetime | None, calendar: Calendar) -> Time | None:
    if until is None:
        return None
    since, until = since.astimezone(UTC), until.astimezone(UTC)  # one zone's clock is not the time
    return Time((until - since).total_seconds(), working(calendar, since, until).total_seconds())


def working(calendar: Calendar, since: datetime, until: datetime) -> timedelta:
    """How much of a time lies within the opening hours."""
    found, at, until = timedelta(), since.astimezone(UTC), until.astimezone(UTC)
    while at < until:
        far = at + timedelta(days=FAR_DAYS - 1)  # as far as a calendar looks ahead
        end = min(until, far)
        for opens, closes in calendar.from_(at):
            if opens >= end:
                break
            found += min(closes, end) - max(opens, at)
        at = end
    return found


async def of_case(db: Database, actor: Actor, case: int) -> Times:
    """Of one case. Raises Refused("not_found") for what the user may not see."""
    require(actor, "read_case")
    async with db.connection() as conn:
        row = await SQL.of_case.one(conn, case=case, scope=scope_for(actor, "read_case"))
        if row is None:
            raise Refused("not_found", field="case")
        await require_needed(conn, actor, case, "case")
    calendar = Calendar(read_hours(row["hours"]), row["zone"])
    return times(
        Matter(row["arrived"], row["replies"], row["handled"], row["resolved_at"]), calendar
    )
