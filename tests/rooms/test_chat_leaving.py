"""Citizens who leave a chat, and citizens who are away from it."""

from __future__ import annotations

import pytest

from contactcenter.desk import handling
from contactcenter.errors import Refused
from contactcenter.kernel import keys
from tests.house import House
from tests.rooms.chat import Page, hello, settle, taken


async def test_leaving_abandons_or_has_the_agent_wrap_up(house: House) -> None:
    page, other = Page(), Page()
    waiting = await hello(house, page)
    await waiting.leave()
    assert [end["reason"] for end in page.of("closed")] == ["left"]
    assert (await house.contact(waiting.contact))["state"] == "abandoned"
    talk = await hello(house, other)
    await taken(house)
    await talk.leave()
    assert [end["reason"] for end in other.of("closed")] == ["left"]
    assert (await house.contact(talk.contact))["state"] == "wrap_up"


async def test_leaving_while_offered_frees_the_agent(house: House) -> None:
    page = Page()
    talk = await hello(house, page)
    actor = await house.on_duty("aino@mikkeli.example")
    await house.route()
    await talk.leave()
    assert (await house.contact(talk.contact))["state"] == "abandoned"
    agent = await house.row("SELECT load FROM agent WHERE user_id = $1", actor.user_id)
    assert agent["load"] == 0


async def test_nobody_leaves_before_the_wait_began(house: House) -> None:
    talk = await hello(house, Page())
    actor = await taken(house)
    await talk.gone()
    await house.rows("UPDATE contact SET away_from = now() - interval '601 s' RETURNING 1")
    await handling.transfer_to_queue(house.node.desk, actor, talk.contact, "building", None)
    await house.node.chat_clock.run_once()
    event = await house.row("SELECT at, wait_from FROM event WHERE kind = 'abandoned'")
    assert event["at"] == event["wait_from"]


async def test_who_is_away_keeps_the_place_and_is_not_offered(house: House) -> None:
    first, second = Page(), Page()
    one = await hello(house, first)
    two = await hello(house, second)
    await one.gone()
    actor = await house.on_duty("aino@mikkeli.example")
    await house.route()
    assert [(await house.contact(c))["state"] for c in (one.contact, two.contact)] == [
        "queued",
        "offered",
    ]
    back = Page()
    await hello(house, back, resume=first.secret)
    await house.route()
    assert (await house.contact(one.contact))["state"] == "offered"
    assert (await house.contact(one.contact))["owner"] == actor.user_id


async def test_an_offer_of_someone_away_is_withdrawn_and_later_abandoned(house: House) -> None:
    page = Page()
    talk = await hello(house, page)
    actor = await house.on_duty("aino@mikkeli.example")
    await house.route()
    await talk.gone()
    await house.rows("UPDATE contact SET away_from = now() - interval '6 s' RETURNING id")
    assert await house.node.chat_clock.run_once() == 1
    assert (await house.contact(talk.contact))["state"] == "queued"
    assert [f["why"] for f in await house.told(actor, "offer_ended")] == ["withdrawn"]
    gone = await house.row(
        "UPDATE contact SET away_from = now() - interval '601 s',"
        " wait_from = now() - interval '700 s' RETURNING away_from"
    )
    assert await house.node.chat_clock.run_once() == 1
    assert (await house.contact(talk.contact))["state"] == "abandoned"
    event = await house.row("SELECT at FROM event WHERE kind = 'abandoned'")
    assert event["at"] == gone["away_from"]
    await house.rows("UPDATE chat SET seen_at = now() - interval '601 s' RETURNING 1")
    with pytest.raises(Refused, match="resume_expired"):
        await hello(house, Page(), resume=page.secret)


async def test_who_says_hello_is_not_taken_for_silent(house: House) -> None:
    """The clock looks between the commit and the first heartbeat."""
    await house.node.chat_clock.run_once()
    await house.node.live.call("ZADD", keys.PRESENT, 1, 0)
    talk = await hello(house, Page())
    await house.node.live.call("ZREM", keys.PRESENT, talk.contact)
    assert await house.node.chat_clock.run_once() == 0
    await house.rows("UPDATE chat SET seen_at = now() - interval '16 s' RETURNING 1")
    assert await house.node.chat_clock.run_once() == 1
    assert (await house.contact(talk.contact))["away_from"] is not None
    await house.node.chats.look([talk])  # it hears of the change, and it is here
    assert (await house.contact(talk.contact))["away_from"] is None


async def test_the_pages_of_a_dead_node_are_noticed(house: House) -> None:
    talk = await hello(house, Page())
    await house.node.chats.beat()
    assert await house.node.chat_clock.run_once() == 0
    house.node.chats.talks.clear()  # the node is gone, nobody said so
    await house.node.live.call("ZADD", keys.PRESENT, 1, str(talk.contact))
    await house.node.live.call("ZADD", keys.PRESENT, 1, 0)
    await house.rows("UPDATE chat SET seen_at = now() - interval '60 s' RETURNING 1")
    assert await house.node.chat_clock.run_once() == 1
    assert (await house.contact(talk.contact))["away_from"] is not None


async def test_a_chat_that_ended_while_away_is_left_alone(house: House) -> None:
    page = Page()
    talk = await hello(house, page)
    actor = await taken(house)
    await house.rows("UPDATE contact SET away_from = now() RETURNING 1")
    await handling.close(house.node.desk, actor, talk.contact)
    before = await house.contact(talk.contact)
    await settle(house)
    assert page.of("closed")
    assert (await house.contact(talk.contact))["version"] == before["version"]
    assert await house.node.chats.look_once() == 0
