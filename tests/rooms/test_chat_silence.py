"""A citizen who says nothing is asked, may stay as long as they like, and else leaves the agent."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest

from contactcenter.accounts.authorise import Actor
from contactcenter.chat.loop import ChatClock
from contactcenter.chat.talk import Talk
from contactcenter.desk import handling, writing
from contactcenter.errors import Refused
from tests.house import House
from tests.rooms.chat import Page, hello, settle, taken

WARNING, CLOSE = 600, 180


async def _talking(house: House, page: Page) -> tuple[Talk, Actor]:
    """A chat in which the agent spoke last."""
    talk = await hello(house, page, name="Ville")
    await talk.message("c1", "Hei")
    actor = await taken(house)
    await writing.reply(house.node.desk, actor, talk.contact, "a1", "Hei, mitä asia koskee?")
    await settle(house)
    return talk, actor


async def _clock(house: House, seconds: float) -> datetime:
    """One pass of the clock so many seconds from now, and its pages told."""
    now: datetime = (await house.row("SELECT now() AS now"))["now"]
    moment = now + timedelta(seconds=seconds)
    await house.node.chat_clock.run_once(moment)
    await settle(house)
    return moment


def _asked(page: Page) -> list[bool]:
    """Whether each `idle` frame was a question, or its end."""
    return [frame["closes_at"] is not None for frame in page.of("idle")]


async def _state(house: House, talk: Talk) -> str:
    return str((await house.contact(talk.contact))["state"])


async def test_silence_is_asked_about_and_then_ends_the_chat(house: House) -> None:
    page = Page()
    talk, actor = await _talking(house, page)
    await _clock(house, WARNING - 5)
    assert page.of("idle") == []
    asked = await _clock(house, WARNING + 5)
    (idle,) = page.of("idle")
    closes = datetime.fromisoformat(idle["closes_at"])
    assert closes == asked + timedelta(seconds=CLOSE)
    assert idle["closes_in_s"] > CLOSE
    card = (await house.told(actor, "contact"))[-1]["contact"]
    assert datetime.fromisoformat(card["idle_closes_at"]) == closes
    await _clock(house, WARNING + 6)  # asked once, not at each pass
    assert _asked(page) == [True]
    await _clock(house, WARNING + CLOSE + 4)
    assert await _state(house, talk) == "active"
    await _clock(house, WARNING + CLOSE + 6)
    assert [end["reason"] for end in page.of("closed")] == ["idle"]
    card = (await house.told(actor, "contact"))[-1]["contact"]
    assert (card["state"], card["ended"], "idle_closes_at" in card) == ("wrap_up", "idle", False)
    await _clock(house, WARNING + CLOSE + 7)
    assert (await house.kinds(talk.contact)).count("wrap_up") == 1
    await handling.wrap_up(house.node.desk, actor, talk.contact, "answered")
    agent = await house.row("SELECT load FROM agent WHERE user_id = $1", actor.user_id)
    assert agent["load"] == 0
    again = Page()
    reopened = await hello(house, again, resume=page.secret)
    assert reopened.case == talk.case
    assert reopened.contact != talk.contact


async def test_the_citizen_stays_as_often_as_they_like(house: House) -> None:
    page = Page()
    talk, actor = await _talking(house, page)
    for n in range(12):
        await house.rows("UPDATE message SET at = at - interval '1 h' RETURNING 1")
        await house.rows(
            "UPDATE contact SET accepted_at = accepted_at - interval '1 h' RETURNING 1"
        )
        await house.rows("UPDATE chat SET stayed_at = stayed_at - interval '1 h' RETURNING 1")
        await _clock(house, 0)
        page.ref = n
        await talk.stay()
        page.ref = None
        assert page.frames[-1] == {"type": "idle", "closes_at": None, "closes_in_s": None, "ref": n}
        card = (await house.told(actor, "contact"))[-1]["contact"]
        assert "idle_closes_at" not in card
    await _clock(house, 0)
    assert await _state(house, talk) == "active"
    assert _asked(page).count(True) == 12
    version = (await house.contact(talk.contact))["version"]
    await talk.stay()  # nobody was asked
    assert (await house.contact(talk.contact))["version"] == version


async def test_the_agent_may_wait_on_and_nobody_else(house: House) -> None:
    page = Page()
    talk, actor = await _talking(house, page)
    await _clock(house, WARNING + 5)
    other = await house.on_duty("carla@mikkeli.example")
    with pytest.raises(Refused, match="not_yours"):
        await writing.stay(house.node.desk, other, talk.contact)
    stranger = Page()
    theirs = await hello(house, stranger)
    await theirs.stay()
    assert _asked(stranger) == [False]
    assert (await house.row("SELECT idle_at FROM chat WHERE idle_at IS NOT NULL"))["idle_at"]
    for _ in range(2):
        await writing.stay(house.node.desk, actor, talk.contact)
    await settle(house)
    assert _asked(page) == [True, False]
    await _clock(house, WARNING - 5)
    assert _asked(page) == [True, False]


async def test_a_word_of_either_side_begins_the_silence_anew(house: House) -> None:
    page = Page()
    talk, actor = await _talking(house, page)
    await _clock(house, WARNING + 5)
    await talk.message("c2", "Olen täällä")
    await _clock(house, WARNING + CLOSE + 10)
    assert await _state(house, talk) == "active"  # the citizen spoke last: it is the agent's turn
    await house.rows("UPDATE message SET at = at - interval '1 h' RETURNING 1")
    await writing.reply(house.node.desk, actor, talk.contact, "a2", "Hyvä")
    await _clock(house, WARNING - 5)
    assert _asked(page).count(True) == 1
    await _clock(house, WARNING + 5)
    assert _asked(page).count(True) == 2


@pytest.mark.parametrize("what", ["off", "nobody spoke", "new agent", "away"])
async def test_nobody_is_asked(house: House, what: str) -> None:
    page = Page()
    if what == "off":
        await house.rows("UPDATE queue SET idle_warning_s = 0 RETURNING 1")
    if what == "nobody spoke":
        talk = await hello(house, page)
        await taken(house)
    else:
        talk, actor = await _talking(house, page)
    if what == "new agent":
        await handling.transfer_to_queue(house.node.desk, actor, talk.contact, "general", None)
        await taken(house, "carla@mikkeli.example")
    if what == "away":
        await talk.gone()
    await _clock(house, 10 * WARNING)
    assert page.of("idle") == []
    assert await house.rows("SELECT 1 FROM chat WHERE idle_at IS NOT NULL") == []


async def test_a_question_ends_with_the_agent_who_waited_for_its_answer(house: House) -> None:
    page = Page()
    talk, actor = await _talking(house, page)
    await _clock(house, WARNING + 5)
    carla, desk = await house.on_duty("carla@mikkeli.example"), house.node.desk
    for giver, taker in ((actor, carla), (carla, actor)):  # back to who spoke last
        await handling.transfer_to_agent(desk, giver, talk.contact, taker.user_id, None)
        (offer,) = await house.offers(taker)
        await handling.accept(desk, taker, offer)
    await house.rows("UPDATE message SET at = at - interval '1 h' RETURNING 1")
    await _clock(house, WARNING - 5)
    assert await _state(house, talk) == "active"
    assert _asked(page) == [True, False]


async def test_who_comes_back_has_time_to_answer_and_hears_the_question_again(house: House) -> None:
    page = Page()
    talk, _ = await _talking(house, page)
    await _clock(house, WARNING + 5)
    await house.rows("UPDATE chat SET idle_at = now() + interval '1 s' RETURNING 1")
    await talk.gone()
    back = Page()
    await hello(house, back, resume=page.secret)
    (idle,) = back.of("idle")
    assert 20 < idle["closes_in_s"] <= 30
    await _clock(house, 20)
    assert await _state(house, talk) == "active"
    await _clock(house, 31)
    assert [end["reason"] for end in back.of("closed")] == ["idle"]


async def test_a_message_and_the_end_at_the_same_moment(house: House) -> None:
    """Either the message is stored and the chat goes on, or it is refused by the end."""
    for _ in range(6):
        page = Page()
        talk, actor = await _talking(house, page)
        await _clock(house, WARNING + 5)
        now: Any = (await house.row("SELECT now() AS now"))["now"]
        late = now + timedelta(seconds=WARNING + CLOSE + 10)
        await asyncio.gather(talk.message("c9", "Täällä!"), house.node.chat_clock.run_once(late))
        said = await house.rows(
            "SELECT 1 FROM message WHERE client_id = 'c9' AND contact_id = $1", talk.contact
        )
        state = await _state(house, talk)
        assert (state, len(said)) in {("active", 1), ("wrap_up", 0)}
        if state == "active":
            return
        await handling.wrap_up(house.node.desk, actor, talk.contact, "answered")


async def test_another_node_takes_the_clock_over_and_asks_nobody_twice(house: House) -> None:
    page = Page()
    talk, _ = await _talking(house, page)
    await _clock(house, WARNING + 5)
    node = house.node
    other = ChatClock(node.db, node.live, node.publisher, "other", resume_s=600, withdraw_s=5)
    now: datetime = (await house.row("SELECT now() AS now"))["now"]
    late = now + timedelta(seconds=WARNING + CLOSE + 10)
    assert await other.run_once(late) == 0  # the first node has the lease
    await house.rows("UPDATE lease SET until = now() - interval '1 s' RETURNING 1")
    await other.run_once(now + timedelta(seconds=WARNING + 8))
    await settle(house)
    assert _asked(page) == [True]
    await other.run_once(late)
    assert await _state(house, talk) == "wrap_up"


async def test_the_time_in_which_the_house_stood_still_does_not_count(house: House) -> None:
    page = Page()
    talk, _ = await _talking(house, page)
    await _clock(house, WARNING + 5)
    await house.rows("UPDATE lease SET beat_at = beat_at - interval '300 s' RETURNING 1")
    await _clock(house, WARNING + CLOSE + 10)
    assert await _state(house, talk) == "active"
    assert len(page.of("idle")) == 2
    await _clock(house, WARNING + CLOSE + 320)
    assert await _state(house, talk) == "wrap_up"
