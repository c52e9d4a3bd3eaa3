"""What a figure is: the worked examples, the borders, and any life of a contact recounted."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contactcenter.stats.counting import added
from contactcenter.stats.rules import (
    COUNTERS,
    Counted,
    Counts,
    Event,
    abandonment,
    aht_s,
    asa_s,
    counted,
    figures,
    midnight,
    next_midnight,
    quarter,
    service_level,
    slots,
)

HELSINKI = ZoneInfo("Europe/Helsinki")
T0 = datetime(2026, 11, 26, 8, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MICRO = timedelta(microseconds=1)


def event(kind: str, after: timedelta = timedelta(), **fields: object) -> Event:
    whole = Event(
        id=1,
        at=T0 + after,
        kind=kind,
        contact=1,
        queue=7,
        channel="chat",
        language="fi",
        direction="citizen",
        wait_from=T0,
        service_level_s=60,
        short_abandon_s=10,
    )
    return replace(whole, **fields)  # type: ignore[arg-type]


def counts(found: Counted | None) -> dict[str, int]:
    return dict(found.counts) if found is not None else {}


def test_the_worked_example_of_the_three_ways() -> None:
    example = Counter(accepted=90, accepted_in=70, abandoned=10, abandoned_in=4)
    assert service_level(example, "ignored") == 70 / 96
    assert service_level(example, "negative") == 70 / 100
    assert service_level(example, "positive") == 74 / 100


@pytest.mark.parametrize("way", ["ignored", "negative", "positive"])
def test_where_nothing_counts_there_is_no_figure(way: str) -> None:
    nothing = Counts()
    assert service_level(nothing, way) is None
    assert asa_s(nothing) is aht_s(nothing) is abandonment(nothing) is None
    assert figures(nothing, 60, way)["service_level"] == {"value": None, "seconds": 60, "way": way}
    only_left_out = Counter(abandoned=1, abandoned_in=1)
    assert service_level(only_left_out, "ignored") is None


def test_means_are_exact_to_the_microsecond() -> None:
    some = Counter(accepted=3, wait_us=10_000_001, handled=2, handle_us=3, abandoned=1)
    assert asa_s(some) == 3.333334
    assert aht_s(some) == 0.000002
    assert abandonment(some) == 0.25


def test_in_time_is_up_to_the_very_second() -> None:
    assert counts(counted(event("accepted", 60 * SECOND)))["accepted_in"] == 1
    assert "accepted_in" not in counts(counted(event("accepted", 60 * SECOND + MICRO)))


def test_an_abandon_is_short_up_to_the_very_second() -> None:
    assert counts(counted(event("abandoned", 10 * SECOND))) == {"short_abandoned": 1}
    late = counts(counted(event("abandoned", 10 * SECOND + MICRO)))
    assert late == {"abandoned": 1, "abandoned_in": 1}
    assert counts(counted(event("abandoned", 61 * SECOND))) == {"abandoned": 1}


def test_what_an_agent_begins_counts_in_handling_only() -> None:
    for kind in ("entered", "accepted", "abandoned"):
        assert counted(event(kind, SECOND, direction="agent")) is None
    ended = event("closed", 90 * SECOND, direction="agent", taken_at=T0, wait_from=None)
    assert counts(counted(ended)) == {"handled": 1, "handle_us": 90_000_000}


def test_what_nobody_waited_for_or_accepted_counts_nothing() -> None:
    assert counted(event("accepted", wait_from=None)) is None
    assert counted(event("abandoned", wait_from=None)) is None
    assert counted(event("closed", wait_from=None)) is None
    assert counted(event("left", wait_from=None)) is None


@pytest.mark.parametrize(
    "kind", ["returned", "offered", "offer_ended", "held", "unheld", "wrap_up", "agent_state"]
)
def test_other_events_count_nothing(kind: str) -> None:
    assert counted(event(kind, SECOND)) is None


def test_a_promise_counts_when_it_is_decided() -> None:
    assert counted(event("promise", kept=None)) is None
    assert counts(counted(event("promise", kept=True))) == {"promises": 1, "kept": 1}
    broken = counted(event("promise", 3600 * SECOND, kept=False, promise_from=T0))
    assert counts(broken) == {"promises": 1, "kept": 0}
    assert broken is not None
    assert (broken.ended, broken.arrived) == (T0 + timedelta(hours=1), T0)


def test_a_wait_counts_where_it_ends_and_where_it_began() -> None:
    found = counted(event("accepted", timedelta(minutes=20)))
    assert found is not None
    assert slots(found, HELSINKI) == (
        ("end", T0 + timedelta(minutes=15)),
        ("day", datetime(2026, 11, 25, 22, 0, tzinfo=UTC)),
        ("arrival", T0),
    )


def test_handling_belongs_to_the_arrival_of_its_wait() -> None:
    ended = event(
        "closed", timedelta(hours=2), taken_at=T0 + timedelta(hours=1), taken_wait_from=T0
    )
    found = counted(ended)
    assert found is not None
    assert found.arrived == T0
    assert counts(found)["handle_us"] == 3_600_000_000


def test_periods_are_half_open() -> None:
    assert quarter(T0) == T0
    assert quarter(T0 - MICRO) == T0 - timedelta(minutes=15)
    assert midnight(datetime(2026, 11, 25, 22, tzinfo=UTC), HELSINKI).hour == 22
    before = midnight(datetime(2026, 11, 25, 22, tzinfo=UTC) - MICRO, HELSINKI)
    assert before == datetime(2026, 11, 24, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("noon", "hours"),
    [
        (datetime(2026, 3, 29, 9, tzinfo=UTC), 23),
        (datetime(2026, 10, 25, 10, tzinfo=UTC), 25),
        (datetime(2026, 11, 26, 10, tzinfo=UTC), 24),
    ],
)
def test_days_last_as_long_as_the_clocks_say(noon: datetime, hours: int) -> None:
    begins, ends = midnight(noon, HELSINKI), next_midnight(noon, HELSINKI)
    assert begins < noon < ends
    assert ends - begins == timedelta(hours=hours)
    assert midnight(ends, HELSINKI) == ends
    assert midnight(ends - MICRO, HELSINKI) == begins


# Any life of a contact, and a naive recount that knows nothing of the rules' code.

waits = st.integers(0, 200_000_000).map(lambda us: timedelta(microseconds=us))
whys = st.sampled_from(["lost", "transfer", "not_reached"])
steps = st.lists(st.tuples(whys, waits, waits), max_size=4)
Steps = list[tuple[str, timedelta, timedelta]]
ends = st.sampled_from(["closed", "abandoned", "waiting", "active"])


def life(
    contact: int, began: datetime, direction: str, steps: Steps, end: str
) -> list[dict[str, object]]:
    """Events as the house writes them, as plain as an export."""
    told: list[dict[str, object]] = []
    now = wait_from = began

    def note(kind: str, waits: bool = False) -> None:
        one = {"contact": contact, "kind": kind, "at": now, "direction": direction}
        told.append({**one, "wait_from": wait_from if waits else None})

    note("entered", waits=True)
    for why, wait, handling in steps:
        now += wait
        note("accepted", waits=True)
        now += handling
        note("left")
        if why == "lost":
            note("returned", waits=True)
        else:
            now, wait_from = now + wait, now + wait
            note("entered", waits=True)
    now += timedelta(seconds=33)
    if end == "abandoned":
        note("abandoned", waits=True)
    elif end != "waiting":
        note("accepted", waits=True)
        now += timedelta(seconds=77)
    if end == "closed":
        note("closed")
    return told


def naive(told: list[dict[str, object]]) -> dict[str, int]:
    """By one walk over a contact's events, in their order."""
    sums = dict.fromkeys(COUNTERS, 0)
    taken: datetime | None = None
    for one in told:
        at, since = one["at"], one["wait_from"]
        assert isinstance(at, datetime)
        waited = (at - since) / SECOND if isinstance(since, datetime) else None
        if one["kind"] in ("closed", "left") and taken is not None:
            sums["handled"] += 1
            sums["handle_us"] += round((at - taken) / MICRO)
        if one["kind"] in ("accepted", "closed", "left"):
            taken = at if one["kind"] == "accepted" else None
        if one["direction"] == "agent" or waited is None:
            continue
        if one["kind"] == "entered":
            sums["entered"] += 1
        elif one["kind"] == "accepted":
            sums["accepted"] += 1
            sums["accepted_in"] += waited <= 60
            sums["wait_us"] += round(waited * 1_000_000)
        elif one["kind"] == "abandoned":
            sums["short_abandoned" if waited <= 10 else "abandoned"] += 1
            sums["abandoned_in"] += 10 < waited <= 60
    return sums


