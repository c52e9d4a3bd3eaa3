"""A day of one line, simulated: who comes, who is at work, and what becomes of it. Pure.

The clock jumps from one thing to the next; who gets what is decided by the floor, with the rank,
the units and the order of the product. Times are whole microseconds, as ranks are, so the same
arguments give the same result to the last digit on every machine. Chance is in the arguments.

At one moment, first whoever ends, leaves, comes on duty or goes, in the order in which it was
planned; then whoever arrives. An agent whose shift ends finishes what is in hand.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from heapq import heapify, heappop, heappush

from contactcenter.queue.rules import EXCLUSIVE_CHANNELS, LIVE_CHANNELS, units
from contactcenter.routing.day import Coming, Fate, InHand, Run, Staff, check
from contactcenter.routing.floor import Floor


def simulate(
    comings: Sequence[Coming],
    staff: Sequence[Staff],
    *,
    answer_us: int = 0,
    in_hand: Sequence[InHand] = (),
    warm_up_us: int | None = None,
    until_us: int | None = None,
) -> Run:
    """Live through it, up to `until_us` or until nothing more happens. `answer_us`: how long an
    agent takes to accept an offer; who loses patience meanwhile has left. `warm_up_us`: the moment
    from which busy and free time is added up; from the beginning where None. Raises PlanError for
    times that run backwards and for agents who are not there or there twice."""
    check(comings, staff, in_hand, answer_us)
    day = _Day(comings, staff, answer_us, in_hand)
    day.count_from(warm_up_us)
    day.live(until_us)
    return day.over(until_us)


_Event = tuple[int, int, Callable[[int, int], None], int, int]
_WAITS = Fate(None, None, None)
_ARRIVALS = 1 << 62  # at one moment, after all else


class _Agent:
    __slots__ = ("capacity", "counted", "idle_since", "load", "mails", "on", "pauses", "rests")

    def __init__(self, capacity: int, *, pauses: bool) -> None:
        self.capacity = capacity
        self.pauses = pauses
        self.mails: list[int] = []  # in hand, in the order in which they came
        self.rests: list[tuple[int, int]] = []  # paused, with the time that each still takes
        self.load = 0
        self.on = False
        self.idle_since = 0
        self.counted = 0  # up to when busy and free time are added up


class _Day:
    def __init__(
        self,
        comings: Sequence[Coming],
        staff: Sequence[Staff],
        answer_us: int,
        in_hand: Sequence[InHand],
    ) -> None:
        self.now = 0
        self.events: list[_Event] = []
        self._comings = comings
        self._fates = [_WAITS] * len(comings)
        self._answer_us = answer_us
        self._agents = {one.agent: _Agent(one.capacity, pauses=one.pauses) for one in staff}
        self._floor = Floor()
        self._ends: dict[int, int] = {}  # when mails in hand will be done
        self._planned = 0
        self._busy = self._free = 0
        self._in_hand = in_hand
        for n, held in enumerate(in_hand):
            if held.mail and self._agents[held.agent].pauses:  # numbered before all who come
                self._later(held.since_us, self._hold, held.agent, n - len(in_hand))
            else:
                self._later(held.since_us, self._take, held.agent, held.units)
                self._later(held.until_us, self._end, held.agent, held.units)
        for one in staff:
            self._floor.skills(one.agent, one.classes)
            for begins, ends in one.shifts:
                self._later(begins, self._begin, one.agent)
                self._later(ends, self._go, one.agent)
        for n, coming in enumerate(comings):
            self.events.append((coming.at_us, _ARRIVALS + n, self._arrive, n, 0))
        heapify(self.events)

    def count_from(self, moment: int | None) -> None:
        """Add up busy and free time from then on."""
        first = self.events[0][0] if self.events else 0
        for agent in self._agents.values():
            agent.counted = first if moment is None else moment

    def live(self, until_us: int | None = None) -> None:
        """Let happen what is planned up to then, or all."""
        while self.events and (until_us is None or self.events[0][0] <= until_us):
            self.now, _, do, one, other = heappop(self.events)
            do(one, other)

    def over(self, until_us: int | None) -> Run:
        """What came of it."""
        self.now = max(self.now, until_us or 0)
        for agent in self._agents.values():
            self._count(agent)
        return Run(self._comings, self._fates, self._busy, self._free, self.now)

    def _later(self, at: int, do: Callable[[int, int], None], one: int, other: int = 0) -> None:
        self._planned += 1
        heappush(self.events, (at, self._planned, do, one, other))

    # ------------------------------------------------------------ contacts

    def _arrive(self, n: int, _: int) -> None:
        coming = self._comings[n]
        whole = coming.channel in EXCLUSIVE_CHANNELS
        live = coming.channel in LIVE_CHANNELS
        self._floor.enter(n, coming.requirement, coming.rank, whole=whole, live=live)
        while (pair := self._floor.for_class(coming.requirement)) is not None:
            self._give(*pair)
        if self._fates[n] is not _WAITS:
            return
        if coming.patience_us is not None:
            self._later(coming.at_us + coming.patience_us, self._leave, n)
        for step, (after, _opened) in enumerate(coming.steps):
            self._later(coming.at_us + after, self._relax, n, step)

    def _relax(self, n: int, step: int) -> None:
        """One more class may take it: its agents who are free are asked."""
        if self._fates[n] is not _WAITS:
            return
        coming = self._comings[n]
        also = [opened for _, opened in coming.steps[: step + 1]]
        whole = coming.channel in EXCLUSIVE_CHANNELS
        live = coming.channel in LIVE_CHANNELS
        self._floor.enter(n, coming.requirement, coming.rank, whole=whole, live=live, also=also)
        while (pair := self._floor.for_class(also[-1])) is not None:
            self._give(*pair)

    def _leave(self, n: int, _: int) -> None:
        if self._fates[n] is _WAITS:
            self._floor.leave(n)
            self._fates[n] = Fate(None, self.now, None)

    def _give(self, who: int, n: int) -> None:
        coming = self._comings[n]
        accepted = self.now + self._answer_us
        leaves = None if coming.patience_us is None else coming.at_us + coming.patience_us
        if leaves is not None and leaves < accepted:
            self._fates[n], ends = Fate(None, leaves, None), leaves
        else:
            self._fates[n], ends = Fate(accepted, None, who), accepted + coming.handle_us
        agent = self._agents[who]
        took = units(coming.channel, agent.capacity)
        if coming.channel == "mail" and agent.pauses:
            self._begin_mail(who, n, ends)
        else:
            self._later(ends, self._end, who, took)
        self._take(who, took)

    # ------------------------------------------------------------ agents

    def _hold(self, who: int, n: int) -> None:
        """A mail that is in hand from the beginning, and may rest."""
        held, agent = self._in_hand[n], self._agents[who]
        if held.units:
            self._begin_mail(who, n, held.until_us)
            self._take(who, 1)
        else:
            agent.rests.append((n, held.until_us - held.since_us))

    def _begin_mail(self, who: int, n: int, ends: int) -> None:
        self._agents[who].mails.append(n)
        self._ends[n] = ends
        self._later(ends, self._done, who, n)

    def _take(self, who: int, took: int) -> None:
        agent = self._agents[who]
        self._count(agent)
        agent.load += took
        while agent.load > agent.capacity and agent.mails:  # what came last rests
            n = agent.mails.pop()
            agent.rests.append((n, self._ends.pop(n) - self.now))
            agent.load -= 1
        self._tell(who, agent)

    def _done(self, who: int, n: int) -> None:
        """A mail is answered, where it did not rest meanwhile."""
        if self._ends.get(n) == self.now:
            del self._ends[n]
            self._agents[who].mails.remove(n)
            self._end(who, 1)

    def _go_on(self, who: int, agent: _Agent) -> None:
        """With mail that rests, as far as there is room: what came first."""
        agent.rests.sort()
        while agent.rests and agent.load < agent.capacity:
            n, still = agent.rests.pop(0)
            self._begin_mail(who, n, self.now + still)
            agent.load += 1
        agent.mails.sort()

    def _end(self, who: int, took: int) -> None:
        agent = self._agents[who]
        self._count(agent)
        agent.load -= took
        agent.idle_since = self.now
        self._go_on(who, agent)
        self._tell(who, agent)
        self._serve(who)

    def _begin(self, who: int, _: int) -> None:
        agent = self._agents[who]
        self._count(agent)
        agent.on, agent.idle_since = True, self.now
        self._tell(who, agent)
        self._serve(who)

    def _go(self, who: int, _: int) -> None:
        agent = self._agents[who]
        self._count(agent)
        agent.on = False
        self._tell(who, agent)

    def _serve(self, who: int) -> None:
        while (n := self._floor.for_agent(who)) is not None:
            self._give(who, n)

    def _tell(self, who: int, agent: _Agent) -> None:
        mails = len(agent.mails)
        idle = agent.idle_since
        self._floor.agent(who, agent.load, agent.capacity, idle, on=agent.on, mails=mails)

    def _count(self, agent: _Agent) -> None:
        if self.now <= agent.counted:
            return
        if agent.load:
            self._busy += self.now - agent.counted
        elif agent.on:
            self._free += self.now - agent.counted
        agent.counted = self.now
