"""When a callback is tried again, and whether a promise was kept. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from contactcenter.callback.windows import AHEAD, Window
from contactcenter.errors import Refused
from contactcenter.queue.hours import Calendar


def check_again(now: datetime, again_at: datetime | None) -> None:
    """Raises Refused("bad_request", field="again_at") where it is past or over 14 days ahead."""
    if again_at is not None and not now < again_at <= now + AHEAD:
        raise Refused("bad_request", "again_at", field="again_at")


def next_try(
    calendar: Calendar, now: datetime, again_at: datetime | None, retry_s: float
) -> datetime:
    """When it enters the line again: as agreed with the agent, else after the pause; outside the
    opening hours at the next opening. A queue that will not open keeps the moment."""
    at = again_at or now + timedelta(seconds=retry_s)
    return calendar.opens_at(at) or at


def is_kept(promise: Window, dialled: datetime) -> bool:
    """Whether the first dial lay in the window, its ends included."""
    return promise.opens <= dialled <= promise.closes
