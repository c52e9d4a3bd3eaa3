"""How it stands: everything from which it is estimated how long who waits will wait. Pure.

Times are seconds from the moment of the look.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from contactcenter.queue.bands import group
from contactcenter.routing.synthetic import SPREAD

Line = tuple[str, str]  # a class, and the group of channels (queue/bands.py)
Steps = tuple[tuple[float, str], ...]  # after so long, a class that may take it too from then on


class Waits(NamedTuple):
    """Who waits: of which class and channel, its rank, and the mean times by which it is played.
    `steps`: those that are done are of no more than 0; `closes_s`: when its queue closes, None
    where it does not."""

    requirement: str
    channel: str
    rank: int
    aht_s: float
    patience_s: float | None = None
    steps: Steps = ()
    closes_s: float | None = None

    @property
    def line(self) -> Line:
        """Where it stands."""
        return self.requirement, group(self.channel)

    def leads(self, behind: Waits) -> bool:
        """Whether it is served before who stands behind it in its line, whatever happens: whoever
        may take that one may take this one as soon, and its queue is open as long."""
        mine = {opened: after for after, opened in reversed(self.steps)}
        if any(mine.get(opened, after + 1) > after for after, opened in behind.steps):
            return False
        return self.closes_s is None or (
            behind.closes_s is not None and behind.closes_s <= self.closes_s
        )


class OnDuty(NamedTuple):
    """An agent at work, with the own level in each class or all alike; `available`: takes more;
    `pauses`: lets mail rest for live contacts."""

    agent: int
    capacity: int
    classes: Mapping[str, int] | tuple[str, ...]
    available: bool = True
    pauses: bool = False


class Handles(NamedTuple):
    """What an agent has in hand, for so long already; a mail of 0 units rests. What came first is
    named first."""

    agent: int
    units: int
    since_s: float
    aht_s: float
    channel: str = "chat"


class Stream(NamedTuple):
    """Who keeps coming: so many a second, each ranked `target_s` after it comes, until the queue
    closes. `steps`: after so long of its wait."""

    requirement: str
    channel: str
    rate: float
    target_s: float
    aht_s: float
    patience_s: float | None = None
    steps: Steps = ()
    closes_s: float | None = None


class Entry(NamedTuple):
    """What holds for who would come now into a class: how long after it comes it is ranked, its
    steps, and when the queue closes."""

    target_s: float = 0.0
    steps: Steps = ()
    closes_s: float | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """All of it. `now_us` in the terms of ranks; `entries`: by class."""

    now_us: int
    waiting: tuple[Waits, ...]
    agents: tuple[OnDuty, ...]
    hands: tuple[Handles, ...] = ()
    streams: tuple[Stream, ...] = ()
    answer_s: float = 0.0
    spread: float = SPREAD
    entries: Mapping[str, Entry] = field(default_factory=dict)
