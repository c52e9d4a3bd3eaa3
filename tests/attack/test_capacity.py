"""Nobody gets more in hand than fits, whatever frames come in whatever order, and whatever an admin
does to the capacity meanwhile."""

from __future__ import annotations

import random
from typing import Any

import pytest

from contactcenter.accounts.authorise import Actor
from contactcenter.desk import by_hand, casework, handling, pulling, shift
from contactcenter.errors import Refused
from contactcenter.queue import agents
from contactcenter.queue.publish import Change
from contactcenter.routing import declining
from contactcenter.routing.actions import rights_changed
from tests.house import House
from tests.rooms import calls, chat
from tests.rooms.test_by_hand import begun, start
from tests.rooms.test_pausing import AINO, BJORN, chatting, end, paused, with_mail


async def capacity(house: House, actor: Actor, units: int) -> None:
    """An admin sets it."""
    await house.rows(
        "UPDATE users SET capacity = $2 WHERE id = $1 RETURNING 1", actor.user_id, units
    )
    await rights_changed(house.node.db, house.node.publisher, Change(agents=[actor.user_id]))


async def channels(house: House, actor: Actor) -> list[str]:
    """What is offered or in hand and at work."""
    rows = await house.rows(
        "SELECT channel FROM contact WHERE owner = $1 AND paused_at IS NULL"
        " AND state IN ('offered', 'active', 'wrap_up') ORDER BY id",
        actor.user_id,
    )
    return [row["channel"] for row in rows]


async def test_who_is_on_a_call_gets_nothing_beside_it_for_more_capacity(house: House) -> None:
    aino, mails = await with_mail(house, 1)
    asked = await calls.ask(house)
    assert await calls.accept(house, aino) == asked.contact
    await capacity(house, aino, 5)
    assert await calls.load(house, aino) == 5
    await chat.hello(house, chat.Page())
    await house.arrives()
    await house.route()
    assert await channels(house, aino) == ["callback"]
    assert await paused(house, aino) == mails
    await calls.attempt(house, aino, asked.contact, "reached")
    await end(house, aino, asked.contact)
    assert await paused(house, aino) == []
    await calls.sound(house)


async def test_offers_that_fit_no_longer_go_back(house: House) -> None:
    await house.rows("UPDATE queue SET hours = '{}' RETURNING 1")
    for n in range(3):
        page = chat.Page()
        page.address = f"there {n}"
        await chat.hello(house, page)
    aino = await house.on_duty(AINO)
    await house.route()
    offers = await house.offers(aino)
    assert len(offers) == 3
    await handling.accept(house.node.desk, aino, offers[0])
    await capacity(house, aino, 1)
    await house.route()
    assert await channels(house, aino) == ["chat"]
    for offer in offers[1:]:
        with pytest.raises(Refused, match="offer_ended"):
            await handling.accept(house.node.desk, aino, offer)
    await calls.sound(house)


async def test_mail_rests_and_goes_on_as_capacity_changes(house: House) -> None:
    aino, mails = await with_mail(house, 3)
    await capacity(house, aino, 1)
    assert await paused(house, aino) == mails[1:]
    await capacity(house, aino, 3)
    assert await paused(house, aino) == []
    await calls.sound(house)
    assert await house.node.reconciler.lasting_differences() == {}


async def test_a_mail_accepted_beside_an_offered_chat_is_told_to_the_line(house: House) -> None:
    aino, _ = await with_mail(house, 2)
    await house.arrives()
    await house.route()
    (mail,) = await house.offers(aino)
    await chat.hello(house, chat.Page())
    await house.route()
    assert await calls.load(house, aino) == aino.capacity + 1
    await handling.accept(house.node.desk, aino, mail)
    assert await house.node.reconciler.lasting_differences() == {}


async def test_a_letter_begun_takes_no_call_along(house: House) -> None:
    """The call was offered for the whole agent, who then begins something else."""
    await house.rows("UPDATE queue SET hours = '{}' RETURNING 1")
    await calls.ask(house)
    aino = await house.on_duty(AINO)
    await house.route()
    (offer,) = await house.offers(aino)
    await start(house, aino, channel="letter")
    with pytest.raises(Refused, match="offer_ended"):
        await handling.accept(house.node.desk, aino, offer)
    assert await channels(house, aino) == ["letter"]
    await calls.sound(house)


async def test_who_took_a_case_up_again_can_end_the_shift(house: House) -> None:
    """Nobody is on the line of a call or in a chat that an agent takes up again."""
    await house.rows("UPDATE queue SET hours = '{}' RETURNING 1")
    aino = await house.on_duty(AINO)
    visit = await start(house, aino)
    await end(house, aino, visit)
    _, talked = await chatting(house, aino)
    await end(house, aino, talked)
    for contact in (visit, talked):
        await casework.reopen(house.node.desk, aino, (await house.contact(contact))["case_id"])
    assert await calls.load(house, aino) == 2
    boss = Actor(0, "Seppo", "supervisor", aino.organisation_id, aino.scope)
    await shift.end_for(house.node.desk, boss, aino.user_id)
    assert await channels(house, aino) == []
    await calls.sound(house)


ACTS = {
    "mail": 3, "chat": 1, "call": 2, "accept": 9, "decline": 1, "end": 6, "state": 1, "pull": 3,
    "give": 2, "letter": 1, "reopen": 1, "capacity": 1, "hand_back": 1, "close": 1, "hold": 1,
}  # fmt: skip


REFUSALS = {"wrong_state", "offer_ended", "unavailable", "forbidden", "too_many", "not_yours"}


