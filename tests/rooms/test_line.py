"""Offers: the right one, to the right agent, once, and the place is kept."""

from __future__ import annotations

import asyncio
import time

import pytest
from structlog.testing import capture_logs

from contactcenter.desk import handling
from contactcenter.errors import Refused
from contactcenter.kernel import keys
from contactcenter.queue.presence import agents_presence
from contactcenter.routing import declining
from tests.house import KELA, House


async def test_the_oldest_is_offered_first_and_only_to_who_can(house: House) -> None:
    first, second = await house.arrives(), await house.arrives()
    kirsi = await house.on_duty("kirsi@kela.example")
    assert await house.route() == 0
    aino = await house.on_duty("aino@mikkeli.example")
    await house.route()
    assert [f["contact"]["contact"] for f in await house.told(aino, "offer")] == [
        str(first),
        str(second),
    ]
    assert await house.told(kirsi, "offer") == []


async def test_capacity_is_never_exceeded(house: House) -> None:
    for _ in range(10):
        await house.arrives()
    aino = await house.on_duty("aino@mikkeli.example")
    await asyncio.gather(*(house.route() for _ in range(5)))
    assert len(await house.offers(aino)) == aino.capacity
    assert (await house.row("SELECT load FROM agent"))["load"] == aino.capacity


async def test_an_offer_shows_nothing_of_what_the_citizen_wrote(house: House) -> None:
    await house.arrives(subject="SALAINEN", text="SALAINEN")
    aino = await house.on_duty("aino@mikkeli.example")
    await house.route()
    (offer,) = await house.told(aino, "offer")
    assert "SALAINEN" not in str(offer)
    assert 0 < offer["expires_in_s"] <= 30


async def test_accept_twice_is_answered_alike_and_a_late_one_refused(house: House) -> None:
    await house.arrives()
    aino = await house.on_duty("aino@mikkeli.example")
    await house.route()
    (offer,) = await house.offers(aino)
    await handling.accept(house.node.desk, aino, offer)
    await handling.accept(house.node.desk, aino, offer)
    assert len(await house.told(aino, "contact")) == 2
    bjorn = await house.on_duty("bjorn@mikkeli.example")
    with pytest.raises(Refused, match="offer_ended"):
        await handling.accept(house.node.desk, bjorn, offer)


async def test_a_running_offer_is_its_agents_alone(house: House) -> None:
    contact = await house.arrives()
    aino = await house.on_duty("aino@mikkeli.example")
    await house.route()
    (offer,) = await house.offers(aino)
    bjorn = await house.on_duty("bjorn@mikkeli.example")
    with pytest.raises(Refused, match="offer_ended"):
        await handling.accept(house.node.desk, bjorn, offer)
    assert (await house.contact(contact))["state"] == "offered"
    await handling.accept(house.node.desk, aino, offer)


async def test_twenty_accepts_at_once_have_one_effect(house: House) -> None:
    contact = await house.arrives()
    aino = await house.on_duty("aino@mikkeli.example")
    await house.route()
    (offer,) = await house.offers(aino)
    await asyncio.gather(*(handling.accept(house.node.desk, aino, offer) for _ in range(20)))
    assert (await house.kinds(contact)).count("accepted") == 1


async def test_declined_keeps_its_place_and_goes_to_another(house: House) -> None:
    first = await house.arrives()
    await house.arrives()
    before = (await house.contact(first))["rank"]
    aino = await house.on_duty("aino@mikkeli.example")
    await house.route()
    offer = next(iter(await house.offers(aino)))
    await declining.decline(house.node.db, house.node.publisher, aino, offer, "busy")
    await house.route()
    after = await house.contact(first)
    assert (after["state"], after["rank"], after["passed"]) == ("queued", before, [aino.user_id])
    bjorn = await house.on_duty("bjorn@mikkeli.example")
    await house.route()
    assert (await house.contact(first))["owner"] == bjorn.user_id
    assert await house.kinds(first) == ["entered", "offered", "offer_ended", "returned", "offered"]


async def test_missed_twice_in_a_row_and_the_agent_is_away(house: House) -> None:
    contact = await house.arrives()
    aino = await house.on_duty("aino@mikkeli.example")
    for _ in range(2):
        await house.route()
        await house.rows("UPDATE contact SET offered_until = now() - interval '1 s' RETURNING id")
        assert await house.node.clock.run_once() == 1
    state = await house.row("SELECT state, reason, load FROM agent")
    assert tuple(state) == ("away", "missed", 0)
    assert (await house.contact(contact))["state"] == "queued"
    assert [f["why"] for f in await house.told(aino, "offer_ended")] == ["missed", "missed"]


