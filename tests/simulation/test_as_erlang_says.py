"""The simulator against Erlang C and A: over 30 seeds, the formula lies in the 99 % interval.

With exponential times, one class and one contact at a time the simulated line is the formula's own
line, so both must say the same, but for chance. Each run is one long stretch, its beginning (an
empty house) left out.
"""

from __future__ import annotations

import random

import pytest

from contactcenter.routing.day import Coming, Run, Staff
from contactcenter.routing.demand import Demand, Figures
from contactcenter.routing.simulation import simulate
from contactcenter.routing.staffing import reached
from contactcenter.stats.simulated import Counted, Interval, summary

SEEDS, CONTACTS, WITHIN_S = 30, 4_000, 20.0
_SECOND_US = 1_000_000
SKILL = "mikkeli/general/fi/1"
WIDE = {"service_level": 0.06, "asa_s": 0.5, "abandonment": 0.4, "occupancy": 0.03}


def stretch(demand: Demand, agents: int, seed: int) -> Run:
    """As long as so many contacts take on average; the first tenth is not counted."""
    rng = random.Random(seed)
    ends = CONTACTS / demand.rate
    comings = []
    at = rng.expovariate(demand.rate)
    while at < ends:
        handle, patience_us = rng.expovariate(1 / demand.aht_s), None
        if demand.patience_s is not None:
            patience_us = round(rng.expovariate(1 / demand.patience_s) * _SECOND_US)
        now, handle_us = round(at * _SECOND_US), round(handle * _SECOND_US)
        comings.append(Coming(now, SKILL, "call", now, handle_us, patience_us))
        at += rng.expovariate(demand.rate)
    ends_us = round(ends * _SECOND_US)
    staff = [Staff(n, 1, (SKILL,), ((0, ends_us),)) for n in range(agents)]
    return simulate(comings, staff, warm_up_us=ends_us // 10, until_us=ends_us)


def simulated(demand: Demand, agents: int) -> dict[str, Interval | None]:
    """The figures over all seeds. Who comes at the very end is left out: how those waits end is
    not seen."""
    ends_us = CONTACTS / demand.rate * _SECOND_US
    how = Counted(WITHIN_S, since_us=round(ends_us / 10), until_us=round(ends_us * 0.98))
    return summary((stretch(demand, agents, seed) for seed in range(SEEDS)), how, confidence=0.99)


@pytest.mark.parametrize(
    ("demand", "agents"),
    [
        (Demand(100, 1800, 180), 14),
        (Demand(20, 1800, 180), 3),
        (Demand(48, 60, 60, 120), 50),
        (Demand(100, 1800, 180, 60), 8),  # more comes than they can do
    ],
    ids=["C", "C of 2 erlangs", "A", "A overloaded"],
)
def test_the_formula_lies_in_the_interval(demand: Demand, agents: int) -> None:
    formula = reached(demand, agents, WITHIN_S)
    assert isinstance(formula, Figures)
    expected = {
        "service_level": formula.service_level(),
        "asa_s": formula.asa_s,
        "abandonment": formula.abandonment,
        "occupancy": formula.occupancy,
    }
    found = simulated(demand, agents)
    for name, value in expected.items():
        one = found[name]
        assert one is not None
        assert one.low is not None
        assert one.high is not None
        assert one.low <= value <= one.high, (name, one, value)
        assert one.high - one.low <= WIDE[name] * value, (name, one)  # narrow enough to say so
