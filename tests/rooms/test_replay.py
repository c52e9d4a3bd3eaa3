"""A day lived through the real line, decided once more from what was logged of it."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from contactcenter.accounts.authorise import Actor
from contactcenter.desk import handling
from contactcenter.errors import Refused
from contactcenter.planning import log
from contactcenter.queue.publish import Change
from contactcenter.replay import shown
from contactcenter.routing import declining
from contactcenter.routing.demand import PlanError
from tests.house import GENERAL, KELA, House
from tests.rooms import calls
from tests.rooms.chat import Page, hello

EMAILS = [f"{name}@mikkeli.example" for name in ("aino", "bjorn", "carla", "helena")]
EMAILS.append("kirsi@kela.example")
BUILDING = "rakennusvalvonta@mikkeli.example"
STATES = ("available", "available", "available", "break", "offline")
SINCE = datetime(2020, 1, 1, tzinfo=UTC)


class Life:
    """Everybody does something, by chance."""

    def __init__(self, house: House, rng: random.Random) -> None:
        self.house, self.rng = house, rng
        self.actors: list[Actor] = []
        self.pages: list[Any] = []
        self.secrets: list[str] = []
        self.held: list[tuple[Actor, int]] = []
        self.asked = 0

    async def begin(self) -> None:
        await self.house.rows("UPDATE queue SET hours = '{}', prefer_s = 60 RETURNING 1")
        self.actors = [await self.house.on_duty(email) for email in EMAILS]

    async def step(self) -> None:
        verbs: tuple[tuple[int, Callable[[], Awaitable[None]]], ...] = (
            (5, self.mail), (3, self.chat), (1, self.call), (9, self.answer), (2, self.decline),
            (6, self.finish), (1, self.transfer), (2, self.turn), (1, self.goes), (1, self.comes),
            (1, self.learns),
        )  # fmt: skip
        (verb,) = self.rng.choices([v for _, v in verbs], [n for n, _ in verbs])
        await verb()
        while (await self.house.row("SELECT count(*) AS n FROM outbox"))["n"]:
            await self.house.node.publisher.settle()
        await self.house.route()

    async def mail(self) -> None:
        to = self.rng.choice((GENERAL, GENERAL, BUILDING, KELA))
        await self.house.arrives(to, language=self.rng.choice(("fi", "fi", "sv")))

    async def chat(self) -> None:
        page = Page()
        self.pages.append(await hello(self.house, page))
        self.secrets.append(page.secret)

    async def call(self) -> None:
        self.asked += 1
        number = f"050 339 {1000 + self.asked}"
        await calls.ask(self.house, number=number, request_id=f"r{self.asked}")

    async def offer(self) -> tuple[Actor, int] | None:
        found = [(a, one) for a in self.actors for one in await self.house.offers(a)]
        return self.rng.choice(found) if found else None

    async def answer(self) -> None:
        if found := await self.offer():
            actor, offer = found
            try:
                await handling.accept(self.house.node.desk, actor, offer)
            except Refused:  # on a slow machine its time was over
                return
            row = await self.house.row("SELECT id FROM contact WHERE accepted_offer = $1", offer)
            self.held.append((actor, row["id"]))

    async def decline(self) -> None:
        if found := await self.offer():
            node = self.house.node
            with suppress(Refused):
                await declining.decline(node.db, node.publisher, *found, "busy")

    async def finish(self) -> None:
        if self.held:
            actor, contact = self.held.pop(self.rng.randrange(len(self.held)))
            await handling.wrap_up(self.house.node.desk, actor, contact, "answered")

    async def transfer(self) -> None:
        if self.held:
            actor, contact = self.held.pop()
            to = self.rng.choice(("general", "building"))
            try:
                desk = self.house.node.desk
                await handling.transfer_to_queue(desk, actor, contact, to, None)
            except Refused:
                self.held.append((actor, contact))

    async def turn(self) -> None:
        await self.house.on_duty(self.rng.choice(EMAILS), self.rng.choice(STATES))

    async def goes(self) -> None:
        if self.pages:
            await self.rng.choice(self.pages).gone()
            await self.house.node.chats.look_once()

    async def comes(self) -> None:
        """Back with the secret; one who never left just has another page."""
        if self.pages:
            page = Page()
            try:
                talk = await hello(self.house, page, resume=self.rng.choice(self.secrets))
            except Refused:  # a secret that a newer one has replaced
                return
            self.pages.append(talk)
            self.secrets.append(page.secret)

    async def learns(self) -> None:
        """An admin changes what somebody can."""
        email = self.rng.choice(EMAILS[:4])
        await self.house.rows(
            "UPDATE skill SET level = 1 + (random() * 2)::int"
            " WHERE user_id = (SELECT id FROM users WHERE email = $1) RETURNING 1",
            email,
        )
        actor = await self.house.actor(email)
        await self.house.node.publisher.publish(Change(agents=[actor.user_id]))


async def replayed(house: House, since: datetime = SINCE) -> dict[str, Any]:
    until = datetime.now(UTC) + timedelta(hours=1)
    return log.replayed(await log.read(house.node.db, since, until), since, until)


async def lived(house: House, seed: int = 1, steps: int = 60) -> Life:
    life = Life(house, random.Random(seed))
    await life.begin()
    for _ in range(steps):
        await life.step()
    return life


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_a_day_of_the_real_line_is_decided_alike(house: House, seed: int) -> None:
    await lived(house, seed, 80)
    found = await replayed(house)
    assert found["missing"] == []
    assert found["differences"] == [], shown(found)
    assert found["assumed"] == []
    assert (found["equal"], found["raced"]) == (found["decisions"], 0)
    assert found["decisions"] > 15


async def test_it_may_begin_in_the_middle(house: House) -> None:
    life = await lived(house)
    since = (await house.row("SELECT max(at) + interval '1 us' AS at FROM event"))["at"]
    for _ in range(60):
        await life.step()
    found = await replayed(house, since)
    assert found["missing"] == []
    assert found["differences"] == [], shown(found)
    assert found["equal"] == found["decisions"] > 10


async def known(house: House) -> log.Log:
    await lived(house)
    return await log.read(house.node.db, SINCE, datetime.now(UTC) + timedelta(hours=1))


async def test_what_the_rules_do_not_say_is_told(house: House) -> None:
    found = await known(house)
    first = next(row for row in found.live if row.kind == "offered")
    kirsi = (await house.actor("kirsi@kela.example")).user_id
    live = [row._replace(agent=kirsi) if row is first else row for row in found.live]
    answer = log.replayed(replace(found, live=live), SINCE, SINCE)
    one = answer["differences"][0]
    assert (one["event"], one["contact"]) == (str(first.id), str(first.contact))
    assert one["expected_agents"] == [str(first.agent)]
    assert f"event {first.id} at " in shown(answer)


async def test_what_is_missing_is_named(house: House) -> None:
    found = await known(house)
    offered = next(row for row in found.live if row.kind == "offered")
    live = [r for r in found.live if (r.kind, r.contact) != ("entered", offered.contact)]
    answer = log.replayed(replace(found, live=live), SINCE, SINCE)
    assert [one["contact"] for one in answer["missing"]] == [str(offered.contact)]
    assert f"when contact {offered.contact} came into the line" in shown(answer)


async def test_what_nobody_noted_is_taken_as_it_is_now(house: House) -> None:
    await lived(house, steps=20)
    until = (await house.row("SELECT min(at) AS at FROM line_note"))["at"]
    answer = log.replayed(await log.read(house.node.db, SINCE, until), SINCE, until)
    assert len(answer["assumed"]) >= 1  # up to then something had happened and nothing was noted
    assert "not noted at that time" in shown(answer)


async def test_a_time_of_which_nothing_was_logged_is_refused(house: House) -> None:
    with pytest.raises(PlanError, match="nothing was logged from 2020-01-01"):
        await log.read(house.node.db, SINCE, SINCE + timedelta(days=1))
    with pytest.raises(PlanError, match="--from does not lie before --to"):
        await log.read(house.node.db, SINCE, SINCE)
