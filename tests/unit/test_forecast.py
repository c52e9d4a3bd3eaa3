"""The forecast: kinds of days, the trend, its error, and what it refuses."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contactcenter.demo_history import arrivals
from contactcenter.routing.backtest import backtest
from contactcenter.routing.chance import poisson
from contactcenter.routing.demand import PlanError
from contactcenter.routing.forecast import FAR_DAYS, forecast, kind

MONDAY = date(2026, 9, 7)


def days(count: int, since: date = MONDAY) -> list[date]:
    return [since + timedelta(days=n) for n in range(count)]


def week(day: date, level: float = 1.0) -> tuple[float, ...]:
    """By weekday 10, 20, ... and twice as many in the second interval."""
    return (10 * day.isoweekday() * level, 20 * day.isoweekday() * level)


@pytest.mark.parametrize(
    ("day", "is_a"),
    [
        (date(2026, 4, 2), "before"),  # Good Friday
        (date(2026, 4, 3), "holiday"),
        (date(2026, 4, 4), "6"),  # a Saturday stays one
        (date(2026, 4, 6), "holiday"),
        (date(2026, 4, 30), "before"),
        (date(2026, 6, 18), "4"),  # before an eve, not before a holiday
        (date(2026, 6, 19), "eve"),
        (date(2026, 12, 4), "5"),  # Independence Day falls on a Sunday
        (date(2026, 12, 23), "3"),
        (date(2026, 12, 24), "eve"),
        (date(2026, 12, 31), "before"),
        (date(2026, 11, 26), "4"),
    ],
)
def test_holidays_and_their_eves_are_days_of_their_own(day: date, is_a: str) -> None:
    assert kind(day) == is_a


def test_what_is_always_the_same_is_foretold_exactly() -> None:
    learnt = forecast({day: week(day) for day in days(42)})
    assert learnt.trend == 0
    for day in days(7, date(2026, 11, 9)):
        assert learnt.day(day).counts == pytest.approx(week(day))
        assert (learnt.day(day).kind, learnt.day(day).days) == (kind(day), 6)


def test_a_steady_growth_is_found_and_carried_on_but_not_for_ever() -> None:
    history = {day: week(day, 1 + 0.01 * n) for n, day in enumerate(days(56))}
    learnt = forecast(history)
    ahead = days(7, MONDAY + timedelta(days=56))
    for n, day in enumerate(ahead, start=56):
        assert learnt.day(day).counts == pytest.approx(week(day, 1 + 0.01 * n), rel=0.01)
    far = [learnt.day(max(history) + timedelta(days=n)).counts for n in (FAR_DAYS, FAR_DAYS + 70)]
    assert far[0] == far[1]


def test_chance_alone_is_no_trend() -> None:
    found = 0
    for seed in range(40):
        rng = random.Random(seed)
        history = {day: [poisson(rng, 40.0), poisson(rng, 60.0)] for day in days(56)}
        found += forecast(history).trend != 0
    assert found <= 6  # one in twenty is expected to seem sure


def test_newer_days_weigh_more() -> None:
    level = {day: (100.0 if n < 84 else 200.0,) for n, day in enumerate(days(112))}
    plain = sum(count for (count,) in level.values()) / len(level)
    assert forecast(level).kinds["1"].means[0] > 1.1 * plain


def test_what_stands_in_for_days_that_were_never_counted() -> None:
    spring = {day: week(day) for day in days(35, date(2026, 3, 2))}  # up to Easter Sunday
    spring[date(2026, 4, 3)] = (7.0, 7.0)
    learnt = forecast(spring)
    assert learnt.day(date(2026, 4, 6)).kind == "holiday"
    autumn = forecast({day: week(day) for day in days(28)})
    assert autumn.day(date(2026, 12, 25)).counts == pytest.approx(week(date(2026, 12, 27)))
    assert autumn.day(date(2026, 12, 24)).kind == "7"  # closed, as a Sunday
    assert autumn.day(date(2026, 12, 31)).kind == "4"
    winter = {day: week(day) for day in days(28, date(2026, 12, 14))}
    assert forecast(winter).day(date(2027, 3, 25)).kind == "before"  # two were: 31.12. and 5.1.
    del winter[date(2026, 12, 31)]
    assert forecast(winter).day(date(2027, 3, 25)).kind == "4"


def test_a_missing_day_is_not_a_day_with_nothing() -> None:
    history = {day: week(day) for day in days(42)}
    for gap in (MONDAY, MONDAY + timedelta(days=14)):
        del history[gap]
    assert forecast(history).day(MONDAY + timedelta(days=63)).counts == pytest.approx(week(MONDAY))
    no_monday = {day: counts for day, counts in history.items() if day.isoweekday() != 1}
    with pytest.raises(PlanError, match="no day like it was counted"):
        forecast(no_monday).day(MONDAY + timedelta(days=63))


@pytest.mark.parametrize(
    ("history", "said"),
    [
        ({}, "0 counted days: a forecast needs 14"),
        ({day: (1.0,) for day in days(13)}, "13 counted days"),
        ({day: (1.0,) * (1 + n % 2) for n, day in enumerate(days(20))}, "1 and of 2 intervals"),
        ({day: (-1.0,) for day in days(20)}, "2026-09-07: counts are numbers"),
        ({day: (math.nan,) for day in days(20)}, "counts are numbers from 0 on"),
    ],
)
def test_what_can_not_be_learnt_from_is_refused(
    history: dict[date, Sequence[float]], said: str
) -> None:
    with pytest.raises(PlanError, match=said):
        forecast(history)


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 400), st.lists(st.floats(0, 1e6), min_size=2, max_size=2)),
                min_size=30, max_size=60, unique_by=lambda day: day[0]))  # fmt: skip
def test_any_counts_give_a_forecast_from_zero_on(counted: list[tuple[int, list[float]]]) -> None:
    history = {MONDAY + timedelta(days=n): counts for n, counts in counted}
    learnt = forecast(history)
    for day in days(40, max(history)):
        if learnt.like(day) is not None:
            assert all(0 <= count < math.inf for count in learnt.day(day).counts)


# ---------------------------------------------------------------- its error


def test_no_error_where_all_is_always_the_same() -> None:
    tested = backtest({day: week(day) for day in days(42)})
    assert tested is not None
    assert (tested.intervals.compared, tested.days.compared) == (56, 28)
    assert tested.intervals.wape == pytest.approx(0)
    assert tested.days.mape == pytest.approx(0)
    assert tested.dispersion == pytest.approx(0)


def test_the_error_of_a_week_that_was_twice_as_full() -> None:
    history = {day: (10.0, 0.0) for day in days(21)}
    history |= {day: (20.0, 0.0) for day in days(7, MONDAY + timedelta(days=21))}
    tested = backtest(history, weeks=1)
    assert tested is not None
    assert tested.intervals.wape == tested.intervals.mape == pytest.approx(0.5)
    assert tested.days.bias == pytest.approx(-0.5)
    assert (tested.intervals.compared, tested.intervals.empty) == (14, 7)
    assert tested.dispersion == pytest.approx(10.0)  # 10^2 / 10


def test_too_short_a_history_has_no_error_yet() -> None:
    assert backtest({day: week(day) for day in days(20)}) is None
    assert backtest({}) is None
    assert backtest({day: week(day) for day in days(21)}) is not None
    with pytest.raises(PlanError, match="weeks 0"):
        backtest({}, weeks=0)


def test_nothing_at_all_has_no_error() -> None:
    tested = backtest({day: (0.0,) for day in days(42)})
    assert tested is not None
    assert tested.intervals.wape is tested.intervals.mape is tested.dispersion is None


def test_a_simulated_city_is_foretold_nearly_as_well_as_chance_allows() -> None:
    rng = random.Random(11)
    steady = {
        day: [poisson(rng, arrivals.mean_of(day) * share) for share in arrivals.SHARES]
        for day in days(120)
        if arrivals.is_working_day(day)
    }
    tested = backtest(steady)
    assert tested is not None
    assert tested.intervals.wape is not None
    assert tested.intervals.chance is not None
    assert tested.intervals.chance < tested.intervals.wape < 1.25 * tested.intervals.chance
    assert tested.dispersion == pytest.approx(1.0, abs=0.25)
    bursts = {day: arrivals.half_hours(rng, day) for day in days(120)}
    rough = backtest(bursts)
    assert rough is not None
    assert rough.dispersion == pytest.approx(arrivals.DISPERSION, abs=1.2)
