"""The meeting that a mail proposes, changes or cancels (RFC 5545, 5546, 6047)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Literal

from icalendar import Calendar

from channels.email.syntax.charsets import decode
from channels.email.syntax.words import one_line
from contactcenter.channel import Invitation

MAX_BYTES, MAX_LINES, MAX_WORDS = 65_536, 1_500, 300
Method = Literal["request", "cancel", "reply", "publish", "other"]
_METHODS: dict[str, Method] = {
    "REQUEST": "request", "CANCEL": "cancel", "REPLY": "reply", "PUBLISH": "publish",
}  # fmt: skip


def read_invitation(content: bytes, charset: str | None = None) -> Invitation | None:
    """The first event of a calendar; None where there is none, where it can't be read, and where
    it is too large to be read through."""
    if len(content) > MAX_BYTES or content.count(b"\n") > MAX_LINES:
        return None
    try:
        calendar = Calendar.from_ical(decode(content, charset or "utf-8").strip())
        events = [one for one in calendar.subcomponents if one.name == "VEVENT"]
        return _invitation(calendar, events[0]) if events else None
    except Exception:  # whatever a stranger wrote: it is a file all the same
        return None


def _invitation(calendar: Any, event: Any) -> Invitation:
    method = one_line(str(calendar.get("METHOD", "")), 20).upper()
    return Invitation(
        method=_METHODS.get(method, "other") if method else "publish",
        summary=_words(event, "SUMMARY"),
        starts=_time(event, "DTSTART"),
        ends=_time(event, "DTEND") or _end(event),
        location=_words(event, "LOCATION"),
        organiser=_organiser(event),
    )


def _words(event: Any, name: str) -> str:
    value = event.get(name, "")
    return one_line(str(value[0] if isinstance(value, list) else value), MAX_WORDS)


def _time(event: Any, name: str) -> str:
    value = getattr(event.get(name), "dt", None)
    return value.isoformat() if isinstance(value, (date, datetime)) else ""


def _end(event: Any) -> str:
    start = getattr(event.get("DTSTART"), "dt", None)
    takes = getattr(event.get("DURATION"), "dt", None)
    if isinstance(start, date) and isinstance(takes, timedelta):
        return (start + takes).isoformat()
    return ""


def _organiser(event: Any) -> str:
    address = _words(event, "ORGANIZER")
    address = address[7:] if address[:7].lower() == "mailto:" else address
    name = one_line(str(getattr(event.get("ORGANIZER"), "params", {}).get("CN", "")), MAX_WORDS)
    return f"{name} <{address}>" if name and name != address else address
