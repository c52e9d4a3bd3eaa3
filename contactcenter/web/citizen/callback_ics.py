"""A promised call as an entry for the citizen's calendar (RFC 5545, RFC 5546). Pure.

A request that was taken back gives the same entry once more as CANCEL, so that opening it removes
the one before. The asker stands in it by no address: the file is for one's own calendar only.
"""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from icalendar import (
    Calendar,
    Event,
    Timezone,
    TimezoneDaylight,
    TimezoneStandard,
    vCalAddress,
    vUri,
)

from contactcenter.callback.windows import Window

MEDIA_TYPE = "text/calendar"
_HOUR = timedelta(hours=1)
_PRODUCT = "-//contactcenter//callback//EN"


@dataclass(frozen=True)
class Entry:
    """What it says. `token` is the status link's; `sequence` rises with each change."""

    token: str
    window: Window
    zone: ZoneInfo
    sequence: int
    cancelled: bool
    summary: str
    description: str
    url: str
    organiser: str  # a mail address of the house
    organiser_name: str


def calendar_file(entry: Entry, now: datetime) -> bytes:
    """The file: CRLF, folded at 75 octets, UTF-8."""
    found = Calendar()
    found.add("prodid", _PRODUCT)
    found.add("version", "2.0")
    found.add("calscale", "GREGORIAN")
    found.add("method", "CANCEL" if entry.cancelled else "REQUEST")
    found.add_component(time_zone(entry.zone, entry.window.opens.year))
    found.add_component(_event(entry, now))
    data: bytes = found.to_ical()
    return data


def _event(entry: Entry, now: datetime) -> Event:
    digest = hashlib.sha256(f"calendar {entry.token}".encode()).digest()
    event = Event()
    event.add("uid", f"{digest.hex()[:32]}@{entry.organiser.partition('@')[2]}")
    event.add("dtstamp", now.astimezone(UTC).replace(microsecond=0))
    event.add("sequence", entry.sequence)
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    opens, closes = on_the_wall(entry.window, entry.zone)
    event.add("dtstart", opens)
    event.add("dtend", closes)
    event.add("summary", entry.summary)
    event.add("description", entry.description)
    event.add("url", vUri(entry.url))
    organiser = vCalAddress(f"mailto:{entry.organiser}")
    organiser.params["CN"] = entry.organiser_name
    event.add("organizer", organiser)
    asker = vCalAddress(uuid.UUID(bytes=digest[16:]).urn)
    asker.params["PARTSTAT"] = "ACCEPTED"
    event.add("attendee", asker)
    return event


def on_the_wall(window: Window, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Its ends by the clock on the wall; in UTC where that clock shows one for the second time: a
    local time means its first showing (RFC 5545, 3.3.5)."""
    ends = [at.astimezone(zone) for at in window]
    if any(end.fold for end in ends):
        ends = [end.astimezone(UTC) for end in ends]
    return ends[0], ends[1]


@cache
def time_zone(zone: ZoneInfo, year: int) -> Timezone:
    """The zone's definition for a year and its neighbours, change by change. (icalendar's own gives
    the hour after the change where RFC 5545, 3.6.5, wants the one before.)"""
    found = Timezone()
    found.add("tzid", zone.key)
    at, end = datetime(year - 1, 1, 1, tzinfo=UTC), datetime(year + 2, 1, 1, tzinfo=UTC)
    before = at.astimezone(zone)
    found.add_component(_observance(before, before.replace(tzinfo=None), before.utcoffset()))
    while at < end:
        at += _HOUR
        after = at.astimezone(zone)
        if after.utcoffset() != before.utcoffset():
            onset = (at + (before.utcoffset() or timedelta())).replace(tzinfo=None)
            found.add_component(_observance(after, onset, before.utcoffset()))
        before = after
    return found


def _observance(
    after: datetime, onset: datetime, offset_before: timedelta | None
) -> TimezoneDaylight | TimezoneStandard:
    """One stretch of time with one offset, from a moment by the clock of before."""
    made = TimezoneDaylight() if after.dst() else TimezoneStandard()
    made.add("dtstart", onset)
    made.add("tzoffsetfrom", offset_before)
    made.add("tzoffsetto", after.utcoffset())
    made.add("tzname", after.tzname())
    return made
