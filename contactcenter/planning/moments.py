"""A day of a house by its own clocks. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def micro(at: datetime) -> int:
    """Microseconds since 1970."""
    return (at - _EPOCH) // timedelta(microseconds=1)


def moment(at_us: int) -> datetime:
    """The moment, in UTC."""
    return _EPOCH + timedelta(microseconds=at_us)


@dataclass(frozen=True)
class Day:
    """A day of a house, and the moment at which it is looked at."""

    day: date
    zone: ZoneInfo
    now: datetime

    @property
    def begins(self) -> datetime:
        """Its midnight by the house's clocks."""
        return datetime.combine(self.day, time(), self.zone).astimezone(UTC)

    @property
    def ends(self) -> datetime:
        """The next one: 23, 24 or 25 hours later."""
        return datetime.combine(self.day + timedelta(days=1), time(), self.zone).astimezone(UTC)

    @property
    def known(self) -> datetime:
        """Up to when it is over."""
        return max(self.begins, min(self.now, self.ends))

    @property
    def today(self) -> date:
        """The day on which it is looked at."""
        return self.now.astimezone(self.zone).date()

    @property
    def when(self) -> str:
        """past, today or ahead."""
        if self.day == self.today:
            return "today"
        return "past" if self.day < self.today else "ahead"

    def at(self, day: date) -> Day:
        """Another one."""
        return Day(day, self.zone, self.now)
