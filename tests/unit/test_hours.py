"""Opening hours against an independent calendar, both changes of the clock, and bad input."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contactcenter.errors import Refused
from contactcenter.queue.hours import Calendar, Hours, holiday, read_hours

HELSINKI = "Europe/Helsinki"
OFFICE = {
    "weekly": {
        **{day: [["09:00", "16:00"]] for day in "1234"},
        "5": [["10:00", "12:00"], ["12:30", "15:00"]],
    }
}
# The list of requirement LEG-10's source for 2026; other years by the acts and the computus below.
OF_2026 = "1.1 6.1 3.4 5.4 6.4 1.5 14.5 24.5 20.6 31.10 6.12 25.12 26.12"
YEARS = (2026, 2027, 2028)


def easter(year: int) -> date:
    """Easter Sunday by the anonymous Gregorian computus (Nature, 20 April 1876; Meeus 1991)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    month, day = divmod(h + m - 7 * ((a + 11 * h + 22 * m) // 451) + 114, 31)
    return date(year, month, day + 1)


def saturday_from(first: date) -> date:
    return first + timedelta(days=(5 - first.weekday()) % 7)


def holidays_of(year: int) -> set[date]:
    fixed = {(1, 1), (1, 6), (5, 1), (12, 6), (12, 25), (12, 26)}
    moving = {easter(year) + timedelta(days=n) for n in (-2, 0, 1, 39, 49)}
    saturdays = {saturday_from(date(year, 6, 20)), saturday_from(date(year, 10, 31))}
    return {date(year, *day) for day in fixed} | moving | saturdays


HOLIDAYS = set[date]().union(*map(holidays_of, YEARS))
EVES = {saturday_from(date(year, 6, 20)) - timedelta(days=1) for year in YEARS} | {
    date(year, 12, 24) for year in YEARS
}


def office(**more: object) -> Calendar:
    return Calendar(read_hours(OFFICE | more), HELSINKI)


def every_day() -> list[date]:
    return [date(2026, 1, 1) + timedelta(days=n) for n in range(365 + 365 + 366)]


def expected(day: date, closed: set[date]) -> list[tuple[str, str]]:
    """The week's hours as an office would write them on its door."""
    if day in closed or day.weekday() >= 5:
        return []
    if day.weekday() == 4:
        return [("10:00", "12:00"), ("12:30", "15:00")]
    return [("09:00", "16:00")]


def on_the_wall(calendar: Calendar, day: date) -> list[tuple[str, str]]:
    zone = ZoneInfo(HELSINKI)
    return [
        (f"{opens.astimezone(zone):%H:%M}", f"{closes.astimezone(zone):%H:%M}")
        for opens, closes in calendar.spans(day)
    ]


def test_every_day_of_three_years() -> None:
    calendar, closed = office(), HOLIDAYS | EVES
    assert len(every_day()) == 1096
    for day in every_day():
        assert on_the_wall(calendar, day) == expected(day, closed), day


def test_the_independent_list_is_the_published_one() -> None:
    listed = {date(2026, int(d.split(".")[1]), int(d.split(".")[0])) for d in OF_2026.split()}
    assert holidays_of(2026) == listed


def test_holidays_and_eves_apart() -> None:
    found = {day: holiday(day) for day in every_day() if holiday(day)}
    assert {day for day, kind in found.items() if kind == "holiday"} == HOLIDAYS
    assert {day for day, kind in found.items() if kind == "eve"} == EVES
    assert on_the_wall(office(eves="open"), date(2026, 12, 24)) == [("09:00", "16:00")]
    assert on_the_wall(office(holidays="open"), date(2026, 1, 6)) == [("09:00", "16:00")]


def test_an_exceptional_day_stands_before_all() -> None:
    calendar = office(exceptions={"2026-12-24": [["08:00", "11:00"]], "2026-11-24": []})
    assert on_the_wall(calendar, date(2026, 12, 24)) == [("08:00", "11:00")]
    assert on_the_wall(calendar, date(2026, 11, 24)) == []


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 3, 30), 24)]
)
def test_a_day_is_as_long_as_the_clock_makes_it(day: date, hours: int) -> None:
    ((opens, closes),) = Calendar(
        read_hours({"weekly": {"1": [["00:00", "24:00"]], "7": [["00:00", "24:00"]]}}), HELSINKI
    ).spans(day)
    assert closes - opens == timedelta(hours=hours)