def as_events(told: list[dict[str, object]]) -> list[Event]:
    """With what the follower finds beside each."""
    events, taken = [], None
    for one in told:
        fields: dict[str, object] = {**one}
        if one["kind"] in ("closed", "left") and taken is not None:
            fields |= {"taken_at": taken["at"], "taken_wait_from": taken["wait_from"]}
        if one["kind"] in ("accepted", "closed", "left"):
            taken = one if one["kind"] == "accepted" else None
        events.append(event(**fields))  # type: ignore[arg-type]
    return events


lives = st.lists(
    st.tuples(waits, st.sampled_from(["citizen", "citizen", "agent"]), steps, ends), max_size=5
)


@given(lives=lives, turn=st.randoms(use_true_random=False))
def test_the_sums_are_those_of_a_naive_recount(
    lives: list[tuple[timedelta, str, Steps, str]], turn: object
) -> None:
    told = [
        life(n, T0 + began, direction, steps, end)
        for n, (began, direction, steps, end) in enumerate(lives)
    ]
    wanted: Counter[str] = Counter()
    for one in told:
        wanted.update(naive(one))
    events = [one for contact in told for one in as_events(contact)]
    turn.shuffle(events)  # type: ignore[attr-defined]
    sums = added([(one, HELSINKI) for one in events])
    for by in ("end", "day", "arrival"):
        found: Counter[str] = Counter()
        for slot, some in sums.items():
            if slot[0] == by:
                found.update(some)
        assert {name: found[name] for name in COUNTERS} == {n: wanted[n] for n in COUNTERS}
