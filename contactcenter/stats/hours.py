"""Whether a queue is open, for the board: many rows twice a second, so reckoned once a minute."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from contactcenter.kernel.clock import stamp
from contactcenter.kernel.sql import Row
from contactcenter.queue.hours import Calendar, Hours, read_hours


class _Moment(NamedTuple):
    """`opens_at`: None within the hours, and where no opening is known."""

    is_open: bool
    opens_at: str | None


def open_now(queue: Row, at: datetime) -> dict[str, Any]:
    """`open`: None where a queue has no hours; one that takes requests around the clock is always
    open. `opens_at`: when its hours begin, None within them: till then nobody answers."""
    minute = at.replace(second=0, microsecond=0)  # hours are told in minutes
    found = _moment(queue["hours"], queue["zone"], minute)
    if found is None:
        return {"open": None, "opens_at": None}
    return {"open": queue["always_open"] or found.is_open, "opens_at": found.opens_at}


@lru_cache(maxsize=2000)
def _moment(hours: str, zone: str, minute: datetime) -> _Moment | None:
    calendar = _calendar(hours, zone)
    if calendar is None:
        return None
    if calendar.is_open(minute):
        return _Moment(True, None)
    opens_at = calendar.opens_at(minute)
    return _Moment(False, None if opens_at is None else stamp(opens_at))


@lru_cache(maxsize=1000)
def _calendar(hours: str, zone: str) -> Calendar | None:
    read = read_hours(hours)
    return None if read == Hours() else Calendar(read, zone)
