"""Mail in hand is paused for a live contact, and goes on by itself."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest

from contactcenter.accounts.authorise import Actor
from contactcenter.chat.talk import Talk
from contactcenter.desk import drafts, handling
from contactcenter.errors import Refused
from contactcenter.queue import agents
from contactcenter.routing import declining
from contactcenter.routing.explain import explain
from tests.house import House
from tests.rooms import calls, chat
from tests.rooms.test_by_hand import start

AINO, BJORN, HELENA = (
    "aino@mikkeli.example",
    "bjorn@mikkeli.example",
    "helena@mikkeli.example",
)


async def with_mail(house: House, n: int = 3, email: str = AINO) -> tuple[Actor, list[int]]:
    """An agent who has accepted so many mails, in this order."""
    await house.rows("UPDATE queue SET hours = '{}' RETURNING 1")  # open, whatever the hour
    for _ in range(n):
        await house.arrives()
    actor, first = await calls.take(house, email)
    return actor, [first] + [await calls.accept(house, actor) for _ in range(n - 1)]


async def paused(house: House, actor: Actor) -> list[int]:
    rows = await house.rows(
        "SELECT id FROM contact WHERE owner = $1 AND paused_at IS NOT NULL ORDER BY accepted_at",
        actor.user_id,
    )
    return [row["id"] for row in rows]


async def end(house: House, actor: Actor, contact: int) -> None:
    await handling.wrap_up(house.node.desk, actor, contact, "answered")


async def chatting(house: House, actor: Actor) -> tuple[Talk, int]:
    """A citizen whose chat the agent accepts."""
    talk = await chat.hello(house, chat.Page())
    return talk, await calls.accept(house, actor)


async def test_mail_makes_room_for_a_chat_and_goes_on_after_it(house: House) -> None:
    aino, mails = await with_mail(house)
    await drafts.save(house.node.desk, aino, mails[2], "Hyvä asiakas")
    await house.node.publisher.settle()
    _, talked = await chatting(house, aino)
    assert await paused(house, aino) == [mails[2]]  # what was begun last
    assert await calls.load(house, aino) == aino.capacity
    assert await house.kinds(mails[2]) == [
        *("entered", "offered", "offer_ended", "accepted", "paused"),
    ]
    told = {f["contact"]["contact"]: f for f in await house.told(aino, "contact")}
    card = told[str(mails[2])]["contact"]
    assert (card["state"], card["draft"]) == ("active", "Hyvä asiakas")
    assert card["paused_from"] is not None
    assert "messages" not in told[str(mails[2])]  # those of the chat are the chat's
    await house.arrives()
    assert await house.route() == 0  # a mail pauses nothing
    await calls.sound(house)

    await end(house, aino, talked)
    assert await paused(house, aino) == []
    assert (await house.kinds(mails[2]))[-1] == "resumed"
    told = {f["contact"]["contact"]: f for f in await house.told(aino, "contact")}
    card = told[str(mails[2])]["contact"]
    assert (card["paused_from"], card["draft"]) == (None, "Hyvä asiakas")
    assert await calls.load(house, aino) == 3
    assert await house.route() == 0
    await calls.sound(house)


async def test_a_call_pauses_all_mail_and_nothing_comes_beside_it(house: House) -> None:
    aino, mails = await with_mail(house, 2)
    asked = await calls.ask(house)
    assert await calls.accept(house, aino) == asked.contact
    assert await paused(house, aino) == mails
    await chat.hello(house, chat.Page())
    await house.arrives()
    assert await house.route() == 0
    assert await house.offers(aino) == []
    await calls.attempt(house, aino, asked.contact, "reached")
    await handling.close(house.node.desk, aino, asked.contact)
    assert await paused(house, aino) == mails  # the wrap-up belongs to the call
    await end(house, aino, asked.contact)
    assert await paused(house, aino) == []
    await calls.sound(house)


async def test_a_call_nobody_answers_lets_mail_go_on(house: House) -> None:
    aino, mails = await with_mail(house, 1)
    asked = await calls.ask(house)
    await calls.accept(house, aino)
    await calls.attempt(house, aino, asked.contact, "no_answer")
    assert await paused(house, aino) == []
    assert await house.kinds(mails[0]) == [
        *("entered", "offered", "offer_ended", "accepted", "paused", "resumed"),
    ]
    await calls.sound(house)


async def test_who_need_pause_nothing_comes_first(house: House) -> None:
    aino, _ = await with_mail(house, 3)
    bjorn = await house.on_duty(BJORN)  # came last, with nothing in hand
    await chat.hello(house, chat.Page())
    await house.route()
    assert (len(await house.offers(aino)), len(await house.offers(bjorn))) == (0, 1)


async def test_whose_mail_is_not_to_be_paused_is_full(house: House) -> None:
    await house.rows("UPDATE users SET pauses_mail = false RETURNING 1")
    aino, _ = await with_mail(house, 3)
    await chat.hello(house, chat.Page())
    assert await house.route() == 0
    (row,) = await house.rows("SELECT id FROM contact WHERE channel = 'chat'")
    now = (await explain(house.node.db, aino, row["id"]))["waiting"]
    assert now["me"] == "full"
    await house.rows("UPDATE users SET pauses_mail = true RETURNING 1")
    now = (await explain(house.node.db, aino, row["id"]))["waiting"]
    assert now["me"] == "free"


async def test_declined_nothing_was_paused(house: House) -> None:
    aino, _ = await with_mail(house, 3)
    await chat.hello(house, chat.Page())
    await house.route()
    assert await calls.load(house, aino) == 4
    (offer,) = await house.offers(aino)
    await declining.decline(house.node.db, house.node.publisher, aino, offer, None)
    assert await calls.load(house, aino) == 3
    kinds = await house.rows("SELECT 1 FROM event WHERE kind = 'paused'")
    assert kinds == []
    await calls.sound(house)


async def test_a_call_by_hand_pauses_mail_too(house: House) -> None:
    aino, mails = await with_mail(house, 2)
    visit = await start(house, aino)
    assert await paused(house, aino) == mails
    assert await calls.load(house, aino) == aino.capacity
    await end(house, aino, visit)
    assert await paused(house, aino) == []
    await calls.sound(house)


async def test_paused_mail_can_be_passed_on_and_closed(house: House) -> None:
    aino, mails = await with_mail(house, 2)
    visit = await start(house, aino)
    await handling.transfer_to_queue(house.node.desk, aino, mails[0], "building", None)
    await end(house, aino, mails[1])
    assert await calls.load(house, aino) == aino.capacity
    await calls.sound(house)
    await end(house, aino, visit)
    assert await calls.load(house, aino) == 0
    await calls.sound(house)


async def test_a_lost_agents_mail_waits_like_any_other(house: House) -> None:
    aino, mails = await with_mail(house, 2)
    await chat.hello(house, chat.Page())
    await calls.ask(house)
    await start(house, aino)
    async with house.node.db.transaction() as conn:
        change = await agents.lose(conn, aino.user_id)
    assert change is not None
    await house.node.publisher.publish(change)
    for contact in mails:
        row = await house.contact(contact)
        assert (row["state"], row["paused_at"]) == ("queued", None)
    await calls.sound(house)


async def test_handling_time_stands_still_meanwhile(house: House) -> None:
    aino, (mail,) = await with_mail(house, 1)
    visit = await start(house, aino)
    await end(house, aino, visit)
    visit = await start(house, aino, request_id="r2")
    await end(house, aino, mail)  # while it is paused a second time
    await end(house, aino, visit)
    await house.node.counting.run_once()
    row = await house.row(
        "SELECT sum(handle_us) AS us FROM figure WHERE by = 'end' AND channel = 'mail'"
    )
    events = await house.rows(
        "SELECT kind, at FROM event WHERE contact_id = $1 AND id >= (SELECT id FROM event"
        " WHERE contact_id = $1 AND kind = 'accepted') AND kind <> 'wrap_up' ORDER BY id",
        mail,
    )
    kinds = [e["kind"] for e in events]
    assert kinds == ["accepted", "paused", "resumed", "paused", "closed"]
    at = [e["at"] for e in events]
    worked = (at[1] - at[0]) + (at[3] - at[2])
    assert row["us"] == worked // timedelta(microseconds=1)


ACTS = ("mail", "chat", "call", "accept", "decline", "end", "state")


async def step(
    house: House,
    chance: random.Random,
    people: list[Actor],
    n: int,
    weights: tuple[int, ...] = (5, 2, 1, 9, 1, 3, 1),
) -> None:
    """Something happens."""
    desk, actor = house.node.desk, chance.choice(people)
    (act,) = chance.choices(ACTS, weights)
    if act == "mail":
        await house.arrives()
    elif act == "chat":
        page = chat.Page()
        page.address = f"there {n}"
        await chat.hello(house, page)
    elif act == "call":
        asked = calls.request(request_id=f"r{n}", number=f"050 339 {1000 + n}")
        await house.node.callbacks.ask(asked, f"there {n}")
    elif act == "state":
        value = chance.choice(("available", "available", "available", "break"))
        async with house.node.db.transaction() as conn:
            change = await agents.set_state(conn, actor.user_id, value, None)
        await house.node.publisher.publish(change)
    elif act == "end":
        held = await house.rows(
            "SELECT id FROM contact WHERE owner = $1 AND state IN ('active', 'wrap_up')",
            actor.user_id,
        )
        if held:
            await end(house, actor, chance.choice(held)["id"])
    elif offers := await house.offers(actor):
        offer = chance.choice(offers)
        if act == "accept":
            await handling.accept(desk, actor, offer)
        else:
            await declining.decline(house.node.db, house.node.publisher, actor, offer, None)


async def _in_hand(house: House) -> dict[int, list[Any]]:
    rows = await house.rows(
        "SELECT owner, channel, state, units, paused_at IS NOT NULL AS paused FROM contact"
        " WHERE state IN ('offered', 'active', 'wrap_up')"
    )
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row["owner"], []).append(row)
    return found


@pytest.mark.parametrize("seed", [1, 2])
async def test_whatever_happens_a_call_stands_alone_and_no_more_is_in_hand_than_fits(
    house: House, seed: int
) -> None:
    chance, seen = random.Random(seed), 0
    await house.rows("UPDATE queue SET hours = '{}' RETURNING 1")
    people = [await house.on_duty(email) for email in (AINO, BJORN, HELENA)]
    for n in range(150):
        await step(house, chance, people, n)
        await house.route()
        for actor in people:
            held = (await _in_hand(house)).get(actor.user_id, [])
            taken = [row for row in held if row["state"] != "offered"]
            assert sum(row["units"] for row in taken) <= actor.capacity
            if any(row["channel"] == "callback" for row in taken):
                at_work = [row for row in held if not row["paused"]]
                assert [row["channel"] for row in at_work] == ["callback"]
            if any(row["paused"] for row in taken):
                assert sum(row["units"] for row in held) >= actor.capacity
                seen += 1
    assert seen > 10
    await calls.sound(house)
    assert await house.node.reconciler.lasting_differences() == {}


async def test_a_foreign_offer_pauses_nothing(house: House) -> None:
    aino, _ = await with_mail(house, 3)
    await chat.hello(house, chat.Page())
    await house.route()
    (offer,) = await house.offers(aino)
    bjorn = await house.on_duty(BJORN)
    with pytest.raises(Refused, match="offer_ended"):
        await handling.accept(house.node.desk, bjorn, offer)
    assert await paused(house, aino) == []
