"""The citizen no longer wants the call: as often as the link is pressed, until the agent calls."""

from __future__ import annotations

import asyncio

import pytest

from contactcenter.desk import handling
from contactcenter.errors import Refused
from tests.house import House
from tests.rooms.calls import ask, attempt, callback, due, load, sound, take


async def test_in_line_it_is_abandoned(house: House) -> None:
    asked = await ask(house)
    status = await house.node.callbacks.cancel(asked.token)
    assert (status.state, status.result, status.cancellable) == ("abandoned", "cancelled", False)
    assert await house.node.callbacks.cancel(asked.token) == status
    assert await house.kinds(asked.contact) == ["entered", "abandoned"]
    await house.on_duty("aino@mikkeli.example")
    assert await house.route() == 0
    assert not (await ask(house, request_id="r2")).joined
    await sound(house)


async def test_an_offer_is_withdrawn_first(house: House) -> None:
    asked = await ask(house)
    aino = await house.on_duty("aino@mikkeli.example")
    await house.route()
    assert (await house.node.callbacks.status(asked.token)).cancellable
    await house.node.callbacks.cancel(asked.token)
    assert (await house.told(aino, "offer_ended"))[-1]["why"] == "withdrawn"
    assert await load(house, aino) == 0
    assert await house.kinds(asked.contact) == [
        "entered",
        "offered",
        "offer_ended",
        "returned",
        "abandoned",
    ]
    await sound(house)


async def test_a_scheduled_one_is_closed_and_frees_its_place(house: House) -> None:
    await house.rows("UPDATE queue SET callbacks_per_half_hour = 1 RETURNING 1")
    window = (await house.node.callbacks.open_windows("general"))[0]
    asked = await ask(house, window=window)
    before = await house.node.callbacks.status(asked.token)
    assert window not in await house.node.callbacks.open_windows("general")
    answers = await asyncio.gather(*(house.node.callbacks.cancel(asked.token) for _ in range(5)))
    assert {(one.state, one.result) for one in answers} == {("closed", "cancelled")}
    assert answers[0].promise == window
    assert answers[0].sequence > before.sequence
    row = await house.contact(asked.contact)
    assert (row["state"], row["disposition"]) == ("closed", "cancelled")
    assert window in await house.node.callbacks.open_windows("general")
    await ask(house, request_id="r2", window=window)
    await house.rows("UPDATE callback SET promise_to = now() - interval '1 s' RETURNING 1")
    await due(house)
    promises = await house.rows("SELECT contact_id FROM event WHERE kind = 'promise'")
    assert asked.contact not in [row["contact_id"] for row in promises]


async def test_between_two_tries_it_is_closed(house: House) -> None:
    asked = await ask(house)
    aino, contact = await take(house)
    await attempt(house, aino, contact, "no_answer")
    assert (await house.node.callbacks.cancel(asked.token)).state == "closed"
    assert await due(house) == 0
    await sound(house)


async def test_who_is_being_called_can_no_longer_cancel(house: House) -> None:
    asked = await ask(house)
    aino, contact = await take(house)
    status = await house.node.callbacks.status(asked.token)
    assert (status.state, status.cancellable) == ("active", False)
    for state in ("active", "wrap_up", "closed"):
        with pytest.raises(Refused, match="wrong_state"):
            await house.node.callbacks.cancel(asked.token)
        assert (await house.contact(contact))["state"] == state
        if state == "active":
            await handling.close(house.node.desk, aino, contact)
        elif state == "wrap_up":
            await handling.wrap_up(house.node.desk, aino, contact, "answered")
    assert (await callback(house, contact))["result"] == "reached"
    await sound(house)


async def test_cancel_and_accept_at_once_have_one_winner(house: House) -> None:
    asked = await ask(house)
    aino = await house.on_duty("aino@mikkeli.example")
    await house.route()
    (offer,) = await house.offers(aino)
    answers = await asyncio.gather(
        house.node.callbacks.cancel(asked.token),
        handling.accept(house.node.desk, aino, offer),
        return_exceptions=True,
    )
    refused = [answer for answer in answers if isinstance(answer, Refused)]
    assert [one.code for one in refused] in (["wrong_state"], ["offer_ended"])
    state = (await house.contact(asked.contact))["state"]
    assert state == ("active" if refused[0].code == "wrong_state" else "abandoned")
    await sound(house)


async def test_who_joined_is_told_that_the_call_was_cancelled(house: House) -> None:
    first, joined = await ask(house), await ask(house, request_id="r2")
    assert joined.joined
    await house.node.callbacks.cancel(first.token)
    status = await house.node.callbacks.status(joined.token)
    assert (status.state, status.result, status.cancellable) == ("closed", "cancelled", False)
