"""Chats when something fails or comes late: all is told in the end, once."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from contactcenter.chat import store
from contactcenter.chat.talk import Talk
from contactcenter.desk import handling, writing
from contactcenter.errors import Refused
from contactcenter.kernel.live import LiveUnavailable
from contactcenter.queue.publish import Change
from tests.house import House
from tests.rooms.chat import Page, hello, taken


async def test_what_comes_after_the_welcome_can_fail(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page is here from its welcome on, and is told the rest when Postgres is back."""

    async def fails(talks: list[Talk]) -> None:
        raise OSError("away")

    page = Page()
    with monkeypatch.context() as patch:
        patch.setattr(house.node.chats, "look", fails)
        with pytest.raises(OSError, match="away"):
            await hello(house, page)
    assert [frame["type"] for frame in page.frames] == ["welcome"]
    await house.node.chats.look_once()
    assert page.of("waiting")


async def test_an_older_look_says_nothing(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    page = Page()
    talk = await hello(house, page)
    await talk.message("c1", "Hei")
    talk.seq, shown = 0, store.shown

    async def leaves_first(*given: Any) -> Any:
        monkeypatch.setattr(store, "shown", shown)
        await talk.leave()
        return await shown(*given)

    monkeypatch.setattr(store, "shown", leaves_first)
    await house.node.chats.look([talk])
    assert [frame["type"] for frame in page.frames][-1] == "closed"


async def test_a_message_that_nobody_told_is_found_by_the_sweep(house: House) -> None:
    page = Page()
    talk = await hello(house, page)
    actor = await taken(house)

    async def forgets(*_: object) -> None: ...

    await house.node.publisher.settle()
    house.node.publisher.told = forgets  # type: ignore[method-assign, assignment]
    await talk.message("c1", "Kuuletko?")
    assert await house.told(actor, "message") == []
    await house.rows("UPDATE outbox SET at = now() - interval '2 s' RETURNING 1")
    assert await house.node.sweep.run_once() == 1
    card = (await house.told(actor, "contact"))[-1]
    assert [m["text"] for m in card["messages"]] == ["Kuuletko?"]


async def test_a_message_does_not_settle_what_was_never_told(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk = await hello(house, Page())
    actor = await house.on_duty("aino@mikkeli.example")
    await house.route()
    (offer,) = await house.offers(actor)

    async def lost(change: Change) -> bool:
        return False

    with monkeypatch.context() as patch:
        patch.setattr(house.node.publisher, "publish", lost)
        with pytest.raises(Refused, match="unavailable"):
            await handling.accept(house.node.desk, actor, offer)
    await talk.message("c1", "Hei")
    await house.node.chats.say.idle()
    await house.node.publisher.settle()
    await house.rows("UPDATE outbox SET at = at - interval '2 s' RETURNING 1")
    assert await house.node.sweep.run_once() == 1
    (card,) = await house.told(actor, "contact")
    assert card["contact"]["state"] == "active"
    assert [m["text"] for m in card["messages"]] == ["Hei"]


async def test_a_message_that_failed_to_be_told_is_not_settled_by_the_next(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk = await hello(house, Page())
    actor = await taken(house)
    await house.node.publisher.settle()
    tell_all = house.node.feed.tell_all

    async def away(frames: Any) -> None:
        raise LiveUnavailable("away")

    for n in range(1, 5):
        house.node.feed.tell_all = away if n == 2 else tell_all  # type: ignore[method-assign]
        await talk.message(f"c{n}", f"viesti {n}")
        await house.node.chats.say.idle()
        await house.node.publisher.settle()
    told = [f["message"]["text"] for f in await house.told(actor, "message")]
    assert told == ["viesti 1", "viesti 3", "viesti 4"]
    await house.rows("UPDATE outbox SET at = at - interval '2 s' RETURNING 1")
    assert await house.node.sweep.run_once() == 1
    card = (await house.told(actor, "contact"))[-1]
    assert [m["text"] for m in card["messages"]] == [f"viesti {n}" for n in range(1, 5)]
    assert await house.rows("SELECT 1 FROM outbox") == []


async def test_what_is_told_in_time_is_never_swept(house: House) -> None:
    talk = await hello(house, Page())
    actor = await taken(house)
    for n in range(20):
        await asyncio.gather(
            talk.message(f"c{n}", "Hei"),
            writing.reply(house.node.desk, actor, talk.contact, f"a{n}", "Hei"),
            house.node.publisher.settle(),
        )
    await house.node.chats.say.idle()
    await house.node.publisher.settle()
    assert await house.rows("SELECT * FROM outbox") == []


async def test_an_end_that_was_lost_on_its_way_is_told_when_the_page_is_back(house: House) -> None:
    page = Page()
    talk = await hello(house, page)
    await talk.heard()
    actor = await taken(house)
    page.is_lost = True
    await handling.close(house.node.desk, actor, talk.contact)
    await house.node.chats.look([talk])
    await talk.gone()
    back = Page()
    there = await hello(house, back, resume=page.secret)
    assert (there.contact, back.frames[-1]["type"]) == (talk.contact, "closed")
    await there.heard()
    again = Page()
    assert (await hello(house, again, resume=back.secret)).contact != talk.contact


async def test_who_leaves_what_is_over_is_told_so(house: House) -> None:
    page = Page()
    talk = await hello(house, page)
    actor = await taken(house)
    await handling.close(house.node.desk, actor, talk.contact)
    await house.node.chats.look([talk])
    before = page.of("closed")
    await talk.leave()
    assert page.of("closed") == [*before, *before]
