"""The grid of time: weeks, cut where a month ends. So weeks and months are both whole stretches,
and no difference of a month and its weeks is a few days of somebody's. Pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

# What happens after a stretch and still belongs to it: whether somebody comes back within seven
# days (GLOSSARY: first contact resolution), and a day for what is classified late.
SETTLES = timedelta(days=8)
_NIGHT = timedelta(hours=1)  # for commits that are under way, and clocks that differ


class Stretch(NamedTuple):
    """Both days belong to it."""

    first: date
    last: date

    def span(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """From midnight to midnight, in UTC; the end lies outside."""
        return _midnight(self.first, zone), _midnight(self.last + timedelta(days=1), zone)

    def is_over(self, now: datetime, zone: ZoneInfo) -> bool:
        """Whether it can be told."""
        return now >= self.span(zone)[1] + _NIGHT

    def is_settled(self, now: datetime, zone: ZoneInfo) -> bool:
        """Whether it can be told for good."""
        return now >= self.span(zone)[1] + SETTLES


def stretch_of(day: date) -> Stretch:
    """The stretch that holds a day."""
    monday = day - timedelta(days=day.weekday())
    month = day.replace(day=1)
    following = (month + timedelta(days=31)).replace(day=1)
    return Stretch(
        max(monday, month), min(monday + timedelta(days=6), following - timedelta(days=1))
    )


def stretches(first: date, last: date) -> list[Stretch]:
    """All that touch the days from `first` to `last`, in order."""
    found = []
    while first <= last:
        found.append(stretch_of(first))
        first = found[-1].last + timedelta(days=1)
    return found


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)