class Storm:
    """One act after the other; what is refused changes nothing."""

    def __init__(self, house: House, people: list[Actor], seed: int) -> None:
        self.house, self.people, self.chance, self.n = house, people, random.Random(seed), 0

    async def act(self) -> None:
        self.n += 1
        (name,) = self.chance.choices(list(ACTS), list(ACTS.values()))
        try:
            await getattr(self, f"_{name}")(self.chance.choice(self.people))
        except Refused as no:
            if no.code not in REFUSALS:
                raise

    async def _one(self, sql: str, *values: object) -> Any:
        rows = await self.house.rows(sql, *values)
        if not rows:
            raise Refused("wrong_state")
        return self.chance.choice(rows)["id"]

    async def _held(self, actor: Actor, *states: str) -> int:
        sql = "SELECT id FROM contact WHERE owner = $1 AND state = ANY($2) ORDER BY id"
        return int(await self._one(sql, actor.user_id, list(states)))

    async def _waits(self) -> int:
        return int(await self._one("SELECT id FROM contact WHERE state = 'queued' ORDER BY id"))

    async def _offer(self, actor: Actor) -> int:
        offers = await self.house.offers(actor)
        if not offers:
            raise Refused("wrong_state")
        return self.chance.choice(offers)

    async def _mail(self, actor: Actor) -> None:
        await self.house.arrives()

    async def _chat(self, actor: Actor) -> None:
        page = chat.Page()
        page.address = f"there {self.n}"
        await chat.hello(self.house, page)

    async def _call(self, actor: Actor) -> None:
        asked = calls.request(request_id=f"r{self.n}", number=f"050 339 {1000 + self.n}")
        await self.house.node.callbacks.ask(asked, f"there {self.n}")

    async def _accept(self, actor: Actor) -> None:
        await handling.accept(self.house.node.desk, actor, await self._offer(actor))

    async def _decline(self, actor: Actor) -> None:
        node = self.house.node
        await declining.decline(node.db, node.publisher, actor, await self._offer(actor), None)

    async def _end(self, actor: Actor) -> None:
        await end(self.house, actor, await self._held(actor, "active", "wrap_up"))

    async def _close(self, actor: Actor) -> None:
        await handling.close(self.house.node.desk, actor, await self._held(actor, "active"))

    async def _hold(self, actor: Actor) -> None:
        await handling.hold(self.house.node.desk, actor, await self._held(actor, "active"), True)

    async def _state(self, actor: Actor) -> None:
        value = self.chance.choice(("available", "available", "break"))
        async with self.house.node.db.transaction() as conn:
            change = await agents.set_state(conn, actor.user_id, value, None)
        await self.house.node.publisher.publish(change)

    async def _pull(self, actor: Actor) -> None:
        await pulling.pull(self.house.node.desk, actor, await self._waits())

    async def _give(self, actor: Actor) -> None:
        other = self.chance.choice(self.people).user_id
        await pulling.assign(self.house.node.desk, actor, await self._waits(), other)

    async def _letter(self, actor: Actor) -> None:
        given = begun(channel="letter", request_id=f"l{self.n}")
        await by_hand.start(self.house.node.desk, actor, given)

    async def _reopen(self, actor: Actor) -> None:
        case = await self._one("SELECT case_id AS id FROM contact WHERE state = 'closed'")
        await casework.reopen(self.house.node.desk, actor, case)

    async def _capacity(self, actor: Actor) -> None:
        await capacity(self.house, actor, self.chance.randint(2, 5))

    async def _hand_back(self, actor: Actor) -> None:
        held = await self._held(actor, "active")
        await shift.hand_back(self.house.node.desk, actor, held, None)


@pytest.mark.parametrize("seed", [1, 2])
async def test_whatever_is_sent_no_more_is_in_hand_than_fits(house: House, seed: int) -> None:
    """But for letters, which an agent begins whatever is in hand, and what was there before the
    capacity was made less."""
    await house.rows("UPDATE queue SET hours = '{}' RETURNING 1")
    people = [await house.on_duty(email) for email in (AINO, BJORN)]
    people = [Actor(p.user_id, p.name, "supervisor", p.organisation_id, p.scope) for p in people]
    storm = Storm(house, people, seed)
    before: dict[int, int] = {}
    called = 0
    for _ in range(150):
        await storm.act()
        await house.route()
        rows = await house.rows(
            "SELECT u.id, u.capacity, a.load, a.mails, h.* FROM agent a"
            " JOIN users u ON u.id = a.user_id CROSS JOIN LATERAL (SELECT"
            " coalesce(sum(units) FILTER (WHERE state <> 'offered' AND channel <> 'letter'), 0)"
            "  AS taken, count(*) FILTER (WHERE channel = 'callback' AND direction = 'citizen'"
            "  AND state <> 'offered') AS calls, count(*) FILTER (WHERE paused_at IS NULL"
            "  AND channel NOT IN ('letter', 'callback')) AS beside FROM contact WHERE owner = u.id"
            "  AND state IN ('offered', 'active', 'wrap_up')) AS h"
        )
        for row in rows:
            taken = row["taken"]
            assert taken <= max(row["capacity"], before.get(row["id"], 0)), (storm.n, dict(row))
            assert not row["calls"] or row["beside"] == 0, (storm.n, dict(row))
            before[row["id"]], called = taken, called + row["calls"]
    assert called > 5
    await calls.sound(house)
    assert await house.node.reconciler.lasting_differences() == {}
