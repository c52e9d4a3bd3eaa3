"""The line's order and choice against a plain reckoning, over 10,000 random lines on a real Redis:
no offer that does not fit, no better contact passed over, no better agent either."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any, cast

from contactcenter.kernel.sql import Row
from contactcenter.queue.live import Line
from contactcenter.queue.rules import EXCLUSIVE_CHANNELS
from tests.house import House

LINES = 10_000
CHANNELS = ("mail", "chat", "callback", "call")


@dataclass
class Agent:
    id: int
    skills: dict[str, int]  # organisation/task/language -> level
    load: int
    capacity: int
    idle: int
    available: bool
    mails: int = 0
    version: int = 1

    def row(self) -> Row:
        classes = [f"own/{self.id}=3"]
        for skill, level in self.skills.items():
            classes += [f"{skill}/{n}={level}" for n in range(1, level + 1)]
        about: dict[str, Any] = {
            "user_id": self.id,
            "version": self.version,
            "state": "available" if self.available else "break",
            "available": self.available,
            "load": self.load,
            "mails": self.mails,
            "capacity": self.capacity,
            "idle_ms": self.idle,
            "classes": " ".join(classes),
        }
        return cast("Row", about)

    def level(self, contact: Contact) -> int:
        """The own level in the first of the contact's classes that the agent has; 0: none."""
        for name in contact.classes:
            if name == f"own/{self.id}":
                return 3
            skill, _, least = name.rpartition("/")
            if self.skills.get(skill, 0) >= int(least):
                return self.skills[skill]
        return 0


@dataclass
class Contact:
    id: int
    channel: str
    rank: int
    requirement: str
    also: list[str]
    preferred: int | None
    passed: list[int] = field(default_factory=list)
    version: int = 1

    @property
    def classes(self) -> list[str]:
        if self.preferred is not None:
            return [f"own/{self.preferred}"]
        return [self.requirement, *self.also]

    def row(self) -> Row:
        about: dict[str, Any] = {
            "id": self.id,
            "version": self.version,
            "state": "queued",
            "away_from": None,
            "requirement": self.requirement,
            "also": self.also,
            "preferred": self.preferred,
            "rank": self.rank,
            "channel": self.channel,
            "passed": self.passed,
        }
        return cast("Row", about)


def fits(agent: Agent, contact: Contact) -> bool:
    if not agent.available or agent.id in contact.passed or not agent.level(contact):
        return False
    if contact.channel in EXCLUSIVE_CHANNELS:
        return agent.load == agent.mails
    if contact.channel == "chat":
        return agent.load - agent.mails < agent.capacity
    return agent.load < agent.capacity


def pauses(agent: Agent, contact: Contact) -> tuple[bool, bool]:
    """Whether mail of the agent would be paused for it, and whether there is no room but that."""
    full = agent.load >= agent.capacity
    return full or (contact.channel in EXCLUSIVE_CHANNELS and agent.mails > 0), full


def _world(chance: random.Random, n: int) -> tuple[list[Agent], list[Contact]]:
    skills = [f"o{n}/{task}/{language}" for task in "ab" for language in ("fi", "sv")]
    agents = [
        Agent(
            id=n * 10 + k,
            skills={one: chance.randint(1, 3) for one in skills if chance.random() < 0.6},
            load=(load := chance.choice((0, 0, 1, 2, 3))),
            mails=chance.choice((0, load, chance.randint(0, load))),
            capacity=chance.choice((1, 2, 3)),
            idle=chance.randint(1, 3) + 1_795_000_000_000,
            available=chance.random() < 0.8,
        )
        for k in range(chance.randint(1, 4))
    ]
    contacts = [
        Contact(
            id=n * 10 + k,
            channel=chance.choice(CHANNELS),
            rank=chance.randint(1, 4),
            requirement=f"{chance.choice(skills)}/{chance.randint(1, 3)}",
            also=[f"{one}/1" for one in skills if chance.random() < 0.15],
            preferred=chance.choice(agents).id if chance.random() < 0.1 else None,
            passed=[a.id for a in agents if chance.random() < 0.15],
        )
        for k in range(1, chance.randint(2, 5))
    ]
    return agents, contacts


async def _who_becomes_ready(line: Line, agents: list[Agent], contacts: list[Contact]) -> int:
    """The contacts wait, one agent after the other comes; how many offers there were."""
    assert await line.project_all([c.row() for c in contacts], []) == []
    waiting, made = list(contacts), 0
    for agent in agents:
        fitting = [c for c in waiting if fits(agent, c)]
        best = min(fitting, key=lambda c: (c.rank, c.id), default=None)
        found = await line.project_all([], [agent.row()], settles=True)
        assert [(pair.agent, pair.contact) for pair in found] == (
            [] if best is None else [(agent.id, best.id)]
        )
        if best is not None:
            waiting.remove(best)
            made += 1
    return made


async def _what_arrives(line: Line, agents: list[Agent], contacts: list[Contact]) -> int:
    """The agents are ready, one contact after the other comes; how many offers there were."""
    assert await line.project_all([], [a.row() for a in agents]) == []
    free, made = list(agents), 0
    for contact in contacts:
        fitting = [a for a in free if fits(a, contact)]
        found = await line.project_all([contact.row()], [])
        assert len(found) == bool(fitting)
        if found:
            (pair,) = found
            taker = next(a for a in fitting if a.id == pair.agent)
            assert pair.contact == contact.id
            # By the first class of the contact's that anybody free has: the best, the longest idle.
            for name in contact.classes:
                one = Contact(**vars(contact) | {"requirement": name, "also": []})
                if contact.preferred is None:
                    able = [a for a in fitting if a.level(one)]
                else:
                    able = fitting
                if able:
                    order = [(pauses(a, contact), -a.level(one), a.idle) for a in able]
                    assert (pauses(taker, contact), -taker.level(one), taker.idle) == min(order)
                    break
            free.remove(taker)
            made += 1
    return made


async def test_every_line_is_served_as_reckoned(house: House) -> None:
    chance, line, made = random.Random(6), house.node.publisher.line, 0
    for n in range(1, LINES + 1):
        agents, contacts = _world(chance, n)
        serve = _who_becomes_ready if n % 2 else _what_arrives
        made += await serve(line, agents, contacts)
    assert made > LINES / 2
