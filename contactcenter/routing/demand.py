"""What comes to a line, and what it gets there: the values of the staffing formulas. Pure.

All of it describes a line in its steady state: contacts come at random at one rate (Poisson), one
queue, any agent can take any contact, one at a time.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from contactcenter.errors import ContactCenterError

Way = Literal["ignored", "negative", "positive"]
WAYS: tuple[Way, ...] = ("ignored", "negative", "positive")
MOST_LOAD = 10_000.0  # erlangs: twenty times the busiest half hour of the largest city line known
MOST_AGENTS = 100_000
DAY_S = 86_400.0


class PlanError(ContactCenterError):
    """What was asked for makes no sense; the text says what does. `key` and `values` name a text
    of the catalogue for pages (`error.plan_KEY`), where there is one."""

    def __init__(self, text: str, key: str = "", **values: object) -> None:
        super().__init__(text)
        self.key = key
        self.values = values


_SHOWN = 10**300


def between(name: str, value: float, least: float, most: float, unit: str = "") -> float:
    """The value. Raises PlanError where it is no number from `least` to `most`."""
    if not least <= value <= most:  # NaN is not, either
        endless = isinstance(value, int) and abs(value) >= _SHOWN  # no float is so large
        said = "with so many digits" if endless else f"{value:g}{unit}"
        raise PlanError(f"{name} {said}: give a number from {least:g} to {most:g}{unit}")
    return value


@dataclass(frozen=True, slots=True)
class Demand:
    """`contacts` come in `per_s` seconds; each takes an agent `aht_s` seconds on average, and
    leaves after waiting `patience_s` on average, or never (None). Raises PlanError."""

    contacts: float
    per_s: float
    aht_s: float
    patience_s: float | None = None

    def __post_init__(self) -> None:
        between("contacts", self.contacts, 0, 1e9)
        between("period", self.per_s, 1, 366 * DAY_S, " s")
        between("AHT", self.aht_s, 1, DAY_S, " s")
        if self.patience_s is not None:
            between("patience", self.patience_s, 0.1, DAY_S, " s")
        between("load", self.load, 0, MOST_LOAD, " erlangs")

    @property
    def rate(self) -> float:
        """Contacts a second."""
        return self.contacts / self.per_s

    @property
    def load(self) -> float:
        """Erlangs: how many agents would be busy on average if nobody waited or left."""
        return self.rate * self.aht_s


@dataclass(frozen=True, slots=True)
class Figures:
    """What a line in its steady state gets from so many agents; shares are 0 to 1 of all that
    come. `accepted_in` and `abandoned_in` are within `within_s` seconds."""

    agents: int
    within_s: float
    must_wait: float
    accepted_in: float
    abandoned_in: float
    abandonment: float
    asa_s: float  # mean wait of the accepted
    wait_s: float  # mean wait of all, those who left included
    waiting: float  # mean number of those who wait
    occupancy: float

    def service_level(self, way: Way = "negative") -> float:
        """The share in time, in one of the ways of `contactcenter stats`: abandoned in time is
        left out, a miss, or served. Where nobody stays that long to count, 1."""
        if way == "positive":
            return min(1.0, self.accepted_in + self.abandoned_in)
        if way == "negative":
            return self.accepted_in
        rest = 1.0 - self.abandoned_in
        return min(1.0, self.accepted_in / rest) if rest > 0 else 1.0


@dataclass(frozen=True, slots=True)
class Unstable:
    """Nobody leaves, and more comes than so many agents can do: the line grows without end, so
    there is no mean wait."""

    agents: int
    load: float

    @property
    def least(self) -> int:
        """The smallest number of agents with whom it does not."""
        return math.floor(self.load) + 1


def whole_agents(agents: int, least: int = 0) -> int:
    """The number. Raises PlanError where it is no whole number within reason."""
    if isinstance(agents, bool) or not isinstance(agents, int):
        raise PlanError(f"agents {agents!r}: give a whole number")
    return int(between("agents", agents, least, MOST_AGENTS))
