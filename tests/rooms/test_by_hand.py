"""Contacts that an agent begins: in hand at once, once, and counted."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from contactcenter.accounts.authorise import Actor
from contactcenter.channel import Begun, Sender
from contactcenter.desk import by_hand, handling, writing
from contactcenter.errors import Refused
from contactcenter.queue import agents
from tests.house import House

PHONE = Sender(kind="phone", address="+358401234567")
EMAIL = Sender(kind="email", address="ville@example.org")


def begun(**given: Any) -> Begun:
    values: dict[str, Any] = {
        "channel": "visit",
        "queue": "general",
        "language": "fi",
        "request_id": "r1",
    }
    return Begun(**values | given)


async def start(house: House, actor: Actor, **given: Any) -> int:
    """Begin one; its contact's id, as the agent was told it."""
    await by_hand.start(house.node.desk, actor, begun(**given))
    return int((await house.told(actor, "contact"))[-1]["contact"]["contact"])


async def load(house: House, actor: Actor) -> int:
    row = await house.row("SELECT load FROM agent WHERE user_id = $1", actor.user_id)
    return int(row["load"])


async def test_it_is_in_hand_at_once_and_takes_the_whole_agent(house: House) -> None:
    aino = await house.on_duty("aino@mikkeli.example")
    contact = await start(house, aino, name="Ville  Veikkonen", note="Kysyy pysäköintiluvasta.")
    row = await house.contact(contact)
    assert (row["state"], row["owner"], row["direction"]) == ("active", aino.user_id, "citizen")
    assert row["external_id"] == "r1"
    assert await house.kinds(contact) == ["entered", "accepted"]
    assert await load(house, aino) == aino.capacity
    told = (await house.told(aino, "contact"))[-1]
    assert told["contact"]["person"]["name"] == "Ville Veikkonen"
    (note,) = told["messages"]
    assert (note["direction"], note["text"]) == ("note", "Kysyy pysäköintiluvasta.")
    await house.arrives()
    assert await house.route() == 0


async def test_offers_on_screen_go_back_to_their_places(house: House) -> None:
    waiting = await house.arrives()
    aino = await house.on_duty("aino@mikkeli.example")
    await house.route()
    await start(house, aino)
    assert (await house.contact(waiting))["state"] == "queued"
    assert (await house.told(aino, "offer_ended"))[-1]["why"] == "withdrawn"
    assert await load(house, aino) == aino.capacity


async def test_a_letter_leaves_room_and_offers_as_they_are(house: House) -> None:
    waiting = await house.arrives()
    aino = await house.on_duty("aino@mikkeli.example")
    await house.route()
    await start(house, aino, channel="letter")
    assert (await house.contact(waiting))["state"] == "offered"
    assert await load(house, aino) == 2


async def test_a_full_agent_can_begin_one_more(house: House) -> None:
    aino = await house.on_duty("aino@mikkeli.example")
    visit = await start(house, aino)
    call = await start(house, aino, channel="call", request_id="r2")
    assert await load(house, aino) == 2 * aino.capacity
    for contact in (visit, call):
        await handling.wrap_up(house.node.desk, aino, contact, "answered")
    assert await load(house, aino) == 0


async def test_the_same_request_is_the_same_contact(house: House) -> None:
    aino = await house.on_duty("aino@mikkeli.example")
    told = await asyncio.gather(*(start(house, aino) for _ in range(5)))
    assert len(set(told)) == 1
    assert await load(house, aino) == aino.capacity
    with pytest.raises(Refused, match="request_id_used"):
        await start(house, aino, channel="call")
    await handling.transfer_to_queue(house.node.desk, aino, told[0], "building", None)
    assert await start(house, aino) == told[0]  # as it is by now
    bjorn = await house.on_duty("bjorn@mikkeli.example")
    assert await start(house, bjorn) != told[0]  # another agent's request


async def test_a_wait_begins_when_the_person_came(house: House) -> None:
    aino = await house.on_duty("aino@mikkeli.example")
    came = datetime.now(UTC) - timedelta(minutes=7)
    contact = await start(house, aino, arrived_at=came)
    events = await house.rows(
        "SELECT kind, wait_from FROM event WHERE contact_id = $1 ORDER BY id", contact
    )
    assert [(e["kind"], e["wait_from"]) for e in events] == [("entered", came), ("accepted", came)]
    assert (await house.contact(contact))["first_arrival"] == came
    for wrong in (timedelta(minutes=1), timedelta(days=-400)):
        with pytest.raises(Refused, match="bad_request") as refused:
            await start(house, aino, request_id="r2", arrived_at=datetime.now(UTC) + wrong)
        assert refused.value.field == "arrived_at"


async def test_for_what_the_agent_begins_nobody_waited(house: House) -> None:
    aino = await house.on_duty("aino@mikkeli.example")
    contact = await start(house, aino, channel="call", direction="agent")
    (event,) = await house.rows("SELECT * FROM event WHERE contact_id = $1", contact)
    assert (event["kind"], event["direction"]) == ("accepted", "agent")
    assert event["wait_from"] is None


