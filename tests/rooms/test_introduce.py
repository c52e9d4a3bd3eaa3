"""Who a contact begun by hand is with, told while the person talks: found, corrected, not mixed."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from contactcenter.accounts.authorise import Actor
from contactcenter.channel import Introduced, Sender
from contactcenter.desk import handling, persons
from contactcenter.errors import Refused
from tests.house import House
from tests.rooms.test_by_hand import EMAIL, PHONE, start

OTHER = Sender(kind="phone", address="+358407654321")


@pytest.fixture
async def aino(house: House) -> Actor:
    return await house.on_duty("aino@mikkeli.example")


async def introduce(house: House, actor: Actor, contact: int, **told: Any) -> dict[str, Any]:
    """Tell who it is; the card that follows."""
    await persons.introduce(house.node.desk, actor, Introduced(contact=str(contact), **told))
    card: dict[str, Any] = (await house.told(actor, "contact"))[-1]["contact"]
    return card


async def identities(house: House) -> set[tuple[str, int]]:
    return {(row["address"], row["person_id"]) for row in await house.rows("TABLE identity")}


async def test_a_name_and_a_number_are_written_down_while_the_person_talks(
    house: House, aino: Actor
) -> None:
    contact = await start(house, aino)
    before = await house.contact(contact)
    for _ in range(2):  # a repeat is answered alike
        card = await introduce(house, aino, contact, name=" Åsa  Öst", senders=(PHONE, EMAIL))
    assert card["person"]["name"] == "Åsa Öst"
    after = await house.contact(contact)
    assert (after["person_id"], after["state"]) == (before["person_id"], "active")
    assert after["version"] > before["version"]
    assert {address for address, _ in await identities(house)} == {PHONE.address, EMAIL.address}
    notes = await house.rows("SELECT after FROM audit WHERE verb = 'introduce'")
    assert [PHONE.address in row["after"] for row in notes] == [False, False]


async def test_a_slip_is_corrected_without_a_trace(house: House, aino: Actor) -> None:
    contact = await start(house, aino, senders=(OTHER,), name="Ase")
    person = (await house.contact(contact))["person_id"]
    await introduce(house, aino, contact, name="Åsa", senders=(PHONE,))
    await introduce(house, aino, contact, senders=(EMAIL,))  # the number stays
    assert await identities(house) == {(PHONE.address, person), (EMAIL.address, person)}
    assert (await house.row("SELECT name FROM person"))["name"] == "Åsa"


async def test_a_known_number_leads_to_its_person_and_leaves_no_other(
    house: House, aino: Actor
) -> None:
    known = await house.contact(await start(house, aino, senders=(PHONE,), name="Maija"))
    contact = await start(house, aino, senders=(OTHER,), name="M", request_id="r2")
    card = await introduce(house, aino, contact, name="M. K.", senders=(PHONE,))
    person = card["person"]
    assert (person["name"], person["known_as"]) == ("M. K.", "Maija")
    row = await house.contact(contact)
    case = await house.row("SELECT person_id FROM cases WHERE id = $1", row["case_id"])
    assert row["person_id"] == case["person_id"] == known["person_id"]
    assert await identities(house) == {(PHONE.address, known["person_id"])}
    names = await house.rows("SELECT name FROM person ORDER BY id")
    assert [name["name"] for name in names] == ["Maija", ""]  # nothing of M is left


async def test_each_at_a_shared_number_goes_by_the_own_name(house: House, aino: Actor) -> None:
    await start(house, aino, senders=(PHONE,), name="Maija")
    await start(house, aino, senders=(PHONE,), name="Ville", request_id="r2")
    first, second = [frame["contact"]["person"] for frame in await house.told(aino, "contact")]
    assert first["id"] == second["id"]
    assert (first["name"], second["name"], second["known_as"]) == ("Maija", "Ville", "Maija")
    assert "known_as" not in first
    await start(house, aino, senders=(PHONE,), request_id="r3")
    third = (await house.told(aino, "contact"))[-1]["contact"]["person"]
    assert third["name"] == "Maija"  # nothing else was said
    assert "known_as" not in third


async def test_a_known_person_loses_nothing_to_a_wrong_number(house: House, aino: Actor) -> None:
    known = await house.contact(await start(house, aino, senders=(PHONE,), name="Maija"))
    contact = await start(house, aino, senders=(PHONE,), request_id="r2")  # it was misheard
    card = await introduce(house, aino, contact, name="Ville", senders=(OTHER,))
    row = await house.contact(contact)
    assert card["person"]["name"] == "Ville"
    assert row["person_id"] != known["person_id"]
    assert await identities(house) == {
        (PHONE.address, known["person_id"]),
        (OTHER.address, row["person_id"]),
    }
    names = await house.rows("SELECT name FROM person ORDER BY id")
    assert [name["name"] for name in names] == ["Maija", "Ville"]


async def test_two_agents_learn_the_same_number_at_once(house: House, aino: Actor) -> None:
    bjorn = await house.on_duty("bjorn@mikkeli.example")
    both = [(who, await start(house, who)) for who in (aino, bjorn)]
    await asyncio.gather(*(introduce(house, who, one, senders=(PHONE,)) for who, one in both))
    found = await house.rows("SELECT DISTINCT person_id FROM contact")
    assert len(found) == 1


async def test_only_for_ones_own_open_contacts_begun_by_hand(house: House) -> None:
    mail = await house.arrives()
    aino = await house.on_duty("aino@mikkeli.example")
    await house.route()
    (offer,) = await house.offers(aino)
    await handling.accept(house.node.desk, aino, offer)
    with pytest.raises(Refused, match="person_came_by_address"):
        await introduce(house, aino, mail, name="Toinen")
    contact = await start(house, aino)
    bjorn = await house.on_duty("bjorn@mikkeli.example")
    with pytest.raises(Refused, match="not_yours"):
        await introduce(house, bjorn, contact, name="Toinen")
    kirsi = await house.on_duty("kirsi@kela.example")
    with pytest.raises(Refused, match="not_found"):
        await introduce(house, kirsi, contact, name="Toinen")
    await handling.wrap_up(house.node.desk, aino, contact, "answered")
    with pytest.raises(Refused, match="wrong_state"):
        await introduce(house, aino, contact, name="Toinen")


async def test_the_name_is_masked(house: House, aino: Actor) -> None:
    contact = await start(house, aino)
    card = await introduce(house, aino, contact, name="Ville 131052-308T")
    assert card["person"]["name"] == "Ville 131052-****"
