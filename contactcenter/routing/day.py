"""What a simulated day is given, and what comes of it. Pure.

Times are whole microseconds, as ranks are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from contactcenter.routing.demand import PlanError


class Coming(NamedTuple):
    """A contact that will come; `rank` as of queue/rules.py. `patience_us`: it leaves when it has
    waited so long; None: never. `steps`: (after so long, a class that may take it from then on)."""

    at_us: int
    requirement: str
    channel: str
    rank: int
    handle_us: int
    patience_us: int | None = None
    steps: tuple[tuple[int, str], ...] = ()


class Staff(NamedTuple):
    """An agent: classes that they may take from, with the own level in each or all alike, the spans
    in which they are available, and whether their mail rests while a live contact needs its
    units."""

    agent: int
    capacity: int
    classes: Mapping[str, int] | tuple[str, ...]
    shifts: tuple[tuple[int, int], ...]
    pauses: bool = False


class InHand(NamedTuple):
    """What an agent has in hand when the simulation begins, and when it will end. A `mail` gives
    way to live contacts where the agent's does; of 0 units it rests already. What came first is
    named first."""

    agent: int
    units: int
    since_us: int
    until_us: int
    mail: bool = False


class Fate(NamedTuple):
    """What became of a contact: accepted by an agent at a moment, or left; both None where it
    waited still at the end."""

    accepted_us: int | None
    left_us: int | None
    agent: int | None


@dataclass(frozen=True, slots=True)
class Run:
    """A simulated day. `fates`: in the order of `comings`; `busy_us`: all agents' time with
    something in hand, once however much it was; `free_us`: available with nothing in hand;
    `ended_us`: the moment up to which it was simulated."""

    comings: Sequence[Coming]
    fates: Sequence[Fate]
    busy_us: int
    free_us: int
    ended_us: int

    @property
    def occupancy(self) -> float | None:
        """Busy / (busy and free), 0 to 1; None where nobody was at work."""
        whole = self.busy_us + self.free_us
        return self.busy_us / whole if whole else None


def check(
    comings: Sequence[Coming], staff: Sequence[Staff], in_hand: Sequence[InHand], answer_us: int
) -> None:
    """Raises PlanError for a day that can't be."""
    names = {one.agent for one in staff}
    if len(names) < len(staff):
        raise PlanError("an agent is there twice")
    if any(one.capacity < 1 for one in staff):
        raise PlanError("capacity: give 1 or more")
    if any(one.agent not in names or one.units + one.mail < 1 for one in in_hand):
        raise PlanError("what is in hand: name an agent who is there, and 1 unit or more")
    spans = [span for one in staff for span in one.shifts]
    spans += [(one.since_us, one.until_us) for one in in_hand]
    if any(begins > ends for begins, ends in spans):
        raise PlanError("a shift or what is in hand ends before it begins")
    if answer_us < 0 or any(c.handle_us < 0 or (c.patience_us or 0) < 0 for c in comings):
        raise PlanError("durations: give 0 or more")
