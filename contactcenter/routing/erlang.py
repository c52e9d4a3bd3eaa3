"""Erlang B and C: lines in which nobody leaves. Pure.

A = load in erlangs, n = agents, h = mean handling time, T = a wait.

    B(0) = 1,  B(n) = A B(n-1) / (n + A B(n-1))           all n are busy, others are turned away
    C = B / (1 - (A/n) (1 - B))                           all n are busy, others wait
    P(wait > T) = C exp(-(n - A) T / h)
    mean wait = C h / (n - A),  mean number waiting = C A / (n - A),  occupancy = A / n

A. K. Erlang, "Solution of some problems in the theory of probabilities of significance in
automatic telephone exchanges" (1917). The recursion for B never subtracts and never forms A^n or
n!, so it holds for any size: its values are right to some units of the last place.
"""

from __future__ import annotations

import math

from contactcenter.routing.demand import MOST_LOAD, Demand, Figures, Unstable, between, whole_agents


def erlang_b(load: float, agents: int) -> float:
    """The share that finds all agents busy where nobody may wait, 0 to 1; `load` in erlangs.
    Raises PlanError for what is no load or no number of agents."""
    between("load", load, 0, MOST_LOAD, " erlangs")
    blocked = 1.0
    for n in range(1, whole_agents(agents) + 1):
        blocked = load * blocked / (n + load * blocked)
    return blocked


def erlang_c(load: float, agents: int) -> float | Unstable:
    """The share that must wait where nobody leaves, 0 to 1; Unstable where agents <= load.
    Raises PlanError for what is no load or no number of agents."""
    blocked = erlang_b(load, agents)
    if agents <= load:
        return Unstable(agents, load)
    return blocked / (1 - load / agents * (1 - blocked))


def without_leaving(demand: Demand, agents: int, within_s: float) -> Figures | Unstable:
    """Erlang C's figures; the demand's patience is not looked at. Raises PlanError."""
    load = demand.load
    must_wait = erlang_c(load, agents)
    if isinstance(must_wait, Unstable):
        return must_wait
    free = agents - load
    wait_s = must_wait * demand.aht_s / free
    return Figures(
        agents=agents,
        within_s=within_s,
        must_wait=must_wait,
        accepted_in=1 - must_wait * math.exp(-free * within_s / demand.aht_s),
        abandoned_in=0.0,
        abandonment=0.0,
        asa_s=wait_s,
        wait_s=wait_s,
        waiting=must_wait * load / free,
        occupancy=load / agents,
    )
