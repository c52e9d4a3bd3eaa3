"""Opening hours of a queue: weekly spans, exceptional days, Finnish holidays and their eves. Pure.

Hours are wall-clock times in the organisation's time zone; a span is the same hours on the clock
whether or not the clock is changed that night. Public holidays come from the `holidays` library;
the eves on which Finnish offices stay closed by custom are those of Midsummer and Christmas.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import Any, Literal
from zoneinfo import ZoneInfo

import holidays
import msgspec

from contactcenter.errors import Refused

Spans = tuple[tuple[int, int], ...]  # minutes from midnight, in order
Span = tuple[datetime, datetime]
WEEKDAYS = tuple("1234567")  # Monday first, as ISO 8601 counts
FAR_DAYS = 400
DAY_MIN = 24 * 60
_EVES = ("Juhannusaatto", "Jouluaatto")
_MINUTE = timedelta(minutes=1)
_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)|24:00", re.ASCII)


class Hours(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """As stored: times as "09:00", days as "2026-12-07". An exceptional day stands before holidays,
    and they before the week; one without spans is closed. Nothing at all: open around the clock."""

    weekly: dict[str, tuple[tuple[str, str], ...]] = {}
    exceptions: dict[str, tuple[tuple[str, str], ...]] = {}
    holidays: Literal["closed", "open"] = "closed"
    eves: Literal["closed", "open"] = "closed"


def read_hours(raw: str | bytes | Mapping[str, Any]) -> Hours:
    """Hours from JSON or from its value. Raises Refused("bad_request", field="hours")."""
    try:
        if isinstance(raw, Mapping):
            read = msgspec.convert(raw, Hours)
        else:
            read = msgspec.json.decode(raw, type=Hours)
    except (msgspec.ValidationError, msgspec.DecodeError):
        raise Refused("bad_request", "hours_form", field="hours") from None
    for weekday, spans in read.weekly.items():
        if weekday not in WEEKDAYS:
            raise Refused("bad_request", "hours_weekday", field="hours", day=weekday)
        _minutes(weekday, spans)
    for day, spans in read.exceptions.items():
        if not _is_day(day):
            raise Refused("bad_request", "hours_day", field="hours", day=day)
        _minutes(day, spans)
    return read


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _minutes(day: str, spans: tuple[tuple[str, str], ...]) -> Spans:
    """Spans in minutes, in order. Raises Refused where one ends too early, or two overlap."""
    found = sorted((_minute(day, opens), _minute(day, closes)) for opens, closes in spans)
    if any(opens >= closes for opens, closes in found):
        raise Refused("bad_request", "hours_reversed", field="hours", day=day)
    if any(after < before for (_, before), (after, _) in pairwise(found)):
        raise Refused("bad_request", "hours_overlap", field="hours", day=day)
    return tuple(found)


def _minute(day: str, time: str) -> int:
    if _TIME.fullmatch(time) is None:
        raise Refused("bad_request", "hours_time", field="hours", day=day)
    return int(time[:2]) * 60 + int(time[3:])


@cache
def holiday(day: date) -> Literal["holiday", "eve"] | None:
    """Whether a day is a Finnish public holiday or one of the eves."""
    name = _finland(day.year).get(day)
    if name is None:
        return None
    return "eve" if name in _EVES else "holiday"


def holiday_name(day: date, language: str) -> str | None:
    """What a holiday or an eve is called in one of our languages."""
    return _finland(day.year, _SPOKEN.get(language, "fi")).get(day)


_SPOKEN = {"fi": "fi", "sv": "sv_FI", "en": "en_US"}  # as the library names them


@cache
def _finland(year: int, language: str = "fi") -> dict[date, str]:
    return dict(holidays.country_holidays("FI", years=year, language=language))


class Calendar:
    """Hours in a time zone."""

    def __init__(self, hours: Hours, zone: str) -> None:
        self._hours = hours
        self._zone = ZoneInfo(zone)
        self._always = hours == Hours()
        self._week = {int(day): _minutes(day, spans) for day, spans in hours.weekly.items()}
        self._days = {
            date.fromisoformat(day): _minutes(day, spans) for day, spans in hours.exceptions.items()
        }

    def minutes(self, day: date) -> Spans:
        """The spans of a day by the clock on the wall, in minutes from midnight."""
        if day in self._days:
            return self._days[day]
        if self._always:
            return ((0, DAY_MIN),)
        kind = holiday(day)
        if kind is not None and "closed" == (
            self._hours.holidays if kind == "holiday" else self._hours.eves
        ):
            return ()
        return self._week.get(day.isoweekday(), ())

    def spans(self, day: date) -> list[Span]:
        """The spans of a day, in UTC; empty where it is closed."""
        spans = [(self._utc(day, opens), self._utc(day, ends)) for opens, ends in self.minutes(day)]
        return [(opens, closes) for opens, closes in spans if opens < closes]

    def is_open(self, at: datetime) -> bool:
        """Whether it is open at that moment; at the very end of a span it is closed."""
        return any(opens <= at < closes for opens, closes in self.spans(self._day(at)))

    def opens_at(self, at: datetime) -> datetime | None:
        """`at` itself where it is open then, else the next opening; None within 400 days."""
        return next((max(opens, at) for opens, _ in self.from_(at)), None)

    def closes_at(self, at: datetime) -> datetime | None:
        """When the span that holds `at`, or the next one, ends: the moment from which it is closed.
        Spans that touch, at midnight too, are one. None within 400 days."""
        if self._always and not self._days:
            return None
        closing: datetime | None = None
        for opens, closes in self.from_(at):
            if closing is not None and opens > closing:
                return closing
            closing = closes
        return closing

    def from_(self, at: datetime) -> Iterator[Span]:
        """The spans that end after `at`, in order, for the days that are looked ahead."""
        today = self._day(at)
        for n in range(FAR_DAYS):
            yield from (span for span in self.spans(today + timedelta(days=n)) if span[1] > at)

    def _day(self, at: datetime) -> date:
        return at.astimezone(self._zone).date()

    def _utc(self, day: date, minute: int) -> datetime:
        """A time on the wall. One that the clock skips is the moment of the change; of one that it
        shows twice the first counts (PEP 495, fold=0)."""
        wall = datetime(day.year, day.month, day.day) + timedelta(minutes=minute)  # noqa: DTZ001
        back = timedelta()
        while (found := self._exact(wall)) is None:
            wall, back = wall - _MINUTE, _MINUTE
        return found + back

    def _exact(self, wall: datetime) -> datetime | None:
        """The moment, or None where no clock shows this time."""
        found = wall.replace(tzinfo=self._zone).astimezone(UTC)
        return found if found.astimezone(self._zone).replace(tzinfo=None) == wall else None
