"""A question asked under one agent ends no chat under the next."""

from __future__ import annotations

from datetime import datetime, timedelta

from contactcenter.desk import shift, writing
from tests.house import House
from tests.rooms.chat import Page, hello, settle, taken

ASKED_AFTER_S, CLOSED_AFTER_S = 605, 795


async def _clock(house: House, seconds: float) -> None:
    now: datetime = (await house.row("SELECT now() AS now"))["now"]
    await house.node.chat_clock.run_once(now + timedelta(seconds=seconds))
    await settle(house)


async def test_who_was_asked_is_not_closed_under_the_next_agent(house: House) -> None:
    """The shift ended while the citizen was away, so the chat was handed back."""
    page = Page()
    talk = await hello(house, page)
    aino = await taken(house)
    await writing.reply(house.node.desk, aino, talk.contact, "a1", "Hei, mitä asia koskee?")
    await _clock(house, ASKED_AFTER_S)
    assert page.of("idle")[-1]["closes_at"] is not None
    await talk.gone()
    await shift.end(house.node.desk, aino)
    await shift.hand_back(house.node.desk, aino, talk.contact, None)
    back = Page()
    await hello(house, back, resume=page.secret)
    await taken(house, "carla@mikkeli.example")
    await _clock(house, CLOSED_AFTER_S)
    assert (await house.contact(talk.contact))["state"] == "active"
    assert back.of("closed") == []
