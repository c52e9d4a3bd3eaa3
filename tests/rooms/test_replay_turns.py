"""Replay of a day in which mails are taken without asking, contacts are taken out of their turn,
and shifts end: what no rule decided is taken as it happened, all else is decided alike."""

from __future__ import annotations

import random
from contextlib import suppress
from dataclasses import replace

import pytest

from contactcenter.accounts.authorise import Actor
from contactcenter.desk import pulling, shift
from contactcenter.errors import Refused
from contactcenter.replay import shown
from tests.house import House
from tests.rooms.test_replay import EMAILS, Life, replayed


class Turns(Life):
    """Everybody does that, too."""

    async def begin(self) -> None:
        await super().begin()
        await self.house.rows("UPDATE queue SET auto_accept = key = 'general' RETURNING 1")

    async def step(self) -> None:
        rows = await self.house.rows(
            "SELECT id, owner FROM contact WHERE state = 'active' ORDER BY id"
        )
        by_id = {actor.user_id: actor for actor in self.actors}
        self.held = [(by_id[row["owner"]], row["id"]) for row in rows]
        if self.rng.random() < 0.3:
            await self.rng.choice((self.pull, self.assign, self.ends))()
        await super().step()

    async def waiting(self) -> int:
        rows = await self.house.rows("SELECT id FROM contact WHERE state = 'queued' ORDER BY id")
        return int(self.rng.choice(rows)["id"]) if rows else 0

    def boss(self) -> Actor:
        return replace(self.rng.choice(self.actors), role="supervisor")

    async def pull(self) -> None:
        boss = self.boss()
        await self.house.on_duty(EMAILS[self.actors.index(replace(boss, role="agent"))], "break")
        with suppress(Refused):
            await pulling.pull(self.house.node.desk, boss, await self.waiting())

    async def assign(self) -> None:
        agent = self.rng.choice(self.actors).user_id
        with suppress(Refused):
            await pulling.assign(self.house.node.desk, self.boss(), await self.waiting(), agent)

    async def ends(self) -> None:
        desk, actor = self.house.node.desk, self.rng.choice(self.actors)
        for contact in await shift.end(desk, actor):
            with suppress(Refused):
                await shift.hand_back(desk, actor, int(contact), None)
        if self.rng.random() < 0.5:
            await self.house.on_duty(EMAILS[self.actors.index(actor)])


@pytest.mark.parametrize("seed", [1, 2])
async def test_turns_are_replayed(house: House, seed: int) -> None:
    life = Turns(house, random.Random(seed))
    await life.begin()
    for _ in range(80):
        await life.step()
    whys = await house.rows("SELECT DISTINCT coalesce(rule, why) AS why FROM event")
    assert {"pulled", "automatic", "handed_back"} <= {row["why"] for row in whys}
    found = await replayed(house)
    assert found["missing"] == []
    assert found["differences"] == [], shown(found)
    # Somebody may go on a break between a decision and its offer.
    assert found["equal"] + found["raced"] == found["decisions"] > 10
    assert found["raced"] < 4
