"""Days and times in words, as each language writes them in Finland. Pure.

In Finnish 30.11. klo 10.00, in Swedish 30 november kl. 10.00, in English 30 November, 10:00. Always
in the organisation's time zone, whatever the reader's computer thinks.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from contactcenter.callback.windows import Window
from contactcenter.queue.hours import Spans

Words = Callable[..., str]  # a text of the catalogue, by its key and parameters


class When:
    """Words for times in one language and one time zone, at a moment."""

    def __init__(self, words: Words, zone: ZoneInfo, now: datetime) -> None:
        self._t, self._zone = words, zone
        self._today = now.astimezone(zone).date()

    def day(self, day: date) -> str:
        """A day: today and tomorrow are called so."""
        plain = self._t("when.day", **self._parts(day))
        near = {0: "when.today", 1: "when.tomorrow"}.get((day - self._today).days)
        return self._t(near, day=plain) if near else plain

    def span(self, window: Window) -> str:
        """From when to when, on its day; says which of the two where the clock shows it twice."""
        times = self._t(
            "when.span", opens=self._time(window.opens), closes=self._time(window.closes)
        )
        which = self._which(window.opens)
        return f"{times} ({self._t(which)})" if which else times

    def window(self, window: Window) -> str:
        """Day and times."""
        return self._t("when.window", day=self.day(self._day(window.opens)), span=self.span(window))

    def moment(self, at: datetime) -> str:
        """Day and time."""
        return self._t("when.moment", day=self.day(self._day(at)), time=self._time(at))

    def clock(self, at: datetime) -> str:
        """The time alone."""
        return self._time(at)

    def spans(self, spans: Spans) -> str:
        """The opening hours of a day; minutes from midnight."""
        if not spans:
            return self._t("when.closed")
        return ", ".join(
            self._t("when.span", opens=self._minute(opens), closes=self._minute(closes))
            for opens, closes in spans
        )

    def weekdays(self, first: int, last: int) -> str:
        """Monday is 1."""
        opens, closes = (self._t(f"when.short.{n}") for n in (first, last))
        return opens if first == last else self._t("when.span", opens=opens, closes=closes)

    def by_day(self, windows: list[Window]) -> list[tuple[str, list[tuple[Window, str]]]]:
        """Windows under their days."""
        days: dict[date, list[tuple[Window, str]]] = {}
        for one in windows:
            days.setdefault(self._day(one.opens), []).append((one, self.span(one)))
        return [(self.day(day), found) for day, found in days.items()]

    def _day(self, at: datetime) -> date:
        return at.astimezone(self._zone).date()

    def _parts(self, day: date) -> dict[str, Any]:
        return {
            "weekday": self._t(f"when.weekday.{day.isoweekday()}"),
            "d": day.day,
            "month": self._t(f"when.month.{day.month}"),
        }

    def _time(self, at: datetime) -> str:
        local = at.astimezone(self._zone)
        return self._minute(local.hour * 60 + local.minute)

    def _minute(self, minute: int) -> str:
        return self._t("when.time", h=minute // 60, mm=f"{minute % 60:02}")

    def _which(self, at: datetime) -> str | None:
        """Summer or winter time, where an hour later or earlier the wall shows the same."""
        local, hour = at.astimezone(self._zone), timedelta(hours=1)
        others = [(at + step).astimezone(UTC).astimezone(self._zone) for step in (-hour, hour)]
        if all(
            other.replace(tzinfo=None, fold=0) != local.replace(tzinfo=None, fold=0)
            for other in others
        ):
            return None
        return "when.summer" if local.dst() else "when.winter"
