"""A question asked under one agent ends no chat under the next."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from contactcenter.desk import handling, shift, writing
from tests.house import House
from tests.rooms.chat import Page, hello, settle, taken

ASKED_AFTER_S, CLOSED_AFTER_S = 605, 795


async def _clock(house: House, seconds: float) -> None:
    now: datetime = (await house.row("SELECT now() AS now"))["now"]
    await house.node.chat_clock.run_once(now + timedelta(seconds=seconds))
    await settle(house)


@pytest.mark.parametrize("how", ["transferred", "handed back"])
async def test_who_was_asked_is_not_closed_under_the_next_agent(house: House, how: str) -> None:
    page = Page()
    talk = await hello(house, page)
    aino = await taken(house)
    await writing.reply(house.node.desk, aino, talk.contact, "a1", "Hei, mitä asia koskee?")
    await _clock(house, ASKED_AFTER_S)
    assert page.of("idle")[-1]["closes_at"] is not None
    if how == "transferred":
        await handling.transfer_to_queue(house.node.desk, aino, talk.contact, "general", None)
    else:
        await talk.gone()
        await shift.end(house.node.desk, aino)
        await shift.hand_back(house.node.desk, aino, talk.contact, None)
        page, secret = Page(), page.secret
        await hello(house, page, resume=secret)
    await taken(house, "carla@mikkeli.example")
    await _clock(house, CLOSED_AFTER_S)
    assert (await house.contact(talk.contact))["state"] == "active"
    assert page.of("closed") == []
