"""How long who waits will wait: a band that holds four waits of five. Pure.

The line as it stands is played on by the simulator some tens of times, by the product's own rules:
who waits and in which order, who is at work and what they have in hand, how long handling takes,
who loses patience. Each play is one way in which it may go on. Where plays and reality follow one
law, the real wait is one more draw among the S of the plays, so it lies between their i-th and
j-th in order with the chance (j - i) / (S + 1), whatever the law: with i = (S + 1) / 10 and
j = 9 i that is 80 % exactly (S. S. Wilks, "Determination of sample sizes for setting tolerance
limits", Annals of Mathematical Statistics 12, 1941). Fewer plays make a band wider, not wrong.

Who leaves in a play would have waited longer than that, one does not know how long: such draws
count as Kaplan and Meier count them ("Nonparametric estimation from incomplete observations",
Journal of the American Statistical Association 53, 1958).

Nothing is known of agents who will come or go home.
"""

from __future__ import annotations

import math
import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import NormalDist
from typing import NamedTuple

from contactcenter.queue.bands import group
from contactcenter.queue.rules import EXCLUSIVE_CHANNELS
from contactcenter.routing import chance
from contactcenter.routing.day import Coming, InHand, Staff
from contactcenter.routing.simulation import simulate
from contactcenter.routing.synthetic import SPREAD

PLAYS = (49, 39, 29, 19, 9)  # one less than a multiple of ten
BUDGET = 60_000  # contacts played in one estimate, some seconds of work at most
HORIZON_S = 4 * 3600  # what lies beyond is not said
SHARING_S = 3600  # for so long it is looked whether who is ranked worse is in the way all the same
WHOLE, MAIL = "call", "mail"
_US = 1_000_000
_NORMAL = NormalDist()


Line = tuple[str, str]  # a class, and the group of channels (queue/bands.py)


class Band(NamedTuple):
    """Seconds from now, as good as between which the wait ends."""

    low_s: float
    high_s: float


class Waits(NamedTuple):
    """Who waits: of which class and channel, its rank, and the mean times by which it is played."""

    requirement: str
    channel: str
    rank: int
    aht_s: float
    patience_s: float | None = None

    @property
    def line(self) -> Line:
        """Where it stands."""
        return self.requirement, group(self.channel)


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
    """Who keeps coming: so many a second, each ranked `target_s` after it comes."""

    requirement: str
    channel: str
    rate: float
    target_s: float
    aht_s: float
    patience_s: float | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands: everything an estimate is made from. `now_us` in the terms of ranks;
    `targets_s`: by class, how long after it comes a contact is ranked."""

    now_us: int
    waiting: tuple[Waits, ...]
    agents: tuple[OnDuty, ...]
    hands: tuple[Handles, ...] = ()
    streams: tuple[Stream, ...] = ()
    answer_s: float = 0.0
    spread: float = SPREAD
    targets_s: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Estimates:
    """`waiting`: in the order given. `new`: for who comes next, by line. None where nobody could
    say, or the wait may be longer than HORIZON_S."""

    waiting: tuple[Band | None, ...]
    new: dict[Line, Band | None]
    plays: int


def estimate(
    standing: Standing,
    lines: Sequence[Line] = (),
    *,
    seed: int = 0,
    budget: int = BUDGET,
) -> Estimates:
    """Bands for all who wait, and for who would come now into these lines. `budget`: contacts that
    may be played in all; it decides how many plays there are, and where even the fewest plays of
    all are too many, only the first are played and the others get none. The same arguments give
    the same bands."""
    order = sorted(range(len(standing.waiting)), key=lambda n: standing.waiting[n].rank)
    played = order[: budget // PLAYS[-1]]
    ghosts = list(dict.fromkeys(lines)) if len(played) == len(order) else []
    scene = _Scene(standing, [standing.waiting[n] for n in played], ghosts)
    plays = next((n for n in PLAYS if n * scene.size <= budget), PLAYS[-1])
    found = _bands(scene, plays, seed)
    bands: list[Band | None] = [None] * len(order)
    for n, band in zip(played, found, strict=False):
        bands[n] = band
    return Estimates(tuple(bands), dict(zip(ghosts, found[len(played) :], strict=True)), plays)


class _Scene:
    """One present, to be played many times."""

    def __init__(self, standing: Standing, waiting: list[Waits], ghosts: list[Line]) -> None:
        self.standing, self.waiting, self.ghosts = standing, waiting, ghosts
        self.ends_us = standing.now_us + HORIZON_S * _US
        span = (standing.now_us, self.ends_us)
        self.staff = [
            Staff(
                one.agent, one.capacity, one.classes, (span,) if one.available else (), one.pauses
            )
            for one in standing.agents
        ]
        pauses = [one.pauses for one in standing.agents if one.available]
        self._groups = {of for _, of in (*(one.line for one in waiting), *ghosts)}
        self._all_rest, self._some_rest = all(pauses), any(pauses)
        self.streams = [(one, until) for one in standing.streams if (until := self._matters(one))]
        more = sum(one.rate * until for one, until in self.streams)
        self.size = len(waiting) + len(ghosts) + len(standing.hands) + more + 1

    def _matters(self, stream: Stream) -> float:
        """For how many seconds who comes may get before who waits now, being ranked better than the
        last of them, or be in the way of somebody."""
        last = max((one.rank for one in self.waiting), default=0)
        ahead_s = (last - self.standing.now_us) / _US - stream.target_s
        least_s = SHARING_S if self._in_the_way(stream) else 0
        return min(max(least_s, ahead_s), float(HORIZON_S))

    def _in_the_way(self, stream: Stream) -> bool:
        """Even of who is ranked better: those who share an agent keep the whole of that agent from
        who needs it, but mail that rests; and whom mail rests for keeps it from ending."""
        if stream.channel == MAIL:
            return WHOLE in self._groups and not self._all_rest
        if MAIL in self._groups and self._some_rest:
            return True
        return WHOLE in self._groups and stream.channel not in EXCLUSIVE_CHANNELS

    def play(self, rng: random.Random) -> Iterator[tuple[float, bool]]:
        """One way in which it may go on: of each how long it waits yet, in seconds, and whether it
        was served then; else it waits for longer than that."""
        now = self.standing.now_us
        comings = [self._coming(rng, one) for one in self.waiting]
        comings += [self._ghost(line) for line in self.ghosts]
        asked = len(comings)
        comings += self._newcomers(rng)
        run = simulate(
            comings,
            self.staff,
            answer_us=round(self.standing.answer_s * _US),
            in_hand=[self._in_hand(rng, one) for one in self.standing.hands],
            until_us=self.ends_us,
        )
        for fate in run.fates[:asked]:
            if fate.accepted_us is not None:
                yield (fate.accepted_us - now) / _US, True
            else:
                yield ((self.ends_us if fate.left_us is None else fate.left_us) - now) / _US, False

    def _coming(self, rng: random.Random, one: Waits) -> Coming:
        patience = None if one.patience_s is None else chance.patience(rng, one.patience_s)
        return Coming(
            self.standing.now_us,
            one.requirement,
            one.channel,
            one.rank,
            round(chance.duration(rng, one.aht_s, self.standing.spread) * _US),
            None if patience is None else round(patience * _US),
        )

    def _ghost(self, line: Line) -> Coming:
        """Who would come now, behind its own class, and behind all whose rank is better than the
        target makes it. It takes no time, so the others don't notice it."""
        requirement, channel = line  # a group has the name of one of its channels
        target_s = self.standing.targets_s.get(requirement)
        own = [
            one.rank for one in self.waiting if target_s is None or one.requirement == requirement
        ]
        rank = self.standing.now_us + round((target_s or 0) * _US)
        return Coming(self.standing.now_us, requirement, channel, max([rank, *own]) + 1, 0)

    def _newcomers(self, rng: random.Random) -> Iterator[Coming]:
        for stream, until_s in self.streams:
            at = rng.expovariate(stream.rate)
            while at < until_s:
                one = self._coming(rng, Waits(*stream[:2], 0, *stream[4:]))
                at_us = self.standing.now_us + round(at * _US)
                yield one._replace(at_us=at_us, rank=at_us + round(stream.target_s * _US))
                at += rng.expovariate(stream.rate)

    def _in_hand(self, rng: random.Random, one: Handles) -> InHand:
        now = self.standing.now_us
        rest = remaining(rng, one.aht_s, self.standing.spread, one.since_s)
        return InHand(one.agent, one.units, now, now + round(rest * _US), one.channel == MAIL)


