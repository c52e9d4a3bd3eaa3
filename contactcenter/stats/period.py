"""Which time a report is about. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from contactcenter.stats.rules import QUARTER, quarter


@dataclass(frozen=True)
class Moment:
    """A moment, or a day: its midnight by the clocks of each organisation."""

    value: datetime | date

    def at(self, zone: ZoneInfo) -> datetime:
        """The moment in UTC."""
        if isinstance(self.value, datetime):
            return self.value.astimezone(UTC)
        return datetime.combine(self.value, time(), tzinfo=zone).astimezone(UTC)


def moment(text: str) -> Moment:
    """From 2026-11-26, or from 2026-11-26T08:00:00+02:00 or ...Z. Raises ValueError, which says
    what to write."""
    try:
        found = _read(text)
    except (ValueError, OverflowError):
        raise ValueError(
            f"{text!r} is no time: write a day, 2026-11-26, or a time with its zone,"
            " 2026-11-26T08:00:00+02:00"
        ) from None
    if not isinstance(found, datetime):
        return Moment(found)
    if found.tzinfo is None:
        raise ValueError(f"{text!r} has no time zone: add one, as in {text}+02:00 or {text}Z")
    return Moment(found.astimezone(UTC))


def _read(text: str) -> datetime | date:
    """Not in the first or last year that there is, which other zones have no time for. Raises
    ValueError."""
    found: datetime | date
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = datetime.fromisoformat(text)
    if not date.min.year < found.year < date.max.year:
        raise ValueError
    return found


@dataclass(frozen=True)
class Split:
    """A half-open period: its whole quarters of an hour, and the ragged ends before and after."""

    whole: tuple[datetime, datetime]
    ends: tuple[tuple[datetime, datetime], ...]


def split(since: datetime, until: datetime) -> Split:
    """Cut a period; one within a single quarter has only ends."""
    first = quarter(since)
    first = first if first == since else first + QUARTER
    last = quarter(until)
    if first > last:
        return Split((first, first), ((since, until),))
    ends = ((since, first), (last, until))
    return Split((first, last), tuple(end for end in ends if end[0] < end[1]))
