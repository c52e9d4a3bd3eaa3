"""Arrivals of the demo: the day's shape, bursts, the week, and the same from the same seed."""

from __future__ import annotations

import random
from datetime import date
from functools import cache
from statistics import mean, pvariance

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contactcenter.demo_history import arrivals
from contactcenter.routing.chance import burst

TUESDAY, MONDAY = date(2026, 11, 24), date(2026, 11, 23)


@cache
def tuesdays() -> list[list[int]]:
    """Many of them, by their half hours."""
    rng = random.Random(1)
    return [arrivals.half_hours(rng, TUESDAY) for _ in range(2000)]


def test_half_hours_are_bursty_as_a_real_day_is() -> None:
    at_ten = [counts[4] for counts in tuesdays()]
    assert mean(at_ten) == pytest.approx(350 * 0.925 * 0.0761, rel=0.05)
    assert pvariance(at_ten) / mean(at_ten) == pytest.approx(3.8, rel=0.15)


def test_without_dispersion_it_is_poisson() -> None:
    rng = random.Random(2)
    counts = [burst(rng, 25, 1.0) for _ in range(3000)]
    assert pvariance(counts) / mean(counts) == pytest.approx(1.0, rel=0.1)


def test_a_day_has_the_profiles_shape() -> None:
    shares = [mean(counts) for counts in zip(*tuesdays(), strict=True)]
    assert [s / sum(shares) for s in shares] == pytest.approx(list(arrivals.SHARES), abs=0.004)


def test_mondays_are_full_and_holidays_empty() -> None:
    assert 1.2 <= arrivals.mean_of(MONDAY) / arrivals.PER_DAY <= 1.4
    week = [arrivals.mean_of(date(2026, 11, day)) for day in range(23, 28)]
    assert mean(week) == pytest.approx(arrivals.PER_DAY)
    for closed in (date(2026, 4, 3), date(2026, 12, 24), date(2026, 11, 22)):
        assert sum(arrivals.half_hours(random.Random(4), closed)) == 0


def test_moments_lie_in_their_half_hours() -> None:
    counts = arrivals.half_hours(random.Random(5), TUESDAY)
    found = arrivals.moments(random.Random(6), counts)
    slots = [int((at - arrivals.FIRST_S) // arrivals.HALF_HOUR_S) for at in found]
    assert [slots.count(n) for n in range(len(counts))] == counts
    assert found == sorted(found)


def test_the_same_seed_gives_the_same_stream() -> None:
    streams = [list(arrivals.stream(random.Random(seed), 2.0, 60)) for seed in (7, 7, 8)]
    assert streams[0] == streams[1] != streams[2]


@settings(deadline=None)  # other work shares the machine
@given(st.integers(0, 10_000), st.floats(0.1, 20), st.floats(1, 600), st.booleans())
def test_a_stream_stays_in_its_time(seed: int, rate: float, seconds: float, profile: bool) -> None:
    found = list(arrivals.stream(random.Random(seed), rate, seconds, profile=profile))
    assert found == sorted(found)
    assert all(0 <= at <= seconds for at in found)


@pytest.mark.parametrize("profile", [False, True])
def test_a_stream_keeps_its_rate(profile: bool) -> None:
    found = list(arrivals.stream(random.Random(9), 10.0, 3000, profile=profile))
    assert len(found) == pytest.approx(30_000, rel=0.04)
    if profile:
        first = sum(at < 3000 / 16 for at in found)
        assert first / len(found) == pytest.approx(0.043, abs=0.012)
