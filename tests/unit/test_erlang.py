"""Erlang B, C and A: published values, an independent reckoning, large and absurd input."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contactcenter.routing.demand import Demand, Figures, PlanError, Unstable
from contactcenter.routing.erlang import erlang_b, erlang_c, without_leaving
from contactcenter.routing.erlang_a import with_leaving

HALF_HOUR, TO = 1800.0, 1e-6
CLASSIC = Demand(contacts=100, per_s=HALF_HOUR, aht_s=180)  # 10 erlangs


def stable(found: Figures | Unstable) -> Figures:
    assert isinstance(found, Figures)
    return found


@pytest.mark.parametrize(
    ("load", "lines", "blocked"),
    [(8.108, 15, 0.010000), (4.461, 10, 0.009998), (12.031, 20, 0.010003)],
)
def test_erlang_b_is_as_in_the_tables(load: float, lines: int, blocked: float) -> None:
    assert erlang_b(load, lines) == pytest.approx(blocked, abs=TO)


def test_erlang_b_is_as_its_definition_says() -> None:
    for load, n in ((0.3, 1), (3.0, 5), (10.0, 14), (25.0, 9)):
        terms = [load**k / math.factorial(k) for k in range(n + 1)]
        assert erlang_b(load, n) == pytest.approx(terms[-1] / sum(terms), rel=1e-12)
    assert (erlang_b(0, 0), erlang_b(0, 3), erlang_b(7, 0)) == (1, 0, 1)


def test_erlang_c_of_the_worked_example() -> None:
    found = stable(without_leaving(CLASSIC, 14, 20))
    assert found.must_wait == pytest.approx(0.1741319335950498, abs=1e-12)
    assert found.service_level() == pytest.approx(0.8883500191794669, abs=1e-12)
    assert found.asa_s == pytest.approx(7.83593701177724, abs=1e-9)
    assert found.occupancy == pytest.approx(0.7142857, abs=TO)
    assert 1 - found.must_wait == pytest.approx(0.8258681, abs=TO)
    assert found.abandonment == 0


@pytest.mark.parametrize(
    ("agents", "level", "asa_s"),
    [
        (11, 0.3896138, 122.781277),
        (12, 0.640158, 40.444940),
        (13, 0.795595, 17.116227),
        (15, 0.941453, 3.673525),
    ],
)
def test_erlang_c_beside_it(agents: int, level: float, asa_s: float) -> None:
    found = stable(without_leaving(CLASSIC, agents, 20))
    assert found.service_level() == pytest.approx(level, abs=TO)
    assert found.asa_s == pytest.approx(asa_s, abs=TO)


def test_erlang_c_of_360_calls() -> None:
    found = stable(without_leaving(Demand(360, HALF_HOUR, 240), 55, 15))
    assert found.must_wait == pytest.approx(0.238701, abs=TO)
    assert found.service_level() == pytest.approx(0.845883, abs=TO)
    assert found.asa_s == pytest.approx(8.184032, abs=TO)
    assert found.occupancy == pytest.approx(0.872727, abs=TO)


def test_the_classic_example_of_erlang_a_and_the_same_load_without_leaving() -> None:
    found = with_leaving(Demand(48, 60, 60, 120), 50, 20)
    assert found.abandonment == pytest.approx(0.0309122, abs=TO)
    assert found.wait_s == pytest.approx(3.7095, abs=1e-4)
    assert found.occupancy == pytest.approx(0.930324, abs=TO)
    assert found.waiting == pytest.approx(2.96758, abs=1e-5)
    nobody_leaves = stable(without_leaving(Demand(48, 60, 60), 50, 20))
    assert nobody_leaves.asa_s == pytest.approx(20.8337, abs=1e-4)
    assert nobody_leaves.waiting == pytest.approx(16.6669, abs=1e-4)
    assert nobody_leaves.occupancy == pytest.approx(0.96)


def reckoned(demand: Demand, n: int, within_s: float) -> dict[str, float]:
    """Erlang A by its birth and death process, state by state, and by integrating over the virtual
    wait with Simpson's rule: nothing of the product's sums."""
    assert demand.patience_s is not None
    mu, theta = 1 / demand.aht_s, 1 / demand.patience_s
    shares = [1.0]
    while len(shares) < 4000:
        k = len(shares)
        shares.append(shares[-1] * demand.rate / (min(k, n) * mu + max(0, k - n) * theta))
    whole = sum(shares)
    p = [share / whole for share in shares]
    waiting = sum((k - n) * p[k] for k in range(n, len(p)))

    def density(t: float) -> float:  # of the virtual wait, up to what P(0 < wait) says
        return math.exp(demand.rate * -math.expm1(-theta * t) / theta - n * mu * t)

    def over(begin: float, end: float, f: object) -> float:
        steps = 12_000
        width = (end - begin) / steps
        total = 0.0
        for i in range(steps + 1):
            t = begin + i * width
            weight = 1 if i in (0, steps) else 4 if i % 2 else 2
            total += weight * f(t)  # type: ignore[operator]
        return total * width / 3

    far = 25 * demand.aht_s
    must_wait = sum(p[n:])
    unit = must_wait / over(0, far, density)
    accepted = 1 - theta * waiting / demand.rate
    in_time = over(0, within_s, lambda t: math.exp(-theta * t) * density(t))
    waited = over(0, far, lambda t: t * math.exp(-theta * t) * density(t))
    gone = over(0, within_s, lambda t: -math.expm1(-theta * t) * density(t)) + -math.expm1(
        -theta * within_s
    ) * over(within_s, far, density)
    return {
        "must_wait": must_wait,
        "waiting": waiting,
        "abandonment": theta * waiting / demand.rate,
        "accepted_in": 1 - must_wait + unit * in_time,
        "abandoned_in": unit * gone,
        "asa_s": unit * waited / accepted,
    }


@pytest.mark.parametrize(
    ("demand", "agents"),
    [
        (Demand(48, 60, 60, 120), 50),
        (Demand(100, HALF_HOUR, 180, 120), 11),
        (Demand(100, HALF_HOUR, 180, 60), 4),  # far too few
        (Demand(100, HALF_HOUR, 180, 900), 9),
        (Demand(3, HALF_HOUR, 300, 30), 1),
    ],
)
def test_erlang_a_is_as_reckoned_state_by_state(demand: Demand, agents: int) -> None:
    found = with_leaving(demand, agents, 20)
    for name, value in reckoned(demand, agents, 20).items():
        assert getattr(found, name) == pytest.approx(value, rel=1e-6, abs=1e-9), name


def test_erlang_a_nears_erlang_c_as_patience_grows() -> None:
    patient = with_leaving(Demand(100, HALF_HOUR, 180, 86_400), 14, 20)
    endless = stable(without_leaving(CLASSIC, 14, 20))
    assert patient.service_level() == pytest.approx(endless.service_level(), abs=1e-3)
    assert patient.asa_s == pytest.approx(endless.asa_s, rel=1e-2)


def test_the_three_ways_count_who_left_in_time_apart() -> None:
    found = with_leaving(Demand(100, HALF_HOUR, 180, 60), 10, 20)
    accepted, left = found.accepted_in, found.abandoned_in
    assert 0.05 < left < found.abandonment
    assert found.service_level("negative") == accepted
    assert found.service_level("positive") == accepted + left
    assert found.service_level("ignored") == accepted / (1 - left)


@pytest.mark.parametrize("agents", [0, 1, 9, 10])
def test_too_few_agents_are_unstable_and_no_number(agents: int) -> None:
    assert without_leaving(CLASSIC, agents, 20) == Unstable(agents, CLASSIC.load)
    assert erlang_c(10.0, agents) == Unstable(agents, 10.0)
    assert Unstable(agents, 10.0).least == 11
    assert Unstable(agents, 10.5).least == 11


@pytest.mark.parametrize("load", [1_000.0, 5_000.0, 9_999.0])
def test_large_loads_are_stable_in_numbers(load: float) -> None:
    # Halfin and Whitt, Operations Research 29 (1981): with n = A + sqrt(A), C nears 0.2234.
    agents = math.ceil(load + math.sqrt(load))
    share = erlang_c(load, agents)
    assert isinstance(share, float)
    beta = (agents - load) / math.sqrt(agents)
    below = 0.5 * math.erfc(-beta / math.sqrt(2))
    limit = 1 / (1 + beta * below * math.sqrt(2 * math.pi) * math.exp(beta * beta / 2))
    assert share == pytest.approx(limit, rel=0.03)
    demand = Demand(load, 180, 180, 120)
    found = with_leaving(demand, agents, 20)
    assert found.abandonment == pytest.approx(found.waiting / (demand.rate * 120), rel=1e-9)
    assert 0 < found.abandonment < 0.01


@given(
    contacts=st.floats(0, 3_000),
    aht=st.floats(1, 3_000),
    patience=st.none() | st.floats(0.1, 86_400),
    agents=st.integers(1, 1_500),
    within=st.floats(0, 7_200),
)
def test_every_figure_is_a_number_in_its_range(
    contacts: float, aht: float, patience: float | None, agents: int, within: float
) -> None:
    demand = Demand(contacts, HALF_HOUR, aht, patience)
    if patience is None:
        found = without_leaving(demand, agents, within)
    else:
        found = with_leaving(demand, agents, within)
    if isinstance(found, Unstable):
        assert patience is None
        assert agents <= demand.load
        return
    for name in ("must_wait", "accepted_in", "abandoned_in", "abandonment", "occupancy"):
        assert 0 <= getattr(found, name) <= 1, name
    for name in ("asa_s", "wait_s", "waiting"):
        assert 0 <= getattr(found, name) < math.inf, name
    assert 0 <= found.service_level("negative") <= found.service_level("ignored") <= 1
    assert found.service_level("ignored") <= found.service_level("positive") + 1e-9
    assert found.abandoned_in <= found.abandonment + 1e-9


@pytest.mark.parametrize(
    ("given_", "said"),
    [
        ({"contacts": -1}, "contacts -1: give a number from 0"),
        ({"contacts": math.nan}, "contacts nan"),
        ({"contacts": math.inf}, "contacts inf"),
        ({"aht_s": 0}, "AHT 0 s: give a number from 1 to 86400 s"),
        ({"per_s": 0}, "period 0 s"),
        ({"patience_s": 0}, "patience 0 s"),
        ({"patience_s": math.inf}, "patience inf s"),
        ({"contacts": 1e9}, "load 1e[+]08 erlangs: give a number from 0 to 10000 erlangs"),
    ],
)
def test_absurd_demand_is_refused_in_words(given_: dict[str, float], said: str) -> None:
    with pytest.raises(PlanError, match=said):
        Demand(**{"contacts": 100, "per_s": HALF_HOUR, "aht_s": 180} | given_)


def test_absurd_agents_and_loads_are_refused() -> None:
    for agents in (-1, 100_001):
        with pytest.raises(PlanError, match="agents"):
            erlang_b(10, agents)
    with pytest.raises(PlanError, match="give a whole number"):
        erlang_b(10, 2.5)  # type: ignore[arg-type]
    with pytest.raises(PlanError, match="load -1"):
        erlang_c(-1, 3)
    with pytest.raises(PlanError, match="agents 0: give a number from 1"):
        with_leaving(Demand(1, 60, 60, 60), 0, 20)
    with pytest.raises(PlanError, match="patience"):
        with_leaving(CLASSIC, 14, 20)
