"""Reaction and answer times, by the calendar and in opening hours: reckoned by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from contactcenter.queue.hours import Calendar, Hours
from contactcenter.stats.answering import Matter, Time, times, working

ZONE = ZoneInfo("Europe/Helsinki")
WEEK: dict[str, tuple[tuple[str, str], ...]] = {
    str(day): (("09:00", "16:00"),) for day in range(1, 6)
}
OFFICE = Calendar(Hours(weekly=WEEK), ZONE.key)
LUNCH = Calendar(Hours(weekly={"1": (("09:00", "12:00"), ("13:00", "16:00"))}), ZONE.key)
SATURDAY = Calendar(Hours(weekly=WEEK, exceptions={"2026-03-07": (("10:00", "12:00"),)}), ZONE.key)
ALWAYS = Calendar(Hours(), ZONE.key)


def _at(text: str) -> datetime:
    """A time on the wall, in Mikkeli."""
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=ZONE)


def _hours(text: str) -> Time:
    """ "67:00 2:00": by the calendar, in opening hours."""
    calendar, office = [
        int(hours) * 3600 + int(minutes) * 60
        for hours, minutes in (one.split(":") for one in text.split())
    ]
    return Time(calendar, office)


# Arrival; replies; ends of contacts; resolved; reaction; answer.
CASES = {
    "a Monday morning": (
        OFFICE, "03-02 10:00", ["03-02 11:00", "03-02 12:30"], ["03-02 12:35"], "03-02 12:35",
        "1:00 1:00", "2:30 2:30",
    ),
    "over night": (
        OFFICE, "03-02 15:30", ["03-03 09:15"], ["03-03 09:20"], "03-03 09:20",
        "17:45 0:45", "17:45 0:45",
    ),
    "over a weekend": (
        OFFICE, "03-06 15:00", ["03-09 10:00"], [], "03-09 10:05", "67:00 2:00", "67:00 2:00",
    ),
    "before opening, interim reply, answered after closing": (
        OFFICE, "03-02 07:00", ["03-02 09:20", "03-02 18:00"], ["03-02 18:01"], "03-02 18:01",
        "2:20 0:20", "11:00 7:00",
    ),
    "all of it on a weekend": (
        OFFICE, "03-07 10:00", ["03-08 20:00"], [], "03-08 20:00", "34:00 0:00", "34:00 0:00",
    ),
    "over the first of May, a Friday": (
        OFFICE, "04-30 15:00", ["05-04 09:30"], [], "05-04 09:31", "90:30 1:30", "90:30 1:30",
    ),
    "over Easter": (
        OFFICE, "04-02 12:00", ["04-07 12:00"], [], "04-07 12:00", "120:00 7:00", "120:00 7:00",
    ),
    "over the eve of Midsummer": (
        OFFICE, "06-18 10:00", ["06-22 10:00"], [], "06-22 11:00", "96:00 7:00", "96:00 7:00",
    ),
    "over the night on which the clock goes forward": (
        OFFICE, "03-27 15:00", ["03-30 10:00"], [], "03-30 10:00", "66:00 2:00", "66:00 2:00",
    ),
    "over the night on which the clock goes back": (
        OFFICE, "10-23 15:00", ["10-26 10:00"], [], "10-26 10:00", "68:00 2:00", "68:00 2:00",
    ),
    "around the clock, while the clock goes back": (
        ALWAYS, "10-24 22:00", ["10-25 08:00"], [], "10-25 08:00", "11:00 11:00", "11:00 11:00",
    ),
    "a call over lunch, nothing written; resolved later": (
        LUNCH, "03-02 11:50", [], ["03-02 13:10"], "03-02 15:00", "1:20 0:20", "1:20 0:20",
    ),
    "a Saturday that is open by exception": (
        SATURDAY, "03-06 15:00", ["03-07 11:00"], [], "03-07 11:00", "20:00 2:00", "20:00 2:00",
    ),
    "handled, then a reply that settles it": (
        OFFICE, "03-02 09:00", ["03-03 09:30"], ["03-02 09:30"], "03-03 10:00",
        "0:30 0:30", "24:30 7:30",
    ),
    "what is written after it was resolved is another matter": (
        OFFICE, "03-02 09:00", ["03-02 10:00", "03-04 10:00"], [], "03-02 10:01",
        "1:00 1:00", "1:00 1:00",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_reckoned_by_hand(name: str) -> None:
    calendar, arrived, replies, handled, resolved, reaction, answer = CASES[name]
    matter = Matter(
        _at(arrived),
        [_at(one) for one in replies],
        [_at(one) for one in handled],
        _at(resolved),
    )
    assert times(matter, calendar) == (_hours(reaction), _hours(answer))


def test_what_is_not_resolved_has_no_answer_yet() -> None:
    arrived = _at("03-02 10:00")
    assert times(Matter(arrived), OFFICE) == (None, None)
    interim = Matter(arrived, [_at("03-02 11:00")])
    assert times(interim, OFFICE) == (_hours("1:00 1:00"), None)


def test_years_are_counted_whole() -> None:
    since, until = _at("01-01 00:00"), _at("01-01 00:00").replace(year=2029)
    assert working(ALWAYS, since, until) == until.astimezone(UTC) - since.astimezone(UTC)
    assert working(Calendar(Hours(weekly={"1": (("09:00", "10:00"),)}, holidays="open"), ZONE.key),
                   since, until).total_seconds() == 156 * 3600  # fmt: skip
