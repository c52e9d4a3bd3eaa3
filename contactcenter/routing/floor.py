"""The line and the agents in memory, deciding as the line in Redis does (queue/line.lua). Pure.

The rule, in one sentence: an agent with room gets, of all that waits in the agent's classes, fits
beside what is in hand and was not declined by this agent, the contact of the best rank; where
several agents could take a contact, it is one whose mail need not be paused for it, of these the
one of the highest level in it, and of these who has been idle longest. Equal ranks go by id; equal
idle times by the agent's number as text, as Redis orders them.

As in Redis, contacts that need the whole agent stand in a line of their own, so that an agent with
something in hand sees past them; chats stand in a second one besides, for agents whose units are
taken by mail. Lines are heaps; what has left is dropped when it comes to the top, so a decision
costs nearly the same in a line of ten as in one of a hundred thousand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush

from contactcenter.queue.rules import LEVELS

_Waiting = tuple[int, int, int]  # rank, contact, stamp
_Ready = tuple[int, int, str, int, int]  # below the top, idle since, number as text, stamp, agent
# With what in hand, of which class of agents: nothing; mail or something else, and room for more;
# and those of whom mail takes all room: nothing but mail, and something else beside it.
_WITH = ("nothing", "mail", "some", "all_mail", "all_some")
_ROOM = ("nothing", "mail", "some")
_STALE = 8  # a heap of agents may hold so many times more entries than there are agents


class _Class:
    """A requirement class: who waits in it, and who could take from it."""

    __slots__ = ("agents", "line", "live", "whole")

    def __init__(self) -> None:
        self.line: list[_Waiting] = []
        self.live: list[_Waiting] = []  # those of the line who are there: chats
        self.whole: list[_Waiting] = []  # need the whole agent
        self.agents: dict[str, list[_Ready]] = {with_: [] for with_ in _WITH}


@dataclass(slots=True)
class _Agent:
    classes: list[tuple[_Class, int]]  # with how far below the top the agent is there
    name: str
    stamp: int = 0
    open: bool = False
    room: bool = False
    whole: bool = False


@dataclass(slots=True)
class _Contact:
    stamp: int
    passed: frozenset[int] = field(default_factory=frozenset)


class Floor:
    """Who waits and who has room. What is decided on is taken out of both, until it is told anew
    by `enter` and `agent`. After each change, ask `for_agent` and `for_class` until they say None:
    what the rule says holds where nothing is left undecided."""

    def __init__(self) -> None:
        self._classes: dict[str, _Class] = {}
        self._waiting: dict[int, _Contact] = {}
        self._agents: dict[int, _Agent] = {}
        self._stamp = 0

    def __len__(self) -> int:
        return len(self._waiting)

    def skills(self, agent: int, classes: Mapping[str, int] | Iterable[str]) -> None:
        """An agent may take from these requirement classes, with the own level in each, or all
        alike; has no room until `agent` says so."""
        known = self._agents.get(agent)
        stamp = known.stamp + 1 if known else 0
        levels = classes if isinstance(classes, Mapping) else dict.fromkeys(classes, LEVELS)
        own = [(self._class(name), LEVELS - level) for name, level in levels.items()]
        self._agents[agent] = _Agent(own, str(agent), stamp)

    def agent(
        self, agent: int, load: int, capacity: int, idle_since: int, *, on: bool, mails: int = 0
    ) -> None:
        """How things stand with an agent; `on`: available; `mails`: units of the load that a live
        contact may pause, at most all of it."""
        one, firm = self._agents[agent], max(load - mails, 0)
        one.stamp += 1
        one.open = on and firm < capacity
        one.room, one.whole = load < capacity, firm == 0
        with_ = "nothing" if load == 0 else "mail" if one.whole else "some"
        if one.open:
            for of, below in one.classes:
                entry = (below, idle_since, one.name, one.stamp, agent)
                self._ready(of.agents[with_ if one.room else f"all_{with_}"], entry)

    def enter(
        self,
        contact: int,
        requirement: str,
        rank: int,
        *,
        whole: bool,
        live: bool = False,
        passed: frozenset[int] = frozenset(),
        also: Iterable[str] = (),
    ) -> None:
        """Into the line, and those of further classes `also`. `whole`: it needs the whole agent;
        `live`: mail may be paused for it, which goes without saying for `whole`; `passed`: who
        declined it."""
        self._stamp += 1
        self._waiting[contact] = _Contact(self._stamp, passed)
        for name in (requirement, *also):
            of = self._class(name)
            heappush(of.whole if whole else of.line, (rank, contact, self._stamp))
            if live and not whole:
                heappush(of.live, (rank, contact, self._stamp))

    def leave(self, contact: int) -> None:
        """Out of the line."""
        self._waiting.pop(contact, None)

    def for_agent(self, agent: int) -> int | None:
        """The contact for an agent, or None."""
        one = self._agents[agent]
        if not one.open or not self._waiting:
            return None
        best: _Waiting | None = None
        for of, _ in one.classes:
            shared = of.line if one.room else of.live
            for line in (shared, of.whole) if one.whole else (shared,):
                if line and (head := self._head(line, agent)) and (best is None or head < best):
                    best = head
        if best is None:
            return None
        del self._waiting[best[1]]
        one.open = False
        return best[1]

    def for_class(self, requirement: str) -> tuple[int, int] | None:
        """(agent, contact) for the first agent in the class of those who can take something from
        it, or None. The contact may be of another class of theirs, if better ranked."""
        of = self._class(requirement)
        found = None
        if self._any(of.whole):
            found = self._one(of, "nothing") or self._one(of, "mail") or self._one(of, "all_mail")
        if found is None and self._any(of.line):
            found = self._one(of, *_ROOM)
        if found is None and self._any(of.live):
            found = self._one(of, "all_mail", "all_some")
        return found

    def _one(self, of: _Class, *with_: str) -> tuple[int, int] | None:
        """The first of these agents who can take something, and what."""
        ready = [of.agents[one] for one in with_]
        refused: list[tuple[list[_Ready], _Ready]] = []
        found = None
        while found is None and (first := self._first(ready)) is not None:
            entry = heappop(first)
            refused.append((first, entry))
            contact = self.for_agent(entry[-1])
            found = None if contact is None else (entry[-1], contact)
        for heap, entry in refused:
            heappush(heap, entry)
        return found

    def _ready(self, heap: list[_Ready], entry: _Ready) -> None:
        """Where nobody comes, nothing comes to the top; so what stands no more goes here."""
        heappush(heap, entry)
        if len(heap) > _STALE * len(self._agents) + _STALE:
            heap[:] = [one for one in heap if self._stands(one)]
            heapify(heap)

    def _class(self, name: str) -> _Class:
        found = self._classes.get(name)
        if found is None:
            found = self._classes[name] = _Class()
        return found

    def _any(self, line: list[_Waiting]) -> bool:
        while line:
            _, contact, stamp = line[0]
            known = self._waiting.get(contact)
            if known is not None and known.stamp == stamp:
                return True
            heappop(line)
        return False

    def _head(self, line: list[_Waiting], agent: int) -> _Waiting | None:
        """The first that waits and was not declined by the agent."""
        kept: list[_Waiting] = []
        found = None
        while found is None and self._any(line):
            if agent in self._waiting[line[0][1]].passed:
                kept.append(heappop(line))
            else:
                found = line[0]
        for entry in kept:
            heappush(line, entry)
        return found

    def _first(self, heaps: list[list[_Ready]]) -> list[_Ready] | None:
        """The heap on whose top the first agent stands."""
        best = None
        for heap in heaps:
            while heap and not self._stands(heap[0]):
                heappop(heap)
            if heap and (best is None or heap[0] < best[0]):
                best = heap
        return best

    def _stands(self, entry: _Ready) -> bool:
        one = self._agents[entry[-1]]
        return one.open and one.stamp == entry[-2]
