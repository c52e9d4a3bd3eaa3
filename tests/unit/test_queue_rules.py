"""The contact's states and place."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from contactcenter.queue import rules
from contactcenter.queue.rules import Ranges, merged

MOMENT = datetime(2026, 3, 29, 1, 0, tzinfo=UTC)


def test_every_state_is_reached_and_only_ends_have_no_way_on() -> None:
    reached = {to for ways in rules.TRANSITIONS.values() for to in ways}
    assert reached | {"received"} == set(rules.TRANSITIONS)
    assert {s for s, ways in rules.TRANSITIONS.items() if not ways} == {"abandoned"}


def test_rank_is_microseconds() -> None:
    assert rules.rank(datetime(1970, 1, 1, tzinfo=UTC), 1.5) == 1_500_000


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.integers(0, 86400))
def test_of_equal_targets_the_earlier_is_always_first(a: int, b: int, target: int) -> None:
    first = rules.rank(MOMENT + timedelta(microseconds=min(a, b)), target)
    second = rules.rank(MOMENT + timedelta(microseconds=max(a, b)), target)
    assert first <= second


@given(st.integers(0, 20), st.integers(1, 20))
def test_a_call_needs_an_idle_agent(load: int, capacity: int) -> None:
    assert rules.fits(load, capacity, "call") == (load == 0)
    assert rules.fits(load, capacity, "mail") == (load < capacity)


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 5)), max_size=20))
def test_merged_ranges_hold_exactly_what_was_told(told: list[tuple[int, int]]) -> None:
    ranges: Ranges = ()
    for since, length in told:
        ranges = merged(ranges, since, since + length)
    held = [n for first, last in ranges for n in range(first, last + 1)]
    assert held == sorted({n for since, length in told for n in range(since, since + length + 1)})
    assert all(b[0] > a[1] + 1 for a, b in pairwise(ranges))
