"""How many agents a target needs. Pure.

A day is planned half hour by half hour as if each were a steady state of its own (SIPP; L. Green,
P. Kolesar, J. Soares, Operations Research 49, 2001): good where handling times are short beside
the half hour. What it can't say (a line carried over, skills, chats side by side) the simulation
does.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TypeGuard

from contactcenter.routing.demand import (
    MOST_AGENTS,
    WAYS,
    Demand,
    Figures,
    PlanError,
    Unstable,
    Way,
    between,
)
from contactcenter.routing.erlang import without_leaving
from contactcenter.routing.erlang_a import with_leaving

MOST_SHRINKAGE = 0.9
SHOWN_S = 20.0  # the service level is shown within this time where the target names none
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class ServiceLevel:
    """At least `share` accepted within `seconds`: 80/20 is ServiceLevel(0.8, 20)."""

    share: float
    seconds: float
    way: Way = "negative"

    def __post_init__(self) -> None:
        between("service level", 100 * self.share, 1, 99.9, " %")
        between("service level", self.seconds, 0, 86_400, " s")
        if self.way not in WAYS:
            raise PlanError(f"way {self.way!r}: choose of {', '.join(WAYS)}")


@dataclass(frozen=True, slots=True)
class MeanWait:
    """A mean wait of the accepted (ASA) of at most `seconds`."""

    seconds: float

    def __post_init__(self) -> None:
        between("ASA", self.seconds, 0.01, 86_400, " s")


@dataclass(frozen=True, slots=True)
class Abandonment:
    """At most `share` leaves; needs a patience."""

    share: float

    def __post_init__(self) -> None:
        between("abandonment", 100 * self.share, 0.01, 99, " %")


Target = ServiceLevel | MeanWait | Abandonment


@dataclass(frozen=True, slots=True)
class Rules:
    """What an employer sets. `max_occupancy`: the share of their time that agents may be busy;
    `shrinkage`: the share of paid time in which an agent is not there for contacts (leave,
    illness, breaks, training, meetings)."""

    max_occupancy: float = 1.0
    shrinkage: float = 0.0

    def __post_init__(self) -> None:
        between("occupancy", 100 * self.max_occupancy, 1, 100, " %")
        between("shrinkage", 100 * self.shrinkage, 0, 100 * MOST_SHRINKAGE, " %")

    def scheduled(self, agents: int) -> int:
        """How many must be on the roster so that so many are there."""
        return math.ceil(agents / (1 - self.shrinkage) - _ROUNDING)


@dataclass(frozen=True, slots=True)
class Need:
    """How many agents must be there, and how many on the roster. `by`: what decided. Where nothing
    comes, nobody is needed and there are no figures."""

    demand: Demand
    agents: int
    scheduled: int
    by: str  # target | occupancy | nothing
    figures: Figures | None


def reached(demand: Demand, agents: int, within_s: float = SHOWN_S) -> Figures | Unstable:
    """What so many agents reach: Erlang A where the demand has a patience, else Erlang C.
    Raises PlanError."""
    between("time", within_s, 0, 86_400, " s")
    if demand.patience_s is not None:
        return with_leaving(demand, agents, within_s)
    return without_leaving(demand, agents, within_s)


def met(found: Figures | Unstable, target: Target) -> TypeGuard[Figures]:
    """Whether the target is met: never by an unstable line."""
    if isinstance(found, Unstable):
        return False
    if isinstance(target, ServiceLevel):
        return found.service_level(target.way) >= target.share
    if isinstance(target, MeanWait):
        return found.asa_s <= target.seconds
    return found.abandonment <= target.share


def within_s(target: Target) -> float:
    """The seconds in which the service level is shown beside a target."""
    return target.seconds if isinstance(target, ServiceLevel) else SHOWN_S


def needed(demand: Demand, target: Target, rules: Rules | None = None) -> Need:
    """The smallest number of agents with whom the target is met and nobody is busier than allowed.
    Raises PlanError where a target of abandonment has no patience beside it."""
    rules = rules or Rules()
    if isinstance(target, Abandonment) and demand.patience_s is None:
        raise PlanError("a target of abandonment needs a patience: without one nobody leaves")
    if demand.contacts == 0:
        return Need(demand, 0, 0, "nothing", None)

    def fits(agents: int, allowed: float) -> bool:
        found = reached(demand, agents, within_s(target))
        return met(found, target) and found.occupancy <= allowed + _ROUNDING

    agents = _smallest(demand, lambda n: fits(n, rules.max_occupancy))
    by = "occupancy" if agents > 1 and fits(agents - 1, 1.0) else "target"
    figures = reached(demand, agents, within_s(target))
    assert met(figures, target)  # noqa: S101 - it is what was looked for
    return Need(demand, agents, rules.scheduled(agents), by, figures)


def _smallest(demand: Demand, fits: Callable[[int], bool]) -> int:
    """More agents never make a figure worse: so the border is found by halving. Raises PlanError
    where not even MOST_AGENTS are enough."""
    below, above, step = 0, max(1, math.ceil(demand.load)), 1
    while not fits(above):
        if above == MOST_AGENTS:
            raise PlanError(f"not even {MOST_AGENTS:,} agents reach that")
        below, above, step = above, min(above + step, MOST_AGENTS), 2 * step
    while above - below > 1:
        middle = (below + above) // 2
        below, above = (below, middle) if fits(middle) else (middle, above)
    return above


def plan(
    contacts: Iterable[float], like: Demand, target: Target, rules: Rules | None = None
) -> list[Need]:
    """The need of each interval of a forecast: `contacts` in it, all else as in `like`."""
    return [needed(replace(like, contacts=count), target, rules) for count in contacts]
