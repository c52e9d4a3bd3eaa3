"""A month of a year. Pure."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple


class Month(NamedTuple):
    """They come in order."""

    year: int
    month: int

    @classmethod
    def of(cls, day: date) -> Month:
        """The month of a day."""
        return cls(day.year, day.month)

    @classmethod
    def read(cls, text: str) -> Month:
        """From 2026-11. Raises ValueError."""
        found = date.fromisoformat(f"{text}-01")
        if len(text) != 7 or not 1900 < found.year < 9000:
            raise ValueError(text)
        return cls.of(found)

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return self.after().first - timedelta(days=1)

    def after(self) -> Month:
        """The next one."""
        return Month.of(self.first + timedelta(days=31))

    def before(self, months: int) -> Month:
        """So many months before."""
        nth = self.year * 12 + self.month - 1 - months
        return Month(nth // 12, nth % 12 + 1)

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"
