"""What a what-if asks, and what of that makes sense. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from contactcenter.routing.demand import PlanError, between
from contactcenter.routing.staffing import ServiceLevel

MOST_CHANGE, SEEDS, MOST_SEEDS, FAR_DAYS = 1000, 20, 200, 366
FIRST_YEAR = 1971
MOST_SIMULATED = 20_000_000  # contacts, over all simulated days of one question


@dataclass(frozen=True, slots=True)
class Change:
    """So many agents more (or fewer, below zero); `skill`: those with this language, task or queue,
    or all alike where empty. Raises PlanError."""

    agents: int = 0
    skill: str = ""

    def __post_init__(self) -> None:
        if isinstance(self.agents, bool) or not isinstance(self.agents, int):
            raise PlanError(f"agents {self.agents!r}: give a whole number")
        between("agents", self.agents, -MOST_CHANGE, MOST_CHANGE)


@dataclass(frozen=True, slots=True)
class Asked:
    """A day (or so many days from today), the change, and of which queue and channel the figures
    are; without a target each contact is judged as its own queue is set. Raises PlanError."""

    change: Change
    day: date | int = 0
    queue: str | None = None
    channel: str | None = None
    target: ServiceLevel | None = None
    seeds: int = SEEDS

    def __post_init__(self) -> None:
        if isinstance(self.seeds, bool) or not isinstance(self.seeds, int):
            raise PlanError(f"seeds {self.seeds!r}: give a whole number")
        between("seeds", self.seeds, 2, MOST_SEEDS)


def day_of(asked: Asked, today: date) -> date:
    """The day. Raises PlanError for one further ahead than anything can be foretold, or before all
    clocks of computers, where other zones have no time."""
    ahead = asked.day if isinstance(asked.day, int) else (asked.day - today).days
    if ahead > FAR_DAYS:
        raise PlanError(f"{asked.day}: give a day at most {FAR_DAYS} days ahead", "far")
    day = today + timedelta(days=ahead)
    if day.year < FIRST_YEAR:
        raise PlanError(f"{day}: nothing was recorded on that day", "unrecorded")
    return day


def check_size(contacts: int, seeds: int) -> None:
    """Raises PlanError where so many simulated days would take hours."""
    if 2 * contacts * seeds > MOST_SIMULATED:
        most = MOST_SIMULATED // (2 * contacts)
        less = f"give at most {most} --seeds" if most >= 2 else "choose a smaller day"
        text = f"{contacts:,} contacts in {seeds} simulated days, twice: {less}"
        raise PlanError(text, "size", n=contacts)
