"""Opening hours as a form: a line of text a day, and back; and what they come to, day by day."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from contactcenter.errors import Refused
from contactcenter.queue.hours import DAY_MIN, WEEKDAYS, Calendar, Hours, holiday_name, read_hours

Spans = tuple[tuple[str, str], ...]
DAYS_SHOWN = 14
EMPTY_ROWS = 3
_SPAN = re.compile(
    r"(\d{1,2})(?:[:.](\d{2}))?\s*[-\u2013\u2014]\s*(\d{1,2})(?:[:.](\d{2}))?", re.ASCII
)
_FINNISH_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", re.ASCII)


def spans_of(text: str, field: str) -> Spans:
    """ "9-15, 16.30-18" as spans; nothing for an empty text. Raises Refused."""
    found = []
    for piece in filter(None, (piece.strip() for piece in re.split(r"[,;]", text))):
        match = _SPAN.fullmatch(piece)
        if match is None:
            raise Refused("bad_request", "hours_spans", field=field)
        opens, from_min, closes, to_min = match.groups(default="00")
        found.append((f"{int(opens):02}:{from_min}", f"{int(closes):02}:{to_min}"))
    return tuple(found)


def day_of(text: str) -> str:
    """A day as stored, from 24.12.2026 too; what is none stays, and the rules refuse it."""
    finnish = _FINNISH_DAY.fullmatch(text.strip())
    if finnish is None:
        return text.strip()
    day, month, year = map(int, finnish.groups())
    return f"{year:04}-{month:02}-{day:02}"


def text_of(spans: Spans) -> str:
    """Spans as one line, as they are typed."""
    return ", ".join(f"{opens}-{closes}" for opens, closes in spans)


def pairs(hours: Hours) -> list[tuple[str, str]]:
    """Hours as fields of the form."""
    found = [(f"hours.weekly.{day}", text_of(hours.weekly.get(day, ()))) for day in WEEKDAYS]
    for day, spans in hours.exceptions.items():
        found += [("hours.exceptions.day", day), ("hours.exceptions.spans", text_of(spans))]
    return [*found, ("hours.holidays", hours.holidays), ("hours.eves", hours.eves)]


def exceptions_of(days: tuple[str, ...], texts: tuple[str, ...]) -> dict[str, Spans]:
    """Exceptional days; a row without a day is empty. Raises Refused."""
    found: dict[str, Spans] = {}
    if len(days) != len(texts):
        raise Refused("bad_request", "invalid_field", field="hours.exceptions")
    for day, text in zip(map(day_of, days), texts, strict=True):
        if day in found:
            raise Refused("bad_request", "hours_day_twice", field="hours.exceptions", day=day)
        if day:
            found[day] = spans_of(text, "hours.exceptions")
        elif text.strip():
            raise Refused("bad_request", "hours_day_missing", field="hours.exceptions")
    return found


def check(hours: Hours) -> None:
    """Raises Refused, naming the field of the day at fault."""
    try:
        read_hours(msgspec.to_builtins(hours))
    except Refused as no:
        day = no.params.get("day")
        field = f"hours.weekly.{day}" if day in WEEKDAYS else "hours.exceptions"
        raise Refused(no.code, no.detail, field=field, day=day) from None


def day_rows(days: list[str], texts: list[str]) -> list[tuple[str, str]]:
    """The rows of exceptional days as they were typed, and some empty ones."""
    typed = [(day_of(day), text) for day, text in zip(days, texts, strict=False) if day or text]
    return typed + [("", "")] * EMPTY_ROWS


def outlook(hours: Hours, zone: str, language: str, now: datetime) -> dict[str, Any]:
    """What the hours come to: open now or opening when, and the next days with their holidays."""
    calendar, today = Calendar(hours, zone), now.astimezone(ZoneInfo(zone)).date()
    is_open = calendar.is_open(now)
    return {
        "open": is_open,
        "turns": calendar.closes_at(now) if is_open else calendar.opens_at(now),
        "days": [
            _day(calendar, hours, today + timedelta(days=n), language) for n in range(DAYS_SHOWN)
        ],
    }


def _day(calendar: Calendar, hours: Hours, day: date, language: str) -> dict[str, Any]:
    spans = calendar.minutes(day)
    return {
        "day": day,
        "spans": [f"{_clock(opens)}\u2013{_clock(closes)}" for opens, closes in spans],
        "holiday": holiday_name(day, language),
        "exception": day.isoformat() in hours.exceptions,
    }


def _clock(minute: int) -> str:
    return "24.00" if minute == DAY_MIN else f"{minute // 60}.{minute % 60:02}"
