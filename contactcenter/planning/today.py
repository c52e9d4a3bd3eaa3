"""Will we make it today? What is to be expected until each queue closes, and what one agent more
would change. Pure.

The rest of the day is played some times, from how it stands: who waits, who is at work and what
they have in hand, and who comes still, as foretold. Who is available now is taken to stay to the
end. One agent more can all of the queue's tasks and languages and begins now; the same people come
with and without, so that chance mostly cancels in the difference.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median_low
from typing import NamedTuple

from contactcenter.routing import chance
from contactcenter.routing.day import Coming, InHand, Run, Staff
from contactcenter.routing.present import Handles, OnDuty, Steps
from contactcenter.routing.simulation import simulate
from contactcenter.routing.synthetic import SPREAD
from contactcenter.stats.simulated import Interval, interval

PLAYS, LEAST_PLAYS = 20, 5
BUDGET = 200_000  # contacts played in one answer
_US = 1_000_000


class Open(NamedTuple):
    """A queue that is open, and the seconds after which a wait is too long; `classes`: what one
    agent more would be able to."""

    queue: int
    closes_us: int
    late_s: int
    classes: tuple[str, ...]


class Here(NamedTuple):
    """Who waits, since `from_us`. `steps`: after how many seconds from now which class may take it
    too."""

    queue: int
    requirement: str
    channel: str
    rank: int
    from_us: int
    aht_s: float
    patience_s: float | None = None
    steps: Steps = ()


class Later(NamedTuple):
    """Who comes still: how many are expected from one moment to another. `steps`: after so many
    seconds of a wait."""

    queue: int
    requirement: str
    channel: str
    target_s: int
    aht_s: float
    patience_s: float | None
    counts: tuple[tuple[int, int, float], ...]
    steps: Steps = ()


@dataclass(frozen=True)
class Question:
    """All that it takes."""

    now_us: int
    queues: tuple[Open, ...]
    here: tuple[Here, ...]
    later: tuple[Later, ...]
    agents: tuple[OnDuty, ...]
    hands: tuple[Handles, ...]
    answer_s: float = 0.0
    dispersion: float = 1.0
    seed: int = 0


class Outlook(NamedTuple):
    """What is expected of a queue until it closes: waits that are or get too long, who waits still
    at its end; and by how much one agent more would change both, None where there was no time to
    find out."""

    queue: int
    closes_us: int
    late: Interval
    backlog: Interval
    less_late: Interval | None
    less_backlog: Interval | None


def outlooks(question: Question, budget: int = BUDGET) -> list[Outlook]:
    """For each of the queues."""
    expected = sum(n for one in question.later for _, _, n in one.counts)
    size = len(question.here) + len(question.hands) + expected + 1
    whole = size * (1 + len(question.queues))
    more = budget / whole >= LEAST_PLAYS
    plays = max(LEAST_PLAYS, min(PLAYS, int(budget / (whole if more else size))))
    as_is: list[dict[int, tuple[int, int]]] = []
    with_more: list[dict[int, tuple[int, int]]] = []
    for n in range(plays):
        play = _Play(question, n)
        as_is.append(play.counts(question.agents))
        if more:
            with_more.append({one.queue: play.with_one_more(one) for one in question.queues})
    return [_outlook(one, as_is, with_more) for one in question.queues]


def _outlook(
    one: Open,
    as_is: Sequence[dict[int, tuple[int, int]]],
    with_more: Sequence[dict[int, tuple[int, int]]],
) -> Outlook:
    late = [found[one.queue][0] for found in as_is]
    backlog = [found[one.queue][1] for found in as_is]
    fewer = [found[one.queue] for found in with_more]
    return Outlook(
        one.queue,
        one.closes_us,
        _interval(late),
        _interval(backlog),
        _interval(a - b[0] for a, b in zip(late, fewer, strict=True)) if fewer else None,
        _interval(a - b[1] for a, b in zip(backlog, fewer, strict=True)) if fewer else None,
    )


def _interval(values: Iterable[float]) -> Interval:
    found = interval([float(one) for one in values])
    if found is None:
        raise ValueError("no plays")
    return found


class _Play:
    """One way in which the day may go on, the same whoever is at work."""

    def __init__(self, question: Question, number: int) -> None:
        self._question = question
        rng = random.Random(f"{question.seed}/{number}")  # noqa: S311 - a simulation
        found = [self._here(rng, one) for one in question.here]
        for one in question.later:
            found += self._later(rng, one)
        found.sort(key=lambda each: (each[0].at_us, each[0].rank))
        self._comings = [coming for coming, _, _ in found]
        self._about = [(queue, from_us) for _, queue, from_us in found]
        self._hands = [self._hand(rng, one) for one in question.hands]
        self._ends_us = max(one.closes_us for one in question.queues)

    def with_one_more(self, of: Open) -> tuple[int, int]:
        """The queue's counts with an agent more for it."""
        agents = self._question.agents
        capacity = median_low([one.capacity for one in agents]) if agents else 1
        number = max((one.agent for one in agents), default=0) + 1
        return self.counts((*agents, OnDuty(number, capacity, of.classes)))[of.queue]

    def counts(self, agents: Sequence[OnDuty]) -> dict[int, tuple[int, int]]:
        """By queue: how many wait too long, and how many wait still when it closes."""
        span = ((self._question.now_us, self._ends_us),)
        staff = [
            Staff(one.agent, one.capacity, one.classes, span if one.available else (), one.pauses)
            for one in agents
        ]
        run = simulate(
            self._comings,
            staff,
            answer_us=round(self._question.answer_s * _US),
            in_hand=self._hands,
            until_us=self._ends_us,
        )
        return self._counted(run)

    def _counted(self, run: Run) -> dict[int, tuple[int, int]]:
        late: Counter[int] = Counter()
        backlog: Counter[int] = Counter()
        queues = {one.queue: one for one in self._question.queues}
        for (queue, from_us), fate in zip(self._about, run.fates, strict=True):
            known = queues.get(queue)
            if known is None:
                continue
            ended = fate.left_us if fate.accepted_us is None else fate.accepted_us
            until = known.closes_us if ended is None else min(ended, known.closes_us)
            late[queue] += until - from_us > known.late_s * _US
            backlog[queue] += ended is None or ended > known.closes_us
        return {queue: (late[queue], backlog[queue]) for queue in queues}

    def _here(self, rng: random.Random, one: Here) -> tuple[Coming, int, int]:
        now = self._question.now_us
        coming = self._coming(rng, one)
        return coming._replace(at_us=now, rank=one.rank), one.queue, one.from_us

    def _later(self, rng: random.Random, one: Later) -> Iterable[tuple[Coming, int, int]]:
        for from_us, until_us, mean in one.counts:
            for _ in range(chance.burst(rng, mean, self._question.dispersion)):
                at = from_us + round(rng.random() * (until_us - from_us))
                coming = self._coming(rng, one)
                yield coming._replace(at_us=at, rank=at + one.target_s * _US), one.queue, at

    def _coming(self, rng: random.Random, one: Here | Later) -> Coming:
        patience = None if one.patience_s is None else chance.patience(rng, one.patience_s)
        handle = chance.duration(rng, one.aht_s, SPREAD)
        left = None if patience is None else round(patience * _US)
        steps = tuple((max(0, round(after_s * _US)), opened) for after_s, opened in one.steps)
        return Coming(0, one.requirement, one.channel, 0, round(handle * _US), left, steps)

    def _hand(self, rng: random.Random, one: Handles) -> InHand:
        now, rest = self._question.now_us, chance.remaining(rng, one.aht_s, SPREAD, one.since_s)
        return InHand(one.agent, one.units, now, now + round(rest * _US), one.channel == "mail")
