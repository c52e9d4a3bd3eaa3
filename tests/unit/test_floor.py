"""The floor decides as the rule says: recounted by looking at everything, on random days."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

import pytest

from contactcenter.queue.rules import EXCLUSIVE_CHANNELS, fits, units
from contactcenter.routing.floor import Floor

CLASSES = ("mikkeli/general/fi/1", "mikkeli/general/sv/1", "kela/advice/fi/1", "kela/advice/fi/2")


@dataclass
class Agent:
    classes: tuple[str, ...]
    capacity: int
    load: int = 0
    on: bool = True
    idle_since: int = 0
    hands: list[str] = field(default_factory=list)


@dataclass
class Plain:
    """The rule, by looking at all contacts and all agents each time."""

    agents: dict[int, Agent]
    waiting: dict[int, tuple[int, str, str, frozenset[int]]] = field(default_factory=dict)

    def may(self, agent: int, contact: int) -> bool:
        one = self.agents[agent]
        _, requirement, channel, passed = self.waiting[contact]
        able = one.on and requirement in one.classes and agent not in passed
        return able and fits(one.load, one.capacity, channel)

    def best(self, agent: int) -> int | None:
        able = [c for c in self.waiting if self.may(agent, c)]
        return min(able, key=lambda c: (self.waiting[c][0], c), default=None)

    def longest_idle(self, contact: int) -> int | None:
        able = [a for a in self.agents if self.may(a, contact)]
        return min(able, key=lambda a: (self.agents[a].idle_since, str(a)), default=None)


class Both:
    """The floor and the plain rule, told the same; each decision compared."""

    def __init__(self, rng: random.Random, agents: int) -> None:
        self.rng = rng
        self.floor = Floor()
        self.now = 0
        self.offers = 0
        self.plain = Plain({})
        for n in range(agents):
            some = tuple(rng.sample(CLASSES, rng.randint(1, len(CLASSES))))
            self.plain.agents[n] = Agent(some, rng.randint(1, 3), idle_since=n)
            self.floor.skills(n, some)
            self.tell(n)

    def tell(self, agent: int) -> None:
        one = self.plain.agents[agent]
        self.floor.agent(agent, one.load, one.capacity, one.idle_since, on=one.on)

    def give(self, agent: int, contact: int) -> None:
        self.offers += 1
        one = self.plain.agents[agent]
        channel = self.plain.waiting.pop(contact)[2]
        one.load += units(channel, one.capacity)
        one.hands.append(channel)
        self.tell(agent)

    def arrives(self, contact: int) -> None:
        requirement = self.rng.choice(CLASSES)
        channel = self.rng.choice(("chat", "mail", "call", "callback"))
        agents = range(len(self.plain.agents))
        passed = frozenset(self.rng.choices(agents, k=self.rng.choice((0, 0, 2))))
        rank = self.rng.randint(0, 50)  # equal ranks too
        self.plain.waiting[contact] = (rank, requirement, channel, passed)
        whole = channel in EXCLUSIVE_CHANNELS
        self.floor.enter(contact, requirement, rank, whole=whole, passed=passed)
        wanted = self.plain.longest_idle(contact)
        pair = self.floor.for_class(requirement)
        assert pair == (None if wanted is None else (wanted, contact))
        if pair:
            self.give(*pair)
            assert self.floor.for_class(requirement) is None

    def frees(self, agent: int) -> None:
        one = self.plain.agents[agent]
        if one.hands:
            one.load -= units(one.hands.pop(self.rng.randrange(len(one.hands))), one.capacity)
            one.idle_since = self.now
        self.serve(agent)

    def turns(self, agent: int) -> None:
        one = self.plain.agents[agent]
        one.on, one.idle_since = not one.on, one.idle_since if one.on else self.now
        self.serve(agent)

    def serve(self, agent: int) -> None:
        self.tell(agent)
        while True:
            wanted = self.plain.best(agent)
            assert self.floor.for_agent(agent) == wanted
            if wanted is None:
                return
            self.give(agent, wanted)

    def leaves(self) -> None:
        if self.plain.waiting:
            contact = self.rng.choice(list(self.plain.waiting))
            del self.plain.waiting[contact]
            self.floor.leave(contact)


@pytest.mark.parametrize("seed", range(12))
def test_it_decides_as_the_rule_says(seed: int) -> None:
    rng = random.Random(seed)
    both = Both(rng, agents=rng.randint(2, 8))
    for contact in range(400):
        both.now += rng.randint(0, 3)
        both.arrives(contact)
        for _ in range(rng.choice((0, 1, 1, 2))):
            agent = rng.randrange(len(both.plain.agents))
            rng.choice((both.frees, both.frees, both.frees, both.turns))(agent)
        if rng.random() < 0.2:
            both.leaves()
        assert len(both.floor) == len(both.plain.waiting)
        for agent in both.plain.agents:  # nothing was left undecided
            assert both.plain.best(agent) is None
    assert both.offers > 50


def test_an_agent_with_something_in_hand_sees_past_any_number_of_calls() -> None:
    floor = Floor()
    floor.skills(1, ["a"])
    floor.agent(1, load=1, capacity=3, idle_since=0, on=True)
    for n in range(50):
        floor.enter(n, "a", rank=n, whole=True)
    floor.enter(99, "a", rank=99, whole=False)
    assert floor.for_class("a") == (1, 99)
    floor.agent(1, load=0, capacity=3, idle_since=0, on=True)
    assert floor.for_agent(1) == 0


def test_a_class_in_which_nobody_comes_holds_no_more_than_its_agents() -> None:
    floor = Floor()
    for agent in (1, 2):
        floor.skills(agent, ["busy", "quiet"])
    for n in range(1000):
        floor.agent(n % 2 + 1, load=0, capacity=1, idle_since=n, on=True)
    assert len(floor._class("quiet").agents["nothing"]) < 30
    floor.enter(1, "quiet", rank=1, whole=False)
    assert floor.for_class("quiet") == (1, 1)


def test_one_who_comes_again_stands_where_told_last() -> None:
    floor = Floor()
    floor.skills(1, ["a", "b"])
    floor.enter(1, "a", rank=1, whole=False)
    floor.leave(1)
    floor.enter(1, "a", rank=9, whole=False)
    floor.enter(2, "b", rank=5, whole=False)
    floor.agent(1, load=0, capacity=1, idle_since=0, on=True)
    assert floor.for_agent(1) == 2
    assert floor.for_agent(1) is None  # decided on, until told anew
    floor.agent(1, load=0, capacity=1, idle_since=0, on=True)
    assert floor.for_agent(1) == 1


def test_no_more_than_the_load_is_mail_that_may_rest() -> None:
    floor = Floor()
    floor.skills(1, ["a"])
    floor.enter(1, "a", rank=1, whole=False, live=True)
    floor.agent(1, load=0, capacity=0, idle_since=0, on=True, mails=1)  # as a log with gaps says
    assert floor.for_class("a") is None
    floor.agent(1, load=0, capacity=1, idle_since=0, on=True, mails=1)
    assert floor.for_class("a") == (1, 1)
