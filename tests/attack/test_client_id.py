"""A client id: one message, whoever asks again and however close together."""

from __future__ import annotations

import asyncio

import pytest

from contactcenter.accounts.authorise import Actor
from contactcenter.desk import drafts, handling, writing
from contactcenter.errors import Refused
from tests.house import House


async def _in_hand(house: House) -> tuple[Actor, int]:
    contact = await house.arrives()
    aino = await house.on_duty("aino@mikkeli.example")
    await house.route()
    (offer,) = await house.offers(aino)
    await handling.accept(house.node.desk, aino, offer)
    return aino, contact


async def _hand_over(house: House, aino: Actor, contact: int) -> Actor:
    bjorn = await house.on_duty("bjorn@mikkeli.example")
    desk = house.node.desk
    await handling.transfer_to_agent(desk, aino, contact, bjorn.user_id, None)
    (offer,) = await house.offers(bjorn)
    await handling.accept(desk, bjorn, offer)
    return bjorn


async def test_from_two_tabs_at_once_is_one_message(house: House) -> None:
    aino, contact = await _in_hand(house)
    desk = house.node.desk
    await asyncio.gather(*(writing.reply(desk, aino, contact, "c1", "Hei") for _ in range(5)))
    assert len(await house.rows("SELECT id FROM message WHERE client_id = 'c1'")) == 1


async def test_a_colleagues_is_refused_as_used(house: House) -> None:
    aino, contact = await _in_hand(house)
    await writing.reply(house.node.desk, aino, contact, "c1", "Hei")
    bjorn = await _hand_over(house, aino, contact)
    with pytest.raises(Refused, match="client_id_used"):
        await writing.reply(house.node.desk, bjorn, contact, "c1", "Hei taas")


async def test_it_is_shown_to_its_sender_only(house: House) -> None:
    aino, contact = await _in_hand(house)
    await writing.reply(house.node.desk, aino, contact, "ainos-own", "Hei")
    bjorn = await _hand_over(house, aino, contact)
    assert "ainos-own" not in str(await house.told(bjorn))


async def test_a_former_owner_does_not_see_the_new_ones_draft(house: House) -> None:
    aino, contact = await _in_hand(house)
    bjorn = await _hand_over(house, aino, contact)
    desk = house.node.desk
    await drafts.save(desk, bjorn, contact, "KANARIALINTU")
    await handling.transfer_to_agent(desk, aino, contact, bjorn.user_id, None)  # a repeat
    assert "KANARIALINTU" not in str(await house.told(aino))