def remaining(rng: random.Random, mean_s: float, spread: float, since_s: float) -> float:
    """How long a handling that has gone on for `since_s` seconds takes yet: lognormal as in
    `chance.duration`, given that it takes longer than that."""
    if spread <= 0:
        return max(0.0, mean_s - since_s)
    sigma = math.sqrt(math.log1p(spread * spread))
    mu = math.log(mean_s) - sigma * sigma / 2
    gone = _NORMAL.cdf((math.log(since_s) - mu) / sigma) if since_s > 0 else 0.0
    share = gone + rng.random() * (1 - gone)
    if not 0 < share < 1 - 1e-12:  # longer than any that was known: as long again as it has taken
        return rng.expovariate(1 / max(since_s, 1.0)) if share > 0 else 0.0
    return max(0.0, math.exp(mu + sigma * _NORMAL.inv_cdf(share)) - since_s)


def _bands(scene: _Scene, plays: int, seed: int) -> list[Band | None]:
    draws: list[list[tuple[float, bool]]] = []
    for n in range(plays):
        draws.append(list(scene.play(random.Random(f"{seed}/{n}"))))  # noqa: S311 - chance of a play
    found = [band([run[n] for run in draws]) for n in range(len(draws[0]))]
    return _in_order(scene, found)


def band(draws: Sequence[tuple[float, bool]]) -> Band | None:
    """The band of one wait from its plays: (seconds, whether it ended then; else it goes on for
    longer). None where too few ended to know it."""
    tenth = (len(draws) + 1) // 10
    low = high = None
    waits = 1.0  # the share that waits still
    for n, (seconds, ended) in enumerate(sorted(draws, key=lambda one: (one[0], not one[1]))):
        if ended:
            waits *= 1 - 1 / (len(draws) - n)
        if low is None and 1 - waits >= (tenth - 0.5) / len(draws):
            low = seconds
        if 1 - waits >= (9 * tenth - 0.5) / len(draws):
            high = seconds
            break
    return None if low is None or high is None else Band(low, high)


def _in_order(scene: _Scene, bands: list[Band | None]) -> list[Band | None]:
    """In one line nobody is served before who stands before; what says otherwise is chance."""
    before: defaultdict[Line, Band | None] = defaultdict(lambda: Band(0.0, 0.0))
    for n, line in enumerate([*(one.line for one in scene.waiting), *scene.ghosts]):
        former, found = before[line], bands[n]
        if found is not None and former is not None:
            found = Band(max(former.low_s, found.low_s), max(former.high_s, found.high_s))
        elif former is None:
            found = None
        bands[n] = before[line] = found
    return bands
