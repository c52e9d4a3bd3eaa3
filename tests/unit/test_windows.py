"""Which half hours may be promised."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contactcenter.callback.windows import HALF_HOUR, Window, check_window, free, windows
from contactcenter.errors import Refused
from contactcenter.queue.hours import Calendar, Hours, read_hours

ZONE = ZoneInfo("Europe/Helsinki")
WEEK = Calendar(
    read_hours({"weekly": {day: [["09:00", "16:00"]] for day in "12345"}}), "Europe/Helsinki"
)


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=ZONE).astimezone(UTC)


def walls(found: list[Window]) -> list[str]:
    return [f"{window.opens.astimezone(ZONE):%d.%m. %H:%M}" for window in found]


def test_windows_begin_at_the_next_half_hour_and_end_with_the_hours() -> None:
    found = [w for w in windows(WEEK, at(24, 13, 7)) if w.opens < at(25, 10)]
    assert walls(found) == [
        *("24.11. 13:30", "24.11. 14:00", "24.11. 14:30", "24.11. 15:00", "24.11. 15:30"),
        *("25.11. 09:00", "25.11. 09:30"),
    ]


def test_weekends_and_holidays_have_none() -> None:
    found = walls(list(windows(WEEK, at(3, 15, 45, month=12))))
    assert found[0] == "04.12. 09:00"
    assert not [text for text in found if text[:6] in ("05.12.", "06.12.")]


def test_full_windows_are_left_out() -> None:
    first, second, third = list(windows(WEEK, at(24, 13, 7)))[:3]
    taken = {first.opens: 2, second.opens: 1}
    assert free(WEEK, at(24, 13, 7), taken, 2)[:2] == [second, third]
    assert free(WEEK, at(24, 13, 7), {}, 0) == []


@pytest.mark.parametrize(
    ("opens", "code"),
    [
        (at(24, 12), "window_past"),
        (at(24, 13, 7), "bad_request"),
        (at(24, 16), "closed"),
        (at(28, 10), "closed"),  # a Saturday
        (at(24, 10, month=12), "bad_request"),  # too far ahead
    ],
)
def test_other_windows_are_refused(opens: datetime, code: str) -> None:
    with pytest.raises(Refused) as refused:
        check_window(WEEK, at(24, 13, 7), opens, opens + HALF_HOUR)
    assert (refused.value.code, refused.value.field) == (code, "window")


@pytest.mark.parametrize("minutes", [17, -1, 45, 30 * 24 - 1])
def test_an_odd_offset_makes_no_half_hour_of_its_own(minutes: int) -> None:
    """Each would have places of its own, so that no half hour were ever full."""
    opens = at(24, 14).replace(tzinfo=timezone(timedelta(minutes=minutes)))
    with pytest.raises(Refused, match="window_form"):
        check_window(WEEK, at(24, 8), opens, opens + HALF_HOUR)


def test_an_offset_of_whole_half_hours_is_the_same_window() -> None:
    opens = at(24, 14).astimezone(timezone(timedelta(hours=5, minutes=30)))
    asked = check_window(WEEK, at(24, 8), opens, opens + HALF_HOUR)
    assert asked == Window(at(24, 14), at(24, 14, 30))
    assert asked.opens.tzinfo is UTC


@pytest.mark.parametrize("hours", [14, -14])
@pytest.mark.parametrize(("year", "month", "day"), [(1, 1, 1), (9999, 12, 31)])
def test_the_ends_of_time_are_no_window(year: int, month: int, day: int, hours: int) -> None:
    zone = timezone(timedelta(hours=hours))
    for hour in (0, 23):
        edge = datetime(year, month, day, hour, 30, tzinfo=zone)
        with pytest.raises(Refused):
            check_window(WEEK, at(24, 8), edge, edge)


def test_a_holiday_is_closed_and_a_longer_window_is_none() -> None:
    with pytest.raises(Refused, match="window_closed"):
        check_window(WEEK, at(20, 10, month=12), at(25, 10, month=12), at(25, 10, 30, month=12))
    with pytest.raises(Refused, match="window_form"):
        check_window(WEEK, at(24, 8), at(24, 10), at(24, 11))


def test_the_nights_when_the_clock_is_changed() -> None:
    night = Calendar(read_hours({"weekly": {"7": [["02:00", "05:00"]]}}), "Europe/Helsinki")
    spring = list(windows(night, datetime(2026, 3, 28, tzinfo=UTC)))[:5]
    assert walls(spring)[:4] == [
        *("29.03. 02:00", "29.03. 02:30", "29.03. 04:00", "29.03. 04:30"),
    ]
    autumn = [
        w
        for w in windows(night, datetime(2026, 10, 24, tzinfo=UTC))
        if w.opens < datetime(2026, 10, 26, tzinfo=UTC)
    ]
    assert len(autumn) == 8  # four hours on the clock that shows one of them twice
    assert all(after.opens == before.closes for before, after in itertools.pairwise(autumn))


@given(now=st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_what_is_offered_may_be_asked_for(now: datetime) -> None:
    for calendar in (WEEK, Calendar(Hours(), "Europe/Helsinki")):
        found = free(calendar, now, {}, 1)
        assert found
        assert found == sorted(set(found))
        for window in (found[0], found[-1]):
            assert now < window.opens <= now + timedelta(days=14)
            assert check_window(calendar, now, *window) == window