async def test_the_person_is_found_by_number_or_address(house: House) -> None:
    mail = await house.contact(await house.arrives())
    aino = await house.on_duty("aino@mikkeli.example")
    first = await house.contact(await start(house, aino, senders=(PHONE, EMAIL), name="V."))
    assert first["person_id"] == mail["person_id"]  # the number is theirs from now on
    second = await house.contact(await start(house, aino, senders=(PHONE,), request_id="r2"))
    assert second["person_id"] == mail["person_id"]
    assert (await house.row("SELECT name FROM person"))["name"] == "Ville Veikkonen"
    strength = await house.row("SELECT strength FROM identity WHERE kind = 'phone'")
    assert strength["strength"] == "asserted"


async def test_a_nameless_person_gets_the_name(house: House) -> None:
    aino = await house.on_duty("aino@mikkeli.example")
    first = await house.contact(await start(house, aino, senders=(PHONE,)))
    await start(house, aino, senders=(PHONE,), name="Åsa Öst", request_id="r2")
    (person,) = await house.rows("SELECT * FROM person")
    assert (person["id"], person["name"]) == (first["person_id"], "Åsa Öst")


async def test_two_agents_write_down_the_same_new_number(house: House) -> None:
    both = [await house.on_duty(f"{who}@mikkeli.example") for who in ("aino", "bjorn")]
    await asyncio.gather(*(start(house, who, senders=(PHONE, EMAIL)) for who in both))
    persons = await house.rows("SELECT DISTINCT person_id FROM contact")
    assert len(persons) == 1
    assert len(await house.rows("SELECT FROM person")) == 1


async def test_another_organisations_person_is_not_seen(house: House) -> None:
    aino = await house.on_duty("aino@mikkeli.example")
    kirsi = await house.on_duty("kirsi@kela.example")
    ours = await house.contact(await start(house, aino, senders=(PHONE,)))
    (kela,) = await house.rows("SELECT key FROM queue WHERE key LIKE 'kela%' LIMIT 1")
    theirs = await house.contact(await start(house, kirsi, senders=(PHONE,), queue=kela["key"]))
    assert ours["person_id"] != theirs["person_id"]
    with pytest.raises(Refused, match="unknown_queue"):
        await start(house, aino, queue=kela["key"], request_id="r2")


async def test_who_is_offline_begins_nothing(house: House) -> None:
    aino = await house.on_duty("aino@mikkeli.example", "break")
    contact = await start(house, aino)  # on a break somebody comes to the counter
    async with house.node.db.transaction() as conn:
        await agents.set_state(conn, aino.user_id, "offline", None)
    with pytest.raises(Refused, match="agent_offline"):
        await start(house, aino, request_id="r2")
    assert await start(house, aino) == contact  # a repeat is answered all the same
    assert len(await house.rows("SELECT FROM intake")) == 1


async def test_who_is_lost_keeps_whom_no_colleague_has(house: House) -> None:
    mail = await house.arrives()
    aino = await house.on_duty("aino@mikkeli.example")
    await house.route()
    (offer,) = await house.offers(aino)
    await handling.accept(house.node.desk, aino, offer)
    contact = await start(house, aino)
    async with house.node.db.transaction() as conn:
        change = await agents.lose(conn, aino.user_id)
    assert change is not None
    assert await house.node.publisher.publish(change)
    assert (await house.contact(mail))["state"] == "queued"
    assert (await house.contact(contact))["state"] == "wrap_up"
    assert await load(house, aino) == aino.capacity
    async with house.node.db.transaction() as conn:
        assert await agents.come_back(conn, aino.user_id, 600) is not None
    await writing.note(house.node.desk, aino, contact, "c1", "Sovittu.")
    await handling.wrap_up(house.node.desk, aino, contact, "answered")
    assert await house.kinds(contact) == ["entered", "accepted", "wrap_up", "closed"]
    assert await load(house, aino) == 0


async def test_nothing_can_be_written_to_a_person_at_the_counter(house: House) -> None:
    aino = await house.on_duty("aino@mikkeli.example")
    contact = await start(house, aino, senders=(EMAIL,))
    with pytest.raises(Refused, match="no_way_to_write"):
        await writing.reply(house.node.desk, aino, contact, "c1", "Hei")
    await writing.note(house.node.desk, aino, contact, "c1", "Hei")


async def test_codes_are_masked_and_hostile_text_is_kept_as_text(house: House) -> None:
    aino = await house.on_duty("aino@mikkeli.example")
    contact = await start(
        house, aino, name="A\x00 131052-308T\n\tB", note="131052-308T '; DROP TABLE contact; --"
    )
    row = await house.row(
        "SELECT p.name, m.text FROM contact c JOIN person p ON p.id = c.person_id"
        " JOIN message m ON m.contact_id = c.id WHERE c.id = $1",
        contact,
    )
    assert row["name"] == "A 131052-**** B"
    assert row["text"] == "131052-**** '; DROP TABLE contact; --"
