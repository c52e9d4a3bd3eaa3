"""What is told of an estimate: between the knots of a curve, rounded outwards, and calmly."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contactcenter.queue.bands import Estimated, at, line_name, rounded, steady, thinned
from contactcenter.routing.recent import Counted, is_silent

CURVE = ((1, 10.0, 60.0), (2, 20.0, 80.0), (4, 40.0, 160.0))
SECONDS = st.floats(0, 20_000)


def bands() -> st.SearchStrategy[tuple[float, float]]:
    return st.tuples(SECONDS, SECONDS).map(lambda ends: (min(ends), max(ends)))


def test_a_place_lies_between_knots_and_behind_the_last_in_proportion() -> None:
    assert at(CURVE, 1) == (10, 60)
    assert at(CURVE, 3) == (30, 120)
    assert at(CURVE, 8) == (80, 320)
    assert at((), 1) is None


def test_what_nobody_knows_stays_unknown() -> None:
    curve = ((1, 10.0, 60.0), (2, None, None))
    assert at(curve, 1) == (10, 60)
    assert at(curve, 2) is None
    assert at(curve, 9) is None


def test_who_would_come_now_gets_the_end_of_the_curve() -> None:
    known = Estimated({line_name("a/b/fi/1", "chat"): CURVE}, frozenset({(7, "chat")}))
    assert known.band("a/b/fi/1", "chat", None) == (40, 160)
    assert known.band("a/b/fi/1", "callback", None) is None
    assert known.told(7, "a/b/fi/1", "chat", 1) is None
    assert known.told(8, "a/b/fi/1", "chat", 1) == (10, 60)


def test_where_a_wait_may_last_until_closing_that_is_told_instead() -> None:
    unsure = ((1, 10.0, 60.0), (2, None, None))
    lines = {line_name("a/b/fi/1", one): unsure for one in ("chat", "callback")}
    known = Estimated(lines, frozenset({(8, "chat")}), {7: 3_600, 8: 3_600})
    at_one = datetime.fromtimestamp(3_600, UTC)
    assert known.closing(7, "a/b/fi/1", "chat", 2) == at_one
    assert known.closing(7, "a/b/fi/1", "chat", None) == at_one  # who would come now
    assert known.closing(8, "a/b/fi/1", "callback", 2) == at_one
    for queue, line, place in (
        (7, "a/b/fi/1", 1),
        (8, "a/b/fi/1", 2),
        (9, "a/b/fi/1", 2),
        (7, "x/y/fi/1", 2),
    ):
        assert known.closing(queue, line, "chat", place) is None


def test_a_long_line_is_few_knots_and_keeps_its_ends() -> None:
    curve = [(place, float(place), 2.0 * place) for place in range(1, 5001)]
    few = thinned(curve)
    assert len(few) < 70
    assert (few[0], few[-1]) == (curve[0], curve[-1])
    for place in (1, 7, 11, 321, 5000):
        assert at(few, place) == pytest.approx((place, 2 * place))


@pytest.mark.parametrize(
    ("band", "told"),
    [
        ((0, 20), (0, 60)),
        ((59, 61), (0, 120)),
        ((130, 470), (120, 480)),
        ((500, 700), (480, 900)),
        ((1900, 7000), (1800, 7200)),
        ((8000, 9000), (7200, 10_800)),
    ],
)
def test_it_is_rounded_outwards_as_people_say_it(
    band: tuple[float, float], told: tuple[int, int]
) -> None:
    assert rounded(band) == told


@given(bands())
def test_what_is_told_holds_the_band(band: tuple[float, float]) -> None:
    low, high = rounded(band)
    assert low <= band[0] <= band[1] <= high
    assert low <= high


@given(st.lists(bands(), min_size=2, max_size=20))
def test_what_was_told_before_is_never_wrong_by_much(several: list[tuple[float, float]]) -> None:
    told = None
    for band in several:
        told = steady(told, band)
        low, high = told
        assert low <= high
        by = 3600
        assert low - by <= band[0]
        assert band[1] <= high + by


def test_a_little_up_and_down_is_not_told() -> None:
    told = steady(None, (130, 470))
    for band in ((118, 482), (125, 475), (150, 440), (199, 401), (95, 505)):
        assert steady(told, band) == told
    assert steady(told, (80, 470)) == (60, 480)
    assert steady(told, (130, 520)) == (120, 540)


def test_it_falls_silent_by_the_last_hundred_and_never_by_a_few() -> None:
    assert not is_silent([(29, 0)], 0.6)
    assert is_silent([(30, 17)], 0.6)
    assert not is_silent([(30, 18)], 0.6)
    assert not is_silent([(100, 60), (1000, 0)], 0.6)  # what is old counts no more
    assert is_silent([(50, 29), (50, 30)], 0.6)
    assert not is_silent([(100, 0)], 0)


def test_the_mean_follows_the_last_hours_the_more_was_handled() -> None:
    before = Counted(handled=1000, handle_s=300_000)
    assert before.aht_s == 300
    assert before._replace(lately=30, lately_s=30 * 600).aht_s == 450
    assert before._replace(lately=3, lately_s=3 * 600).aht_s == pytest.approx(327.3, abs=0.1)
    assert Counted().aht_s == 300
    assert not Counted(handled=19).known


def test_patience_is_all_waits_by_those_who_left() -> None:
    assert Counted(accepted=90, wait_s=9000, abandoned=10).patience_s == 1000
    assert Counted(accepted=90, wait_s=9000, abandoned=9).patience_s is None
    assert Counted(abandoned=10).patience_s is None