@pytest.mark.parametrize("accepts", [0, 1])
async def test_offers_missed_side_by_side_are_one_miss_and_none_beside_an_accepted_one(
    house: House, accepts: int
) -> None:
    for _ in range(3):
        await house.arrives()
    aino = await house.on_duty("aino@mikkeli.example")
    await house.route()
    offers = await house.offers(aino)
    assert len(offers) == 3
    for offer in offers[:accepts]:
        await handling.accept(house.node.desk, aino, offer)
    await house.rows(
        "UPDATE contact SET offered_until = now() - interval '1 s' WHERE state = 'offered'"
        " RETURNING id"
    )
    assert await house.node.clock.run_once() == 3 - accepts
    agent = await house.row("SELECT state, missed FROM agent")
    assert tuple(agent) == ("available", 1 - accepts)


async def test_stepping_away_takes_the_offer_along(house: House) -> None:
    contact = await house.arrives()
    aino = await house.on_duty("aino@mikkeli.example")
    await house.route()
    await house.on_duty("aino@mikkeli.example", "break")
    assert (await house.contact(contact))["state"] == "queued"
    (ended,) = await house.told(aino, "offer_ended")
    assert ended["why"] == "withdrawn"


async def test_after_a_stall_running_offers_get_its_time(house: House) -> None:
    await house.arrives()
    aino = await house.on_duty("aino@mikkeli.example")
    await house.node.clock.run_once()
    await house.route()
    await house.rows("UPDATE contact SET offered_at = now() - interval '25 s' RETURNING id")
    before = (await house.row("SELECT offered_until FROM contact"))["offered_until"]
    await house.rows(
        "UPDATE lease SET beat_at = beat_at - interval '20 s', until = now() WHERE name = 'clock'"
        " RETURNING name"
    )
    await house.node.clock.run_once()
    after = (await house.row("SELECT offered_until FROM contact"))["offered_until"]
    assert 20 <= (after - before).total_seconds() < 30
    first, again = await house.told(aino, "offer")
    assert first["offer"] == again["offer"]
    assert first["expires_at"] < again["expires_at"]


async def test_a_start_after_a_pause_is_no_stall_unless_somebody_was_offered(house: House) -> None:
    async def paused() -> list[str]:
        await house.rows(
            "UPDATE lease SET beat_at = beat_at - interval '20 s', until = now()"
            " WHERE name = 'clock' RETURNING name"
        )
        with capture_logs() as logs:
            await house.node.clock.run_once()
        return [one["event"] for one in logs if one["event"] == "stalled"]

    await house.node.clock.run_once()
    house.node.clock._running = False  # as a new process
    assert await paused() == []
    assert await paused() == ["stalled"]
    await house.arrives()
    await house.on_duty("aino@mikkeli.example")
    await house.route()
    house.node.clock._running = False
    assert await paused() == ["stalled"]


async def test_a_silent_agents_contacts_return_with_place_and_draft(house: House) -> None:
    from contactcenter.desk import drafts

    contact = await house.arrives()
    rank = (await house.contact(contact))["rank"]
    aino = await house.on_duty("aino@mikkeli.example")
    await house.route()
    (offer,) = await house.offers(aino)
    await handling.accept(house.node.desk, aino, offer)
    await drafts.save(house.node.desk, aino, contact, "Hyvä Ville, ")
    house.node.clock._lost_after_s = -1  # silent at once
    assert await house.node.clock.run_once() == 1
    row = await house.contact(contact)
    assert (row["state"], row["rank"], row["owner"]) == ("queued", rank, None)
    assert (await house.kinds(contact))[-2:] == ["left", "returned"]
    carla = await house.on_duty("carla@mikkeli.example")
    house.node.clock._lost_after_s = 3600
    await house.route()
    (offer,) = await house.offers(carla)
    await handling.accept(house.node.desk, carla, offer)
    shown = (await house.told(carla, "contact"))[-1]["contact"]
    assert shown["draft"] == "Hyvä Ville, "


async def test_who_has_just_come_is_not_lost_on_an_old_server(house: House) -> None:
    live = house.node.live
    await live.call("ZADD", keys.ALIVE, 1, 0)  # the server has been up for long
    aino = await house.on_duty("aino@mikkeli.example")
    await agents_presence(live).heard({aino.user_id: time.monotonic()})
    assert await house.node.clock.run_once() == 0
    assert (await house.row("SELECT state FROM agent"))["state"] == "available"


async def test_nobody_is_offered_a_foreign_organisations_contact(house: House) -> None:
    await house.arrives(to=KELA)
    for email in ("aino@mikkeli.example", "bjorn@mikkeli.example", "carla@mikkeli.example"):
        await house.on_duty(email)
    assert await house.route() == 0
