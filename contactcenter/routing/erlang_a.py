"""Erlang A: a line in which those who wait leave after a while (M/M/n+M). Pure.

l = contacts a second, m = 1 / mean handling time, p = mean patience, n = agents, T = a wait;
a = n m p, y = l p. With j waiting, contacts go at the rate n m + j / p, so that

    P(j waiting) = P(0 waiting, all busy) w(j),   w(j) = y^j / ((a+1)(a+2)...(a+j))
    1 / P(0 waiting, all busy) = 1/B(n) + w(1) + w(2) + ...                B: Erlang's first formula
    who finds j waiting is accepted with the chance a / (a+j+1), after p (1/(a+1) + ... + 1/(a+j+1))
    abandonment = waiting / y,  occupancy = A (1 - abandonment) / n

For waits beyond T the virtual wait's density ~ exp(y (1 - exp(-t/p)) - n m t) is integrated, which
gives the same sums with y exp(-T/p) for y, and for who is still patient with a + 1 for a.

C. Palm, "Research on telephone traffic carried by full availability groups" (1957; in Swedish
1946); O. Garnett, A. Mandelbaum, M. Reiman, "Designing a call center with impatient customers",
Manufacturing & Service Operations Management 4 (2002); S. Zeltyn, A. Mandelbaum, "Call centers
with impatient customers", Queueing Systems 51 (2005), for the integrals.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from contactcenter.routing.demand import Demand, Figures, PlanError, whole_agents
from contactcenter.routing.erlang import erlang_b

_NOTHING = 1e-18  # a term so small beside the sum ends it


@dataclass(frozen=True, slots=True)
class _Sums:
    """Over j, as multiples of exp(`log`): of w(j), of j w(j), and of w(j) times the chance to be
    accepted times the wait until then, in patiences."""

    log: float
    all: float
    waiting: float
    accepted: float


def with_leaving(demand: Demand, agents: int, within_s: float) -> Figures:
    """Erlang A's figures: stable whatever comes, since who waits too long leaves. Raises PlanError
    where nobody is at work, or the demand has no patience."""
    if demand.patience_s is None:
        raise PlanError("patience: give the mean seconds after which who waits leaves")
    whole_agents(agents, least=1)
    patience, blocked = demand.patience_s, erlang_b(demand.load, agents)
    if blocked == 0:
        return Figures(agents, within_s, 0, 1, 0, 0, 0, 0, 0, demand.load / agents)
    a, y = agents * patience / demand.aht_s, demand.rate * patience
    sums = _sums(a, y)
    whole = (1 - blocked) / blocked * math.exp(-sums.log) + sums.all
    waiting = sums.waiting / whole
    abandonment = waiting / y
    # Past T: who waits still, and who of them will be accepted.
    past, passed = y * math.exp(-within_s / patience), within_s / patience
    shrunk = y * -math.expm1(-passed) - a * passed - passed - sums.log
    waits, will = _sums(a, past), _sums(a + 1, past)
    still = waits.all * math.exp(shrunk + waits.log) / whole
    later = will.all * a / (a + 1) * math.exp(shrunk + will.log) / whole
    return Figures(
        agents=agents,
        within_s=within_s,
        must_wait=sums.all / whole,
        accepted_in=max(0.0, 1 - abandonment - later),
        abandoned_in=max(0.0, abandonment - (still - later)),
        abandonment=abandonment,
        asa_s=patience * sums.accepted / whole / (1 - abandonment),
        wait_s=patience * abandonment,
        waiting=waiting,
        occupancy=min(1.0, demand.load * (1 - abandonment) / agents),
    )


def _sums(a: float, y: float) -> _Sums:
    """From the largest term outwards, so that nothing grows out of the floats' range."""
    peak = max(0, math.floor(y - a))
    log = peak * math.log(y) - math.lgamma(a + peak + 1) + math.lgamma(a + 1) if peak else 0.0
    until = _digamma(a + peak + 2) - _digamma(a + 1)
    total = waiting = accepted = 0.0
    term, j, wait = 1.0, peak, until
    while term > _NOTHING * total:
        total += term
        waiting += j * term
        accepted += term * a / (a + j + 1) * wait
        j += 1
        term *= y / (a + j)
        wait += 1 / (a + j + 1)
    term, j, wait = 1.0, peak, until
    while j > 0 and term > _NOTHING * total:
        term *= (a + j) / y
        wait -= 1 / (a + j + 1)
        j -= 1
        total += term
        waiting += j * term
        accepted += term * a / (a + j + 1) * wait
    return _Sums(log, total, waiting, accepted)


def _digamma(x: float) -> float:
    """The derivative of log gamma, for x > 0: 1/(a+1) + ... + 1/(a+k) is a difference of two of
    it (Abramowitz and Stegun, 6.3.5 and 6.3.18)."""
    below = 0.0
    while x < 12:
        below, x = below - 1 / x, x + 1
    square = 1 / (x * x)
    series = square * (1 / 12 - square * (1 / 120 - square * (1 / 252 - square / 240)))
    return below + math.log(x) - 0.5 / x - series
