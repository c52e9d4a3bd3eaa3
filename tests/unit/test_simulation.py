"""The simulated day: small ones told by hand, what always holds, and what is counted of it."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from heapq import heappop, heappush

import pytest

from contactcenter.queue.rules import rank
from contactcenter.routing.chance import duration
from contactcenter.routing.day import Coming, Fate, InHand, Run, Staff
from contactcenter.routing.demand import PlanError
from contactcenter.routing.simulation import simulate
from contactcenter.routing.synthetic import Stream, day
from contactcenter.stats.simulated import Counted, counts, interval, student, summary

S = 1_000_000
HOUR = 3600 * S
A, B = "mikkeli/general/fi/1", "mikkeli/general/sv/1"


def call(at: int, handle: int = 60, patience: int | None = None, **more: object) -> Coming:
    values = {"at_us": at * S, "requirement": A, "channel": "call", "rank": at * S}
    values |= {"handle_us": handle * S, "patience_us": None if patience is None else patience * S}
    return Coming(**values | more)  # type: ignore[arg-type]


def staff(agent: int, *classes: str, capacity: int = 3, shifts: object = ((0, HOUR),)) -> Staff:
    return Staff(agent, capacity, classes or (A,), shifts)  # type: ignore[arg-type]


def taken(run: Run) -> list[tuple[int | None, int | None]]:
    """(seconds at which it was accepted, agent) of each contact."""
    return [(f.accepted_us // S if f.accepted_us is not None else None, f.agent) for f in run.fates]


def test_calls_wait_for_the_one_agent() -> None:
    run = simulate([call(0), call(10), call(200)], [staff(1)])
    assert taken(run) == [(0, 1), (60, 1), (200, 1)]
    assert run.busy_us == 180 * S
    assert run.free_us == HOUR - 180 * S
    assert run.occupancy == pytest.approx(180 / 3600)


def test_the_one_who_has_been_idle_longest_gets_it() -> None:
    run = simulate([call(0, 10), call(5, 300), call(20)], [staff(1), staff(2), staff(3)])
    assert taken(run) == [(0, 1), (5, 2), (20, 3)]


def test_the_better_rank_goes_first_though_it_came_later() -> None:
    later = call(20, rank=5 * S)
    run = simulate([call(0), call(10), later], [staff(1)])
    assert taken(run) == [(0, 1), (120, 1), (60, 1)]


def test_mail_rests_while_a_live_contact_needs_its_units() -> None:
    mails = [call(0, 100, channel="mail"), call(20, channel="mail")]
    one = staff(1, capacity=1)
    run = simulate([mails[0], call(10, 60), mails[1]], [one._replace(pauses=True)])
    assert taken(run) == [(0, 1), (10, 1), (160, 1)]  # the first one went on from 70 to 160
    run = simulate([mails[0], call(10, 60), mails[1]], [one])
    assert taken(run) == [(0, 1), (100, 1), (160, 1)]


def test_of_several_mails_the_last_rests_and_the_first_goes_on() -> None:
    comings = [call(0, 100, channel="mail"), call(1, 100, channel="mail")]
    comings += [call(10, 50, channel="chat"), call(12, 50, channel="chat"), call(200)]
    run = simulate(comings, [staff(1, capacity=2)._replace(pauses=True)])
    assert taken(run)[2:] == [(10, 1), (12, 1), (200, 1)]
    assert run.ended_us == HOUR


def test_nobody_takes_what_they_can_not() -> None:
    run = simulate([call(0, requirement=B), call(1)], [staff(1, A), staff(2, A)], until_us=HOUR)
    assert taken(run) == [(None, None), (1, 1)]
    assert run.fates[0] == Fate(None, None, None)


def test_chats_share_an_agent_and_a_call_does_not() -> None:
    chats = [call(n, 100, channel="chat") for n in range(4)]
    run = simulate([*chats, call(5, 10)], [staff(1)])
    assert taken(run) == [(0, 1), (1, 1), (2, 1), (100, 1), (200, 1)]
    assert run.busy_us == 210 * S  # chats side by side count once


def test_who_loses_patience_leaves_and_is_not_served() -> None:
    run = simulate([call(0, 100), call(10, patience=30), call(20, patience=90)], [staff(1)])
    assert run.fates[1] == Fate(None, 40 * S, None)
    assert taken(run)[2] == (100, 1)


def test_a_shift_ends_after_what_is_in_hand_and_the_rest_waits() -> None:
    shifts = ((0, 50 * S), (500 * S, 600 * S))
    run = simulate([call(40), call(41)], [staff(1, shifts=shifts)])
    assert taken(run) == [(40, 1), (500, 1)]
    assert run.busy_us == 120 * S
    assert run.free_us == (40 + 40) * S


def test_who_comes_at_the_moment_of_closing_comes_too_late() -> None:
    run = simulate([call(0, 30), call(60)], [staff(1, shifts=((0, 60 * S),))])
    assert taken(run) == [(0, 1), (None, None)]


def test_an_offer_takes_its_time_and_patience_may_end_in_it() -> None:
    comings = [call(0), call(100, patience=3), call(101), call(110)]
    run = simulate(comings, [staff(1)], answer_us=5 * S)
    assert [f.accepted_us for f in run.fates] == [5 * S, None, 108 * S, 173 * S]
    assert run.fates[1].left_us == 103 * S


def test_what_is_in_hand_at_the_beginning_is_finished_first() -> None:
    held = [InHand(1, 3, 0, 200 * S), InHand(2, 1, 0, 900 * S)]
    comings = [call(0), call(1, channel="chat")]
    run = simulate(comings, [staff(1), staff(2)], in_hand=held)
    assert taken(run) == [(200, 1), (1, 2)]


def test_mail_in_hand_at_the_beginning_rests_and_goes_on() -> None:
    held = [InHand(1, 0, 0, 30 * S, mail=True), InHand(1, 1, 0, 100 * S, mail=True)]
    comings = [call(10, 60), call(20, channel="mail")]
    one = staff(1, capacity=1)
    run = simulate(comings, [one._replace(pauses=True)], in_hand=held)
    assert taken(run) == [(10, 1), (190, 1)]  # 30 s of the first from 70 on, then 90 s
    run = simulate(comings, [one], in_hand=held[1:])
    assert taken(run) == [(100, 1), (160, 1)]


def test_those_who_waited_before_the_shift_are_served_when_it_begins() -> None:
    run = simulate([call(-600), call(-500)], [staff(1)])
    assert taken(run) == [(0, 1), (60, 1)]


def test_the_same_day_gives_the_same_fates_to_the_last_digit() -> None:
    stream = Stream(A, "chat", (20.0, 40.0, 20.0), 300, patience_s=200, dispersion=3.0)
    begins = datetime(2026, 11, 26, 6, tzinfo=UTC)
    days = [day(random.Random(seed), [stream], begins) for seed in (1, 1, 2)]
    assert days[0] == days[1] != days[2]
    first = rank(begins, 0)
    agents = [staff(n, shifts=((first, first + 2 * HOUR),)) for n in range(3)]
    assert simulate(days[0], agents) == simulate(days[1], agents)


@pytest.mark.parametrize("agents", [1, 2, 7])
def test_waits_are_those_of_kiefer_and_wolfowitz_to_the_microsecond(agents: int) -> None:
    rng = random.Random(agents)
    at, comings = 0, []
    for _ in range(500):
        at += round(rng.expovariate(agents / 70) * S)
        comings.append(Coming(at, A, "call", at, round(rng.expovariate(1 / 60) * S)))
    run = simulate(comings, [staff(n, shifts=((0, at + HOUR),)) for n in range(agents)])
    free_at = [0] * agents  # who comes next goes to whoever is free first
    for coming, fate in zip(run.comings, run.fates, strict=True):
        begins = max(coming.at_us, heappop(free_at))
        heappush(free_at, begins + coming.handle_us)
        assert fate.accepted_us == begins


@pytest.mark.parametrize("seed", range(5))
def test_every_contact_has_one_end_and_no_agent_more_than_fits(seed: int) -> None:
    rng = random.Random(seed)
    begins = datetime(2026, 11, 26, 6, tzinfo=UTC)
    first = rank(begins, 0)
    streams = [
        Stream(A, "call", (60.0,) * 4, 240, patience_s=180),
        Stream(B, "chat", (30.0,) * 4, 600, patience_s=300, dispersion=3.8),
        Stream(A, "mail", (30.0,) * 4, 480, target_s=3600),
    ]
    comings = day(rng, streams, begins)
    agents = [
        staff(n, *rng.choice(((A,), (B,), (A, B))), shifts=((first, first + 2 * HOUR),))
        for n in range(12)
    ]
    run = simulate(comings, agents)
    loads: list[tuple[int, int, int, int]] = []  # when, agent, units more or less
    for coming, fate in zip(run.comings, run.fates, strict=True):
        assert (fate.accepted_us is None) == (fate.agent is None)
        assert fate.accepted_us is None or fate.left_us is None
        if fate.accepted_us is not None:
            assert fate.agent is not None
            took = 3 if coming.channel == "call" else 1
            loads.append((fate.accepted_us, 1, fate.agent, took))
            loads.append((fate.accepted_us + coming.handle_us, 0, fate.agent, -took))
            if coming.patience_us is not None:
                assert fate.accepted_us - coming.at_us <= coming.patience_us
        elif coming.channel != "mail":
            assert fate.left_us == coming.at_us + (coming.patience_us or 0)
    load = dict.fromkeys(range(12), 0)
    for _, _, agent, change in sorted(loads):
        load[agent] += change
        assert 0 <= load[agent] <= 3
    found = counts(run, Counted(20))
    assert found["entered"] == len(comings)
    assert found["entered"] == found["accepted"] + found["abandoned"] + found["waiting"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda: simulate([], [staff(1), staff(1)]), "twice"),
        (lambda: simulate([], [staff(1, capacity=0)]), "capacity"),
        (lambda: simulate([], [staff(1, shifts=((5, 1),))]), "ends before it begins"),
        (lambda: simulate([], [staff(1)], in_hand=[InHand(2, 1, 0, 1)]), "an agent who is there"),
        (lambda: simulate([call(0, handle=-1)], [staff(1)]), "durations"),
        (lambda: simulate([], [], answer_us=-1), "durations"),
        (lambda: Stream(A, "call", (-1.0,), 240), "contacts -1"),
        (lambda: Stream(A, "call", (1.0,), 0), "AHT 0 s"),
    ],
)
def test_absurd_days_are_refused(wrong: object, said: str) -> None:
    with pytest.raises(PlanError, match=said):
        wrong()  # type: ignore[operator]


def test_an_empty_day_and_a_day_without_agents() -> None:
    assert simulate([], []).occupancy is None
    run = simulate([call(0, patience=10), call(1)], [], until_us=HOUR)
    assert counts(run, Counted(20)) == {
        "entered": 2, "abandoned": 1, "abandoned_in": 1, "waiting": 1,
    }  # fmt: skip
    found = summary([run], Counted(20))
    assert found["asa_s"] is None
    assert found["service_level"] is not None
    assert (found["service_level"].mean, found["service_level"].low) == (0.0, None)


# ---------------------------------------------------------------- what is counted


def test_waits_are_counted_as_those_of_real_contacts() -> None:
    comings = [call(0, 100), call(10, patience=5), call(20, patience=60), call(30, 50), call(500)]
    run = simulate(comings, [staff(1)])
    how = Counted(service_level_s=60, short_abandon_s=5, until_us=400 * S)
    assert counts(run, how) == {
        "entered": 4,
        "accepted": 2,
        "accepted_in": 1,  # at once, and after 70 s
        "wait_us": 70 * S,
        "short_abandoned": 1,  # after 5 s
        "abandoned": 1,  # after 60 s: in time
        "abandoned_in": 1,
        "handled": 2,
        "handle_us": 150 * S,
    }
    only = Counted(60, like=lambda coming: coming.handle_us == 50 * S)
    assert counts(run, only)["entered"] == 1
    assert counts(run, Counted(60, since_us=25 * S))["entered"] == 2


def test_intervals_are_those_of_students_t() -> None:
    found = interval([1.0, 2.0, 3.0, None], 0.95)
    assert found is not None
    assert (found.mean, found.runs) == (2.0, 3)
    assert found.high == pytest.approx(2 + 4.3027 / 3**0.5, abs=1e-4)
    assert found.low == pytest.approx(2 - 4.3027 / 3**0.5, abs=1e-4)
    assert interval([None]) is None


@pytest.mark.parametrize(
    ("confidence", "freedom", "t"),
    [(0.95, 1, 12.706), (0.99, 2, 9.925), (0.99, 9, 3.2498), (0.99, 29, 2.7564), (0.95, 4, 2.776)],
)
def test_students_t_is_as_in_the_tables(confidence: float, freedom: int, t: float) -> None:
    assert student(confidence, freedom) == pytest.approx(t, rel=1e-3)


def test_handling_times_have_their_mean_and_spread() -> None:
    rng = random.Random(3)
    drawn = [duration(rng, 240, 0.7) for _ in range(20_000)]
    mean = sum(drawn) / len(drawn)
    spread = (sum((d - mean) ** 2 for d in drawn) / len(drawn)) ** 0.5 / mean
    assert mean == pytest.approx(240, rel=0.02)
    assert spread == pytest.approx(0.7, rel=0.05)