def test_the_hour_that_the_clock_skips_and_the_one_it_repeats() -> None:
    night = Calendar(read_hours({"weekly": {"7": [["02:00", "03:30"]]}}), HELSINKI)
    ((opens, closes),) = night.spans(date(2026, 3, 29))  # 3.00 becomes 4.00
    assert (opens, closes) == (
        datetime(2026, 3, 29, tzinfo=UTC),
        datetime(2026, 3, 29, 1, tzinfo=UTC),
    )
    ((opens, closes),) = night.spans(date(2026, 10, 25))  # 4.00 becomes 3.00
    assert (closes - opens) == timedelta(minutes=90)
    skipped = Calendar(read_hours({"weekly": {"7": [["03:00", "04:00"]]}}), HELSINKI)
    assert skipped.spans(date(2026, 3, 29)) == []


def test_the_next_opening_is_behind_a_weekend_and_holidays() -> None:
    thursday = datetime(2026, 4, 2, 16, 0, tzinfo=ZoneInfo(HELSINKI))
    assert office().opens_at(thursday) == datetime(2026, 4, 7, 9, tzinfo=ZoneInfo(HELSINKI))
    before = thursday - timedelta(hours=1)
    assert office().opens_at(before) == before
    assert office().closes_at(before) == thursday


def test_no_hours_are_open_around_the_clock_and_none_ever_open_say_so() -> None:
    now = datetime(2026, 11, 24, 3, tzinfo=UTC)
    always = Calendar(Hours(), HELSINKI)
    assert always.is_open(now)
    assert always.opens_at(now) == now
    assert always.closes_at(now) is None
    never = Calendar(read_hours({"weekly": {"1": []}}), HELSINKI)
    assert (never.is_open(now), never.opens_at(now), never.closes_at(now)) == (False, None, None)


def test_spans_that_touch_at_midnight_close_once() -> None:
    calendar = Calendar(
        read_hours({"weekly": {"2": [["20:00", "24:00"]], "3": [["00:00", "02:00"]]}}), HELSINKI
    )
    evening = datetime(2026, 11, 24, 21, tzinfo=ZoneInfo(HELSINKI))
    assert calendar.closes_at(evening) == datetime(2026, 11, 25, 2, tzinfo=ZoneInfo(HELSINKI))


@pytest.mark.parametrize(
    ("given_", "detail"),
    [
        ("{", "hours_form"),
        ({"weekly": {"8": []}}, "hours_weekday"),
        ({"weekly": {"1": [["9:00", "16:00"]]}}, "hours_time"),
        ({"weekly": {"1": [["09:00", "24:01"]]}}, "hours_time"),
        ({"weekly": {"1": [["09:00", "09:00"]]}}, "hours_reversed"),
        ({"weekly": {"1": [["09:00", "12:00"], ["11:00", "13:00"]]}}, "hours_overlap"),
        ({"exceptions": {"2026-02-30": []}}, "hours_day"),
        ({"exceptions": {"20260228": []}}, "hours_day"),
        ({"weekly": {}, "surprise": 1}, "hours_form"),
    ],
)
def test_hours_that_make_no_sense_are_refused(given_: str | dict[str, object], detail: str) -> None:
    with pytest.raises(Refused) as refused:
        read_hours(given_)
    assert (refused.value.detail, refused.value.field) == (detail, "hours")


@given(
    spans=st.lists(st.integers(0, 24 * 60), min_size=2, max_size=6, unique=True),
    zone=st.sampled_from([HELSINKI, "Atlantic/Azores", "Asia/Kathmandu", "America/St_Johns"]),
    at=st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)
def test_open_and_next_opening_agree(spans: list[int], zone: str, at: datetime) -> None:
    times = [f"{minute // 60:02}:{minute % 60:02}" for minute in sorted(spans)]
    pairs = [list(pair) for pair in zip(times[::2], times[1::2], strict=False)]
    calendar = Calendar(
        read_hours({"weekly": dict.fromkeys("12345", pairs), "holidays": "open", "eves": "open"}),
        zone,
    )
    opens = calendar.opens_at(at)
    assert opens is not None
    assert opens >= at
    assert calendar.is_open(opens)
    assert calendar.is_open(at) == (opens == at)
    closes = calendar.closes_at(at)
    assert closes is not None
    assert closes > opens
    assert not calendar.is_open(closes)
    found = calendar.spans(at.date())
    assert all(before[1] <= after[0] for before, after in pairwise(found))
