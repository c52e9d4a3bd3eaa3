"""Who waits and who is in hand, and since when the longest waits, against a plain list."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from contactcenter.stats.line import Line
from tests.unit.test_stats_rules import T0, event

CHAT, CALLBACK = (7, "chat"), (7, "callback")
KINDS = ["entered", "returned", "accepted", "left", "closed", "abandoned", "offered"]
moves = st.lists(
    st.tuples(
        st.integers(1, 6),
        st.sampled_from(
            ["entered", "returned", "accepted", "left", "closed", "abandoned", "offered"]
        ),
        st.sampled_from(["chat", "callback"]),
        st.integers(0, 50),
    ),
    max_size=60,
)


@given(moves=moves)
def test_it_is_as_a_plain_list_says(moves: list[tuple[int, str, str, int]]) -> None:
    line = Line()
    waiting: dict[int, tuple[str, int]] = {}
    in_hand: dict[int, str] = {}
    for contact, kind, channel, since in moves:
        one = event(kind, contact=contact, channel=channel, wait_from=T0 + timedelta(seconds=since))
        line.apply(one)
        if kind == "offered":
            continue
        waiting.pop(contact, None)
        in_hand.pop(contact, None)
        if kind in ("entered", "returned"):
            waiting[contact] = (channel, since)
        elif kind == "accepted":
            in_hand[contact] = channel
        for key in (CHAT, CALLBACK):
            waits = [since for where, since in waiting.values() if where == key[1]]
            assert line.waiting[key] == len(waits)
            assert line.in_hand[key] == sum(where == key[1] for where in in_hand.values())
            wanted = T0 + timedelta(seconds=min(waits)) if waits else None
            assert line.oldest(key) == wanted


def test_a_chat_that_becomes_a_callback_waits_there_from_its_first_moment() -> None:
    line = Line()
    line.apply(event("entered", contact=1))
    line.apply(event("entered", timedelta(minutes=5), contact=1, channel="callback"))
    assert (line.waiting[CHAT], line.waiting[CALLBACK]) == (0, 1)
    assert (line.oldest(CHAT), line.oldest(CALLBACK)) == (None, T0)


def test_who_waits_for_days_lets_nothing_grow() -> None:
    line = Line()
    line.apply(event("entered", contact=1))
    for contact in range(2, 3000):
        one = event("entered", contact=contact, wait_from=T0 + timedelta(seconds=contact))
        line.apply(one)
        line.apply(replace(one, kind="accepted"))
        line.apply(replace(one, kind="closed"))
    assert line.oldest(CHAT) == T0
    assert len(line._heaps[CHAT]) < 200
