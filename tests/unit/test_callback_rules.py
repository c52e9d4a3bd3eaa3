"""When a callback is tried again, and whether a promise was kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contactcenter.callback.rules import check_again, is_kept, next_try
from contactcenter.callback.windows import Window
from contactcenter.errors import Refused
from contactcenter.queue.hours import Calendar, Hours, read_hours

WEEK = {str(day): [["09:00", "15:00"]] for day in range(1, 6)}
OFFICE = Calendar(read_hours({"weekly": WEEK}), "Europe/Helsinki")
moments = st.datetimes(
    datetime(2026, 1, 1),  # noqa: DTZ001
    datetime(2028, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+00:00")


@pytest.mark.parametrize(
    ("now", "again", "expected"),
    [
        ("2026-11-26T08:00", None, "2026-11-26T08:30"),
        ("2026-11-26T12:45", None, "2026-11-27T07:00"),  # closed by then: the next morning
        ("2026-11-27T12:45", None, "2026-11-30T07:00"),  # Monday
        ("2026-12-23T12:45", None, "2026-12-28T07:00"),  # Christmas and its eve, a weekend
        ("2026-11-26T08:00", "2026-11-26T11:00", "2026-11-26T11:00"),
        ("2026-11-26T08:00", "2026-11-28T11:00", "2026-11-30T07:00"),
        ("2026-03-27T12:45", None, "2026-03-30T06:00"),  # summer time began on Sunday
    ],
)
def test_the_next_try_is_in_the_opening_hours(now: str, again: str | None, expected: str) -> None:
    agreed = None if again is None else at(again)
    assert next_try(OFFICE, at(now), agreed, 1800) == at(expected)


@given(now=moments, again=st.none() | st.timedeltas(timedelta(seconds=1), timedelta(days=14)))
def test_it_is_never_early_and_never_outside_the_hours(
    now: datetime, again: timedelta | None
) -> None:
    agreed = None if again is None else now + again
    found = next_try(OFFICE, now, agreed, 1800)
    assert found >= (agreed or now + timedelta(seconds=1800))
    assert OFFICE.is_open(found)


def test_a_queue_that_never_opens_keeps_the_moment() -> None:
    closed = Calendar(read_hours({"weekly": {"1": []}}), "Europe/Helsinki")
    now = at("2026-11-26T08:00")
    assert next_try(closed, now, None, 60) == now + timedelta(seconds=60)
    assert next_try(Calendar(Hours(), "UTC"), now, None, 60) == now + timedelta(seconds=60)


@pytest.mark.parametrize("again", [timedelta(), -timedelta(days=1), timedelta(days=14, seconds=1)])
def test_a_moment_past_or_far_ahead_is_refused(again: timedelta) -> None:
    now = at("2026-11-26T08:00")
    check_again(now, None)
    check_again(now, now + timedelta(days=14))
    with pytest.raises(Refused, match="bad_request") as refused:
        check_again(now, now + again)
    assert refused.value.field == "again_at"


def test_a_promise_is_kept_from_its_first_moment_to_its_last() -> None:
    window = Window(at("2026-11-26T08:00"), at("2026-11-26T08:30"))
    moment = timedelta(microseconds=1)
    assert [is_kept(window, dialled) for dialled in (*window, window.opens - moment)] == [
        True,
        True,
        False,
    ]
    assert not is_kept(window, window.closes + moment)
