"""Cities' lines whose law is known: for asking an estimate what it would say, and what became of
it."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass

from contactcenter.queue.rules import units
from contactcenter.routing import chance
from contactcenter.routing.day import Coming, Run, Staff
from contactcenter.routing.estimate import estimate
from contactcenter.routing.present import Handles, OnDuty, Standing, Stream, Waits
from contactcenter.routing.simulation import _Day
from contactcenter.routing.synthetic import SPREAD

_US = 1_000_000
FI, SV, EN = (f"mikkeli/general/{language}/1" for language in ("fi", "sv", "en"))
HOUR = 3600


@dataclass(frozen=True)
class World:
    """Who keeps coming, and who is at work for which classes, until `ends_s`. `first`: so many of
    the first stream wait already when everybody comes to work; `closes`: who waits still at the end
    is served by nobody. Asked `every_s` from one moment to another."""

    streams: tuple[Stream, ...]
    agents: tuple[OnDuty, ...]
    first: int = 0
    closes: bool = False
    ends_s: int = 7 * HOUR
    asked_s: tuple[int, int] = (HOUR, 6 * HOUR)
    every_s: int = 200
    days: int = 4
    budget: int = 10_000
    answer_s: float = 5.0

    def streams_at(self, now_s: float) -> tuple[Stream, ...]:
        """Who keeps coming from then on."""
        return tuple(one._replace(closes_s=self.closes_in(now_s)) for one in self.streams)

    def closes_in(self, now_s: float) -> float | None:
        """In how many seconds it closes."""
        return self.ends_s - now_s if self.closes else None


def lived(world: World, seed: int) -> _Day:
    """A day of the world, by its own law."""
    rng = random.Random(seed)
    comings = [_coming(rng, world.streams[0], n / _US) for n in range(world.first)]
    for stream in world.streams:
        at = rng.expovariate(stream.rate) if stream.rate else math.inf
        while at < world.ends_s:
            comings.append(_coming(rng, stream, at))
            at += rng.expovariate(stream.rate)
    comings.sort()
    span = ((0, world.ends_s * _US),)
    staff = [Staff(a.agent, a.capacity, a.classes, span, a.pauses) for a in world.agents]
    return _Day(comings, staff, round(world.answer_s * _US), ())


def _coming(rng: random.Random, stream: Stream, at: float) -> Coming:
    patience = stream.patience_s and chance.patience(rng, stream.patience_s)
    return Coming(
        round(at * _US),
        stream.requirement,
        stream.channel,
        round((at + stream.target_s) * _US),
        round(chance.duration(rng, stream.aht_s, SPREAD) * _US),
        None if patience is None else round(patience * _US),
        tuple((round(after * _US), opened) for after, opened in stream.steps),
    )


def stands(world: World, run: Run, day: _Day, now: int) -> tuple[Standing, list[int]]:
    """How it stands at a moment, up to which the day has been lived, and the numbers of those who
    wait."""
    capacity = {one.agent: one.capacity for one in world.agents}
    of = {(one.requirement, one.channel): one for one in world.streams}
    mails = dict(_mails(day, now))
    waiting, numbers, hands = [], [], []
    for n, (coming, fate) in enumerate(zip(run.comings, run.fates, strict=True)):
        if coming.at_us > now:
            break
        stream = of[coming.requirement, coming.channel]
        ends = fate.accepted_us if fate.accepted_us is not None else fate.left_us
        offered = math.inf if ends is None else ends
        if fate.agent is not None:
            offered -= round(world.answer_s * _US)
        if now < offered:
            waiting.append(_waits(world, stream, coming, now))
            numbers.append(n)
        elif n in mails:
            assert fate.agent is not None
            took, still = mails[n]
            gone = max(0, coming.handle_us - still) / _US
            hands.append((ends, Handles(fate.agent, took, gone, stream.aht_s, "mail")))
        elif fate.agent is not None and ends is not None and now < ends + coming.handle_us:
            if coming.channel == "mail" and world.agents[fate.agent].pauses:
                continue  # done
            took = units(coming.channel, capacity[fate.agent])
            gone = max(0, now - ends) / _US
            hands.append((ends, Handles(fate.agent, took, gone, stream.aht_s, coming.channel)))
    in_hand = tuple(one for _, one in sorted(hands))
    streams = world.streams_at(now / _US)
    return Standing(now, tuple(waiting), world.agents, in_hand, streams, world.answer_s), numbers


def _waits(world: World, stream: Stream, coming: Coming, now: int) -> Waits:
    waited_s = (now - coming.at_us) / _US
    return Waits(
        coming.requirement,
        coming.channel,
        coming.rank,
        stream.aht_s,
        stream.patience_s,
        tuple((after - waited_s, opened) for after, opened in stream.steps),
        world.closes_in(now / _US),
    )


def _mails(day: _Day, now: int) -> Iterator[tuple[int, tuple[int, int]]]:
    """Mails in hand that rest or may: their units, and the time that each still takes."""
    for agent in day._agents.values():
        yield from ((n, (1, day._ends[n] - now)) for n in agent.mails)
        yield from ((n, (0, still)) for n, still in agent.rests)


def judged(world: World) -> list[bool]:
    """Over all its days, whether the first band that each contact was given held its wait. Who left
    before the band's end says nothing; whoever is served by nobody was told wrong."""
    return [inside for seed in range(world.days) for inside in _judged(world, seed)]


def _judged(world: World, seed: int) -> Iterator[bool]:
    whole, day, told = lived(world, seed), lived(world, seed), set[int]()
    whole.live()
    run = whole.over(None)
    for now_s in range(*world.asked_s, world.every_s):
        now = now_s * _US
        day.live(now)
        standing, numbers = stands(world, run, day, now)
        if told.issuperset(numbers):
            continue
        found = estimate(standing, seed=now_s, budget=world.budget).waiting
        for n, band in zip(numbers, found, strict=True):
            if n in told or band is None:
                continue
            told.add(n)
            fate = run.fates[n]
            if fate.accepted_us is not None:
                yield band.low_s <= (fate.accepted_us - now) / _US <= band.high_s
            elif fate.left_us is None or (fate.left_us - now) / _US > band.high_s:
                yield False
