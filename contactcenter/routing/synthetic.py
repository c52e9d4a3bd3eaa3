"""A day made up: who comes when, and how long each takes and waits. Pure, seeded.

For what no log holds: tomorrow, from a forecast; or a day with twice the calls.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from contactcenter.queue.rules import rank
from contactcenter.routing import chance
from contactcenter.routing.day import Coming
from contactcenter.routing.demand import DAY_S, between

HALF_HOUR_S = 1800.0
SPREAD = 0.7  # standard deviation of a handling time / its mean
_SECOND_US = 1_000_000


@dataclass(frozen=True, slots=True)
class Stream:
    """Contacts of one requirement class and channel. `counts`: expected in each interval of the
    day; `dispersion`: an interval's variance / its mean; `target_s` and `priority_s` as the queue
    has them; `patience_s`: mean, None where they never leave (mail). Raises PlanError."""

    requirement: str
    channel: str
    counts: tuple[float, ...]
    aht_s: float
    patience_s: float | None = None
    target_s: float = 0.0
    priority_s: float = 0.0
    dispersion: float = 1.0
    spread: float = SPREAD

    def __post_init__(self) -> None:
        for count in self.counts:
            between("contacts", count, 0, 1e6)
        between("AHT", self.aht_s, 1, DAY_S, " s")
        between("dispersion", self.dispersion, 1, 100)
        between("spread", self.spread, 0, 5)
        if self.patience_s is not None:
            between("patience", self.patience_s, 0.1, DAY_S, " s")


def day(
    rng: random.Random,
    streams: Iterable[Stream],
    begins: datetime,
    interval_s: float = HALF_HOUR_S,
) -> list[Coming]:
    """The contacts of a day whose first interval begins then, in the order in which they come. The
    same generator and streams give the same day."""
    found = [
        _coming(rng, stream, begins, (n + rng.random()) * interval_s)
        for stream in streams
        for n, mean in enumerate(stream.counts)
        for _ in range(chance.burst(rng, mean, stream.dispersion))
    ]
    return sorted(found, key=lambda coming: (coming.at_us, coming.rank))


def _coming(rng: random.Random, stream: Stream, begins: datetime, after_s: float) -> Coming:
    at = begins + timedelta(seconds=after_s)
    patience_us = None
    if stream.patience_s is not None:
        patience_us = round(chance.patience(rng, stream.patience_s) * _SECOND_US)
    return Coming(
        at_us=rank(at, 0),
        requirement=stream.requirement,
        channel=stream.channel,
        rank=rank(at, stream.target_s, stream.priority_s),
        handle_us=round(chance.duration(rng, stream.aht_s, stream.spread) * _SECOND_US),
        patience_us=patience_us,
    )
