"""The floor in memory, on which simulations stand, decides as the line in Redis does: the same
agent for the same contact, change by change."""

from __future__ import annotations

import random
from typing import Any

import pytest

from contactcenter.kernel import keys
from contactcenter.kernel.live import Live
from contactcenter.queue.live import Line
from contactcenter.queue.rules import CHANNELS, EXCLUSIVE_CHANNELS, LIVE_CHANNELS, units
from contactcenter.routing.floor import Floor

CLASSES = tuple(f"mikkeli/{task}/{lang}/1" for task in ("general", "streets") for lang in "fs")
Pair = tuple[int, int]


class Both:
    """Redis and the floor, told the same."""

    def __init__(self, live: Live, rng: random.Random) -> None:
        self.rng = rng
        self.line, self.floor = Line(live), Floor()
        self.agents: dict[int, Any] = {}
        self.contacts: dict[int, Any] = {}
        self.hands: dict[int, list[int]] = {}
        self.offers = 0

    def comes_to_work(self, agent: int) -> None:
        names = self.rng.sample(CLASSES, self.rng.randint(1, len(CLASSES)))
        classes = {name: self.rng.randint(1, 3) for name in names}
        row = {
            "user_id": agent,
            "version": 1,
            "available": True,
            "load": 0,
            "capacity": 3,
            "mails": 0,
        }
        told = " ".join(f"{name}={level}" for name, level in classes.items())
        self.agents[agent] = row | {"idle_ms": agent, "classes": told, "state": "available"}
        self.hands[agent] = []
        self.floor.skills(agent, classes)

    async def agent(self, agent: int, **change: Any) -> None:
        row = self.agents[agent]
        row |= {"version": row["version"] + 1} | change
        found = await self.line.project_all([], [row], settles=True)
        self.tell(row)
        pairs = [(pair.agent, pair.contact) for pair in found]
        assert pairs == ([(agent, taken)] if (taken := self.floor.for_agent(agent)) else [])
        await self.give(pairs)

    def tell(self, row: Any) -> None:
        load, capacity, idle = row["load"], row["capacity"], row["idle_ms"]
        on, mails = row["available"], row["mails"]
        self.floor.agent(row["user_id"], load, capacity, idle, on=on, mails=mails)

    async def contact(self, contact: int, channel: str, rank: int) -> None:
        passed = self.rng.sample(sorted(self.agents), self.rng.choice((0, 0, 0, 2)))
        requirement, whole = self.rng.choice(CLASSES), channel in EXCLUSIVE_CHANNELS
        row: Any = {"id": contact, "version": 1, "state": "queued", "away_from": None, "rank": rank}
        also = self.rng.sample(CLASSES, self.rng.choice((0, 0, 1)))
        row |= {"requirement": requirement, "channel": channel, "passed": passed, "also": also}
        self.contacts[contact] = row
        found = await self.line.project_all([row], [])
        self.floor.enter(
            contact,
            requirement,
            rank,
            whole=whole,
            live=channel in LIVE_CHANNELS,
            passed=frozenset(passed),
            also=also,
        )
        pairs = [(pair.agent, pair.contact) for pair in found]
        taken = self.floor.for_class(requirement)
        for name in also:
            taken = taken or self.floor.for_class(name)
        assert pairs == ([taken] if taken else [])
        await self.give(pairs)

    async def give(self, pairs: list[Pair]) -> None:
        """As the commit of an offer does, whose projection decides again."""
        for agent, contact in pairs:
            self.offers += 1
            row, offered = self.agents[agent], self.contacts[contact]
            offered |= {"version": offered["version"] + 1, "state": "offered"}
            self.hands[agent].append(contact)
            row["load"] += units(offered["channel"], row["capacity"])
            row["mails"] = self.mails(agent)
            await self.line.project_all([offered], [])
            await self.agent(agent)

    async def ends(self, agent: int, now: int) -> None:
        if self.hands[agent]:
            done = self.contacts[self.hands[agent].pop(0)]
            less = self.agents[agent]["load"] - units(done["channel"], 3)
            await self.agent(agent, load=less, idle_ms=now, mails=self.mails(agent))

    def mails(self, agent: int) -> int:
        """Accepted or not, and never paused: to decide by, any number will do."""
        return sum(self.contacts[one]["channel"] == "mail" for one in self.hands[agent])

    async def leaves(self, contact: int) -> None:
        row = self.contacts[contact]
        if row["state"] == "queued":
            row |= {"version": row["version"] + 1, "state": "abandoned"}
            assert await self.line.project_all([row], []) == []
            self.floor.leave(contact)


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_they_decide_alike(redis_url: str, seed: int) -> None:
    live, rng = Live(redis_url), random.Random(seed)
    try:
        await live.call("SET", keys.REBUILT, "1")
        both = Both(live, rng)
        for agent in (1, 2, 9, 10, 11):  # as text, 10 comes before 9
            both.comes_to_work(agent)
            await both.agent(agent)
        for n in range(1, 200):
            now = 1000 + n // 3  # equal idle times, too
            await both.contact(n, rng.choice(CHANNELS), rank=rng.randint(1, 60))
            await both.ends(rng.choice(sorted(both.agents)), now)
            if rng.random() < 0.2:
                await both.leaves(rng.randint(1, n))
            if rng.random() < 0.1:
                one = rng.choice(sorted(both.agents))
                await both.agent(one, available=not both.agents[one]["available"], idle_ms=now)
        assert both.offers > 60
        assert {n for of in CLASSES for n in await both.line.ranks([of])} == {
            row["id"] for row in both.contacts.values() if row["state"] == "queued"
        }
    finally:
        await live.close()


async def test_the_only_idle_agent_is_found_behind_many_with_something_in_hand(
    redis_url: str,
) -> None:
    live = Live(redis_url)
    line = Line(live)
    plain: Any = {"version": 1, "available": True, "state": "available", "capacity": 3}
    many: list[Any] = [
        plain | {"user_id": n, "load": 1, "idle_ms": n, "classes": f"{CLASSES[0]}=3"}
        for n in range(1, 151)
    ]
    last = plain | {"user_id": 151, "load": 0, "idle_ms": 151, "classes": f"{CLASSES[0]}=1"}
    call: Any = {"id": 1, "version": 1, "state": "queued", "away_from": None, "rank": 1}
    call |= {"requirement": CLASSES[0], "channel": "callback", "passed": []}
    try:
        await live.call("SET", keys.REBUILT, "1")
        assert await line.project_all([], [*many, last]) == []
        assert [pair[:2] for pair in await line.project_all([call], [])] == [(151, 1)]
    finally:
        await live.close()
