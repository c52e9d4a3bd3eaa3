"""One present, played on many times: each play is one way in which it may go on. Pure.

By the product's own rules: who waits and in which order, and who may take it after which step; who
is at work and what they have in hand; how long handling takes, who loses patience, and who comes
still. Nothing is known of agents who will come or go home, so nothing of waits after a queue has
closed: what is played beyond is a wait of longer than that.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from contactcenter.queue.rules import EXCLUSIVE_CHANNELS
from contactcenter.routing import chance
from contactcenter.routing.day import Coming, InHand, Staff
from contactcenter.routing.present import Entry, Handles, Line, Standing, Stream, Waits
from contactcenter.routing.simulation import simulate

HORIZON_S = 4 * 3600  # what lies beyond is not said
SHARING_S = 3600  # for so long it is looked whether who is ranked worse is in the way all the same
WHOLE, MAIL = "call", "mail"
_US = 1_000_000


class Scene:
    """One present. `asked`: who waits, and behind them who would come now into the lines."""

    def __init__(self, standing: Standing, waiting: list[Waits], lines: list[Line]) -> None:
        self.standing, self.waiting = standing, waiting
        self.asked = [*waiting, *(self._ghost(line) for line in lines)]
        self.known_s = max((_known(one) for one in self.asked), default=0.0)
        ends_us = standing.now_us + round(self.known_s * _US)
        span = (standing.now_us, max(ends_us, standing.now_us))
        self.staff = [
            Staff(
                one.agent, one.capacity, one.classes, (span,) if one.available else (), one.pauses
            )
            for one in standing.agents
        ]
        pauses = [one.pauses for one in standing.agents if one.available]
        self._groups = {one.line[1] for one in self.asked}
        self._all_rest, self._some_rest = all(pauses), any(pauses)
        self.streams = [(one, until) for one in standing.streams if (until := self._matters(one))]
        more = sum(one.rate * until for one, until in self.streams)
        self.size = len(self.asked) + len(standing.hands) + more + 1

    def _ghost(self, line: Line) -> Waits:
        """Who would come now, behind its own class, and behind all whose rank is better than the
        target makes it. It takes no time, so the others don't notice it."""
        requirement, channel = line  # a group has the name of one of its channels
        entry = self.standing.entries.get(requirement)
        own = [one.rank for one in self.waiting if entry is None or one.requirement == requirement]
        target_s, steps, closes_s = entry or Entry()
        rank = self.standing.now_us + round(target_s * _US)
        return Waits(requirement, channel, max([rank, *own]) + 1, 0, steps=steps, closes_s=closes_s)

    def _matters(self, stream: Stream) -> float:
        """For how many seconds who comes may get before who waits now, being ranked better than the
        last of them, or be in the way of somebody."""
        last = max((one.rank for one in self.waiting), default=0)
        ahead_s = (last - self.standing.now_us) / _US - stream.target_s
        least_s = SHARING_S if self._in_the_way(stream) else 0
        open_s = self.known_s if stream.closes_s is None else stream.closes_s
        return max(0.0, min(max(least_s, ahead_s), self.known_s, open_s))

    def _in_the_way(self, stream: Stream) -> bool:
        """Even of who is ranked better: those who share an agent keep the whole of that agent from
        who needs it, but mail that rests; and whom mail rests for keeps it from ending."""
        if stream.channel == MAIL:
            return WHOLE in self._groups and not self._all_rest
        if MAIL in self._groups and self._some_rest:
            return True
        return WHOLE in self._groups and stream.channel not in EXCLUSIVE_CHANNELS

    def play(self, rng: random.Random) -> Iterator[tuple[float, bool]]:
        """One way in which it may go on: of each that is asked for how long it waits yet, in
        seconds, and whether it was served then; else it waits for longer than that."""
        now = self.standing.now_us
        comings = [self._coming(rng, one, now) for one in self.asked]
        comings += self._newcomers(rng)
        run = simulate(
            comings,
            self.staff,
            answer_us=round(self.standing.answer_s * _US),
            in_hand=[self._in_hand(rng, one) for one in self.standing.hands],
            until_us=now + round(self.known_s * _US),
        )
        for one, fate in zip(self.asked, run.fates, strict=False):
            ends = fate.left_us if fate.accepted_us is None else fate.accepted_us
            known_s = _known(one)
            waited_s = known_s if ends is None else (ends - now) / _US
            served = fate.accepted_us is not None and waited_s <= known_s
            yield min(waited_s, known_s), served

    def _coming(self, rng: random.Random, one: Waits, at_us: int) -> Coming:
        patience = None if one.patience_s is None else chance.patience(rng, one.patience_s)
        handle = chance.duration(rng, one.aht_s, self.standing.spread) if one.aht_s else 0.0
        return Coming(
            at_us,
            one.requirement,
            one.channel,
            one.rank,
            round(handle * _US),
            None if patience is None else round(patience * _US),
            tuple((max(0, round(after * _US)), opened) for after, opened in one.steps),
        )

    def _newcomers(self, rng: random.Random) -> Iterator[Coming]:
        for stream, until_s in self.streams:
            one = Waits(stream.requirement, stream.channel, 0, *stream[4:])
            at = rng.expovariate(stream.rate)
            while at < until_s:
                at_us = self.standing.now_us + round(at * _US)
                rank = at_us + round(stream.target_s * _US)
                yield self._coming(rng, one._replace(rank=rank), at_us)
                at += rng.expovariate(stream.rate)

    def _in_hand(self, rng: random.Random, one: Handles) -> InHand:
        now = self.standing.now_us
        rest = chance.remaining(rng, one.aht_s, self.standing.spread, one.since_s)
        return InHand(one.agent, one.units, now, now + round(rest * _US), one.channel == MAIL)


def _known(one: Waits) -> float:
    """For how many seconds something is known of its wait."""
    return HORIZON_S if one.closes_s is None else max(0.0, min(HORIZON_S, one.closes_s))
