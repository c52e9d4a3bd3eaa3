"""The talk of a citizen and an agent, both ways."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from contactcenter.chat.say import Words
from contactcenter.desk import casework, handling, writing
from contactcenter.errors import Refused
from contactcenter.queue import agents
from contactcenter.queue.publish import Change
from tests.house import House
from tests.rooms.chat import Page, hello, settle, taken


async def test_a_talk_goes_both_ways_once_and_in_order(house: House) -> None:
    page = Page()
    talk = await hello(house, page, name="Ville")
    await talk.message("c1", "Hei! Olen Ville.")
    actor = await taken(house)
    await settle(house)
    assert page.of("joined") == [{"type": "joined", "agent": "Aino"}]
    await writing.reply(house.node.desk, actor, talk.contact, "a1", "Hei Ville.")
    await settle(house)
    await talk.message("c2", "131052-308T on tunnukseni")
    await talk.message("c2", "131052-308T on tunnukseni")
    assert [(m["seq"], m["direction"], m["text"]) for m in page.of("message")] == [
        (1, "inbound", "Hei! Olen Ville."),
        (2, "outbound", "Hei Ville."),
        (3, "inbound", "131052-**** on tunnukseni"),
        (3, "inbound", "131052-**** on tunnukseni"),
    ]
    assert [m["client_id"] for m in page.of("message") if m["direction"] == "inbound"] == [
        "c1",
        "c2",
        "c2",
    ]
    told = [f["message"]["text"] for f in await house.told(actor, "message")]
    assert told == ["Hei Ville.", "131052-**** on tunnukseni"]
    with pytest.raises(Refused, match="client_id_used"):
        await talk.message("c2", "muuta")


async def test_an_account_is_masked_but_where_an_agent_says_where_to_pay(house: House) -> None:
    page, account = Page(), "FI21 1234 5600 0007 85"
    talk = await hello(house, page)
    await talk.message("c1", f"Tilini on {account}")
    actor = await taken(house)
    await writing.reply(house.node.desk, actor, talk.contact, "a1", f"Maksakaa tilille {account}")
    await writing.note(house.node.desk, actor, talk.contact, "n1", f"Tili {account}")
    texts = [row["text"] for row in await house.rows("SELECT text FROM message ORDER BY seq")]
    assert texts == ["Tilini on FI** ****", f"Maksakaa tilille {account}", "Tili FI** ****"]


async def test_what_comes_at_once_is_numbered_in_its_order_and_stored_once(
    house: House,
) -> None:
    talks = [await hello(house, Page()) for _ in range(2)]
    say = house.node.chats.say
    said = [
        Words(talk.case, talk.contact, "", client_id, text)
        for talk in reversed(talks)
        for client_id, text in (("c1", "Hei"), ("c1", "Hei"), ("c2", "Vielä"))
    ]
    numbers = [
        stored.seq if stored else 0 for stored in await asyncio.gather(*map(say.store, said))
    ]
    assert numbers == [1, 1, 2, 1, 1, 2]
    contacts = await house.rows("SELECT unread, version FROM contact WHERE channel = 'chat'")
    assert [tuple(row) for row in contacts] == [(2, 2)] * 2
    rows = await house.rows("SELECT seq, text FROM message ORDER BY contact_id, seq")
    assert [(row["seq"], row["text"]) for row in rows] == [(1, "Hei"), (2, "Vielä")] * 2


async def test_read_marks_and_typing_pass_both_ways(house: House) -> None:
    page = Page()
    talk = await hello(house, page)
    await talk.message("c1", "Hei")
    actor = await taken(house)
    await settle(house)
    await writing.read(house.node.desk, actor, talk.contact)
    await settle(house)
    assert page.of("read") == [{"type": "read", "seq": 1}]
    talk.hear_passing(b'{"type":"typing"}')
    talk.hear_passing(b'{"type":"typing"}')
    assert len(page.of("typing")) == 1
    await writing.reply(house.node.desk, actor, talk.contact, "a1", "Hei")
    await settle(house)
    whispers: list[tuple[str, Any]] = []

    async def whispered(user: int, frame: dict[str, Any]) -> None:
        assert user == actor.user_id
        whispers.append((frame["type"], frame.get("seq")))

    house.node.feed.whisper = whispered  # type: ignore[method-assign]
    await talk.typing()
    await talk.typing()
    await talk.read(2)
    await talk.read(2)
    assert whispers == [("typing", None), ("read", 2)]


async def test_the_echo_keeps_its_ref_over_a_gap(house: House) -> None:
    page = Page()
    talk = await hello(house, page)
    actor = await taken(house)
    await settle(house)
    await writing.reply(house.node.desk, actor, talk.contact, "a1", "Hei")
    page.ref = 9
    await talk.message("c1", "Moi")
    assert [(m["text"], m.get("ref")) for m in page.of("message")] == [("Hei", None), ("Moi", 9)]


async def test_the_lost_agents_chat_returns_to_its_place_with_its_story(house: House) -> None:
    page = Page()
    talk = await hello(house, page)
    await talk.message("c1", "Hei")
    aino = await taken(house)
    await settle(house)
    async with house.node.db.transaction() as conn:
        change = await agents.lose(conn, aino.user_id)
    assert change is not None
    await house.node.publisher.publish(change)
    await settle(house)
    assert page.frames[-1]["type"] == "waiting"
    carla = await taken(house, "carla@mikkeli.example")
    await settle(house)
    assert page.of("joined")[-1] == {"type": "joined", "agent": "Carla"}
    (card,) = [f for f in await house.told(carla, "contact") if "messages" in f]
    assert [m["text"] for m in card["messages"]] == ["Hei"]
    assert "other_sender" not in card["messages"][0]


async def test_a_message_reopens_the_case(house: House) -> None:
    talk = await hello(house, Page())
    actor = await taken(house)
    await casework.resolve(house.node.desk, actor, talk.case)
    await talk.message("c1", "Vielä yksi asia")
    await house.node.chats.say.idle()
    assert (await house.row("SELECT state FROM cases"))["state"] == "reopened"
    assert (await house.told(actor, "contact"))[-1]["contact"]["case_state"] == "reopened"


async def test_an_agent_reads_while_the_page_goes(house: House) -> None:
    """Contact before chat, in every transaction."""
    talks = [await hello(house, Page()) for _ in range(8)]
    actor = await house.on_duty("aino@mikkeli.example")
    await house.rows("UPDATE users SET capacity = 20 WHERE id = $1 RETURNING 1", actor.user_id)
    await house.node.publisher.publish(Change(agents=[actor.user_id]))
    await house.route()
    for offer in await house.offers(actor):
        await handling.accept(house.node.desk, actor, offer)
    for _ in range(10):
        await asyncio.gather(
            house.node.chats.gone(*talks),
            *(writing.read(house.node.desk, actor, talk.contact) for talk in talks),
        )
        house.node.chats.talks |= {talk.contact: talk for talk in talks}
        await house.rows("UPDATE contact SET away_from = NULL RETURNING 1")
