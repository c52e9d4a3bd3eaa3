"""Half hours in which a call may be promised: in the opening hours, while places are left. Pure.

A window is a half hour of the clock, from its beginning, inclusive, to its end. It is offered where
the whole of it is open, so no call is promised for a moment at which nobody works.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import NamedTuple

from contactcenter.errors import Refused
from contactcenter.queue.hours import Calendar

HALF_HOUR = timedelta(minutes=30)
AHEAD = timedelta(days=14)
MOST = 200


class Window(NamedTuple):
    """One half hour, in UTC."""

    opens: datetime
    closes: datetime


def windows(calendar: Calendar, now: datetime) -> Iterator[Window]:
    """Every window that begins after now, in order, for 14 days."""
    for opens, closes in calendar.from_(now):
        start = _next_half_hour(max(opens, now))
        while start + HALF_HOUR <= closes:
            if start > now + AHEAD:
                return
            if start > now:
                yield Window(start, start + HALF_HOUR)
            start += HALF_HOUR


def free(
    calendar: Calendar, now: datetime, taken: Mapping[datetime, int], places: int
) -> list[Window]:
    """The windows that have a place left, at most 200. `taken`: promised calls by beginning."""
    open_ = (w for w in windows(calendar, now) if taken.get(w.opens, 0) < places)
    return list(islice(open_, MOST))


def check_window(calendar: Calendar, now: datetime, opens: datetime, closes: datetime) -> Window:
    """A window as asked for, where it may be promised. Raises Refused, all with field "window":
    `bad_request` for what is no half hour or too far ahead, `window_past`, `closed` where it is not
    open all the while."""
    asked = opens, closes = _in_utc(opens, closes)
    if closes - opens != HALF_HOUR or opens != _next_half_hour(opens) or opens > now + AHEAD:
        raise Refused("bad_request", "window_form", field="window")
    if opens <= now:
        raise Refused("window_past", field="window")
    if not any(begins <= opens and closes <= ends for begins, ends in _around(calendar, asked)):
        raise Refused("closed", "window_closed", field="window")
    return asked


def _in_utc(opens: datetime, closes: datetime) -> Window:
    """Minutes of an hour are read from it: an odd offset would make half hours of its own, each
    with places of its own."""
    try:
        return Window(opens.astimezone(UTC), closes.astimezone(UTC))
    except OverflowError:  # at either end of what a datetime holds
        raise Refused("bad_request", "window_form", field="window") from None


def _around(calendar: Calendar, window: Window) -> Iterator[tuple[datetime, datetime]]:
    for span in calendar.from_(window.opens):
        if span[0] >= window.closes:
            return
        yield span


def _next_half_hour(at: datetime) -> datetime:
    """The same moment where a half hour begins, else the next. All time zones in use differ from
    UTC by whole quarters; those by an odd quarter count half hours by UTC too."""
    over = timedelta(minutes=at.minute % 30, seconds=at.second, microseconds=at.microsecond)
    return at + (HALF_HOUR - over if over else over)
