"""When a queue is open, as pages for citizens tell it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

import msgspec

from contactcenter.queue.hours import Calendar, Hours, Spans

_AHEAD_DAYS = 14
_MONDAY = date(2026, 1, 5)


@dataclass(frozen=True)
class OpenHours:
    """Of one queue. `now` is the database's."""

    zone: ZoneInfo
    hours: Hours
    now: datetime
    always_open: bool

    @property
    def calendar(self) -> Calendar:
        """When it is open."""
        return Calendar(self.hours, self.zone.key)

    @property
    def always(self) -> bool:
        """Takes requests around the clock."""
        return self.always_open or self.hours == Hours()

    @property
    def is_open(self) -> bool:
        """Whether it is open now."""
        return self.calendar.is_open(self.now)

    @property
    def opens_at(self) -> datetime | None:
        """When it opens next; None where no opening is known."""
        return self.calendar.opens_at(self.now)

    def week(self) -> Iterator[tuple[int, int, Spans]]:
        """The ordinary week: days that are alike together, (first, last, spans), Monday is 1."""
        ruled = msgspec.structs.replace(self.hours, exceptions={}, holidays="open", eves="open")
        plain = self.calendar if self.hours == Hours() else Calendar(ruled, self.zone.key)
        days = [(n, plain.minutes(_MONDAY + timedelta(days=n - 1))) for n in range(1, 8)]
        for spans, alike in groupby(days, lambda one: one[1]):
            found = list(alike)
            yield found[0][0], found[-1][0], spans

    def unusual(self) -> Iterator[tuple[date, Spans]]:
        """The days of the coming fortnight that differ from the ordinary week."""
        ordinary = {
            day: spans for first, last, spans in self.week() for day in range(first, last + 1)
        }
        today = self.now.astimezone(self.zone).date()
        for n in range(_AHEAD_DAYS):
            day = today + timedelta(days=n)
            spans = self.calendar.minutes(day)
            if spans != ordinary[day.isoweekday()]:
                yield day, spans
