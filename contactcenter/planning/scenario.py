"""A day to be simulated again and again: what of it is known, and what chance fills in. Pure.

Known of a day that was: who came when and to which queue, how long each waited, how long it took an
agent, who was at work when. Not known: how long who was accepted would have waited still, and how
long who left would have taken. The first is drawn from the exponential distribution, which has no
memory, with the channel's mean patience (all waits together / number of those who left); the second
from what was handled on the same queue and channel. All times are microseconds since 1970.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple

from contactcenter.queue.relax import Asks, Step, ladder
from contactcenter.queue.rules import requirement, units
from contactcenter.routing import chance, synthetic
from contactcenter.routing.day import Coming, InHand, Staff

SECOND_US = 1_000_000


class Queue(NamedTuple):
    """A queue, as it is set."""

    id: int
    key: str
    asks: Asks
    target_s: int
    service_level_s: int
    way: str
    short_abandon_s: int
    steps: tuple[Step, ...]

    def requirement(self, language: str) -> str:
        """The class in which a contact in this language waits."""
        asks = self.asks
        return requirement(asks.organisation, asks.task, language, asks.level)


def asked_for(queues: Iterable[Queue]) -> frozenset[str]:
    """Every class that a contact of these queues may wait in, by steps too."""
    known = list(queues)
    found = {queue.requirement(language) for queue in known for language in queue.asks.languages}
    for queue in known:
        for language in queue.asks.languages:
            found |= {opened for _, opened in steps_of(known, queue, language)}
    return frozenset(found)


def steps_of(queues: Iterable[Queue], queue: Queue, language: str) -> tuple[tuple[int, str], ...]:
    """After how long its steps open it to which class, in microseconds."""
    by_key = {one.key: one.asks for one in queues}
    found = ladder(queue.steps, queue.asks, by_key, language)
    return tuple((after_s * SECOND_US, opened) for after_s, opened in found)


class Wait(NamedTuple):
    """A wait that was. `until_us`: None where it goes on still; `handle_us`: None where nobody
    took it or it is not over."""

    queue: int
    channel: str
    language: str
    rank: int
    from_us: int
    until_us: int | None
    accepted: bool
    handle_us: int | None


class Held(NamedTuple):
    """What an agent had in hand without any wait of these."""

    agent: int
    channel: str
    from_us: int
    until_us: int


class Typical(NamedTuple):
    """What handling takes: the mean, and the standard deviation / the mean."""

    mean_s: float
    spread: float


@dataclass(frozen=True)
class Ahead:
    """The part of the day that is foretold. `counts`: by (queue, channel, language) what is
    expected in each half hour from the day's begin; `dispersion`: of all together."""

    counts: Mapping[tuple[int, str, str], tuple[float, ...]]
    begins_us: int
    dispersion: float


@dataclass(frozen=True)
class Scenario:
    """All of it. `staff` is who was or will be at work, before any change. `now_us`: from when on
    nothing is known yet; None for a day that is over. `patience_s` by channel, where it is known;
    `typical` by (queue, channel); `answer_us`: how long agents take to accept an offer."""

    begins_us: int
    ends_us: int
    queues: Mapping[int, Queue]
    staff: tuple[Staff, ...]
    waits: tuple[Wait, ...] = ()
    held: tuple[Held, ...] = ()
    ahead: Ahead | None = None
    now_us: int | None = None
    patience_s: Mapping[str, float] = field(default_factory=dict)
    typical: Mapping[tuple[int, str], Typical] = field(default_factory=dict)
    answer_us: int = 0

    @property
    def expected(self) -> int:
        """How many contacts a simulated day has, about."""
        ahead = sum(map(sum, self.ahead.counts.values())) if self.ahead else 0
        return len(self.waits) + round(ahead)


class Sample(NamedTuple):
    """One of the days that chance could have made. `queues`: of each coming."""

    comings: Sequence[Coming]
    queues: Sequence[int]
    in_hand: Sequence[InHand]


def sample(plan: Scenario, seed: int) -> Sample:
    """The day of a seed: the same seed gives the same people, whoever is at work."""
    rng = random.Random(seed)  # noqa: S311 - a simulation
    found = [(_again(rng, plan, wait), wait.queue) for wait in plan.waits]
    if plan.ahead is not None:
        found += _foretold(rng, plan, plan.ahead)
    found.sort(key=lambda pair: (pair[0].at_us, pair[0].rank))
    capacity = {one.agent: one.capacity for one in plan.staff}
    in_hand = [
        InHand(h.agent, units(h.channel, capacity[h.agent]), h.from_us, h.until_us)
        for h in plan.held
        if h.agent in capacity
    ]
    return Sample([coming for coming, _ in found], [queue for _, queue in found], in_hand)


def _again(rng: random.Random, plan: Scenario, wait: Wait) -> Coming:
    """A contact that came. What is drawn is drawn for all, so that one more known thing does not
    change the luck of those after it."""
    queue = plan.queues[wait.queue]
    more, luck = rng.expovariate(1.0), rng.gauss(0.0, 1.0)
    waited = (plan.now_us or plan.ends_us) if wait.until_us is None else wait.until_us
    waited_us = max(0, waited - wait.from_us)
    patience: int | None = waited_us
    if wait.until_us is None or wait.accepted:
        mean = plan.patience_s.get(wait.channel)
        patience = None if mean is None else waited_us + round(more * mean * SECOND_US)
    handle = wait.handle_us
    if handle is None:
        typical = plan.typical[wait.queue, wait.channel]
        handle = round(chance.lognormal(luck, typical.mean_s, typical.spread) * SECOND_US)
    asks = queue.requirement(wait.language)
    steps = steps_of(plan.queues.values(), queue, wait.language)
    return Coming(wait.from_us, asks, wait.channel, wait.rank, handle, patience, steps)


def _foretold(rng: random.Random, plan: Scenario, ahead: Ahead) -> list[tuple[Coming, int]]:
    """One luck for each half hour of all lines together: real bursts come to all at once."""
    slots = max((len(counts) for counts in ahead.counts.values()), default=0)
    whole = [sum(counts[n] for counts in ahead.counts.values()) for n in range(slots)]
    factors = [_factor(rng, mean, ahead.dispersion) for mean in whole]
    begins = datetime.fromtimestamp(ahead.begins_us / SECOND_US, UTC)
    found = []
    for (number, channel, language), counts in sorted(ahead.counts.items()):
        queue = plan.queues[number]
        typical = plan.typical[number, channel]
        stream = synthetic.Stream(
            requirement=queue.requirement(language),
            channel=channel,
            counts=tuple(n * by for n, by in zip(counts, factors, strict=True)),
            aht_s=typical.mean_s,
            patience_s=plan.patience_s.get(channel),
            target_s=queue.target_s,
            spread=typical.spread,
        )
        steps = steps_of(plan.queues.values(), queue, language)
        for coming in synthetic.day(rng, [stream], begins):
            found.append((coming._replace(steps=steps), number))
    return found


def _factor(rng: random.Random, mean: float, dispersion: float) -> float:
    """How much busier than expected: 1 on average, so that a count's variance is `dispersion`
    times its mean."""
    if mean <= 0 or dispersion <= 1:
        return 1.0
    shape = mean / (dispersion - 1)
    return rng.gammavariate(shape, 1 / shape)
