"""What the citizen does on the page of a case: writing, taking it back, another way."""

from __future__ import annotations

import asyncio

import pytest

from contactcenter.desk import handling, mailing, recipients, writing
from contactcenter.errors import Refused
from contactcenter.queue.own import lock_own
from tests.house import House
from tests.rooms.calls import NUMBER, ask, callback, sound, take
from tests.rooms.case_pages import HERE, link, look, room, texts
from tests.rooms.chat import Page, hello, taken
from tests.rooms.test_mailing import in_hand, reply

IBAN = "131052-308T"


async def test_what_is_written_joins_in_its_place(house: House) -> None:
    contact = await house.arrives()
    before = await house.contact(contact)
    token = await link(house, contact)
    await asyncio.gather(*(room(house).write(token, "w1", "Lisään tämän") for _ in range(5)))
    after = await house.contact(contact)
    for kept in ("state", "rank", "first_arrival", "wait_from"):
        assert after[kept] == before[kept], kept
    assert (after["unread"], await texts(house, contact)) == (
        2,
        ["Milloin kirjasto on auki?", "Lisään tämän"],
    )
    with pytest.raises(Refused, match="request_id_used"):
        await room(house).write(token, "w1", "Aivan muuta")
    await room(house).write(token, "w2", f"Tunnukseni on {IBAN}")
    assert IBAN not in (await texts(house, contact))[-1]
    await sound(house)


async def test_two_tabs_are_two_messages(house: House) -> None:
    contact = await house.arrives()
    token = await link(house, contact)
    await asyncio.gather(*(room(house).write(token, f"w{n}", f"Viesti {n}") for n in range(6)))
    rows = await house.rows("SELECT seq FROM message ORDER BY seq")
    assert [row["seq"] for row in rows] == list(range(1, 8))
    assert set(await texts(house, contact)) >= {f"Viesti {n}" for n in range(6)}
    await sound(house)


async def test_its_agent_is_told(house: House) -> None:
    aino, contact = await in_hand(house)
    await room(house).write(await link(house, contact), "w1", "Vielä tämä")
    told = (await house.told(aino, "message"))[-1]
    assert (told["contact"], told["message"]["text"]) == (str(contact), "Vielä tämä")
    assert "other_sender" not in told["message"]
    assert (await house.told(aino, "contact"))[-1]["contact"]["unread"] == 2
    assert (await look(house, contact)).story == "handled"
    answer = await reply(house, aino, contact)
    assert answer["recipient"] == "ville@example.org"


async def test_after_the_end_it_opens_a_mail(house: House) -> None:
    aino, contact = await in_hand(house)
    await handling.wrap_up(house.node.desk, aino, contact, "answered")
    token = await link(house, contact)
    await asyncio.gather(
        room(house).write(token, "w1", "Jatkan"), room(house).write(token, "w2", "Ja vielä")
    )
    row = await house.row("SELECT * FROM contact WHERE id <> $1", contact)
    assert (row["channel"], row["state"], row["unread"]) == ("mail", "queued", 2)
    assert row["case_id"] == (await house.contact(contact))["case_id"]
    await sound(house)


async def test_writing_races_with_the_end(house: House) -> None:
    aino, contact = await in_hand(house)
    token = await link(house, contact)
    await asyncio.gather(
        handling.wrap_up(house.node.desk, aino, contact, "answered"),
        room(house).write(token, "w1", "Samalla hetkellä"),
    )
    message = await house.row("SELECT contact_id, at FROM message WHERE client_id IS NOT NULL")
    owner = await house.contact(message["contact_id"])
    if owner["state"] == "closed":  # it was there before the agent closed, who could see it
        assert owner["closed_at"] >= message["at"]
    else:
        assert owner["state"] == "queued"
    await sound(house)


async def test_a_chat_left_alone_is_answered_in_writing(house: House) -> None:
    page = Page()
    talk = await hello(house, page)
    await talk.message("c1", "Hei")
    await talk.gone()
    before = await house.contact(talk.contact)
    assert before["away_from"] is not None
    await room(house).write(await link(house, talk.contact), "w1", "Lähdin jo")
    after = await house.contact(talk.contact)
    assert (after["channel"], after["rank"], after["away_from"]) == ("mail", before["rank"], None)
    await sound(house)


async def test_an_open_question_can_be_answered_by_a_press_here_too(house: House) -> None:
    talk = await hello(house, Page(), language="fi", page_language="fi")
    await talk.message("c1", "Hei")
    aino = await taken(house)
    extras = recipients.read(choices=["Maanantai", "<b>"])
    await writing.reply(house.node.desk, aino, talk.contact, "r1", "Kumpi?", extras)
    await talk.reads("sv")
    view = await look(house, talk.contact)
    assert view.choices == ("Maanantai", "<b>")
    assert view.language == "sv"  # the one that the citizen chose last
    token = await link(house, talk.contact)
    await room(house).write(token, "w1", "Maanantai")
    assert (await look(house, talk.contact)).choices == ()
    await writing.reply(house.node.desk, aino, talk.contact, "r2", "Ja?", extras)
    await handling.close(house.node.desk, aino, talk.contact)
    await handling.wrap_up(house.node.desk, aino, talk.contact, "answered")
    assert (await look(house, talk.contact)).choices == ()  # nobody asks any more


async def test_an_answer_without_an_address_is_for_the_page(house: House) -> None:
    talk = await hello(house, Page())
    await talk.message("c1", "Hei")
    token = await link(house, talk.contact)
    await house.rows("UPDATE cases SET has_page = false RETURNING 1")
    await talk.gone()
    await room(house).write(token, "w1", "Lähdin jo")
    aino, desk = await taken(house), house.node.desk
    with pytest.raises(Refused, match="no_mail_address"):
        await writing.reply(desk, aino, talk.contact, "r1", "Kello 8.")
    await link(house, talk.contact)
    async with house.node.db.transaction() as conn:
        row = await lock_own(conn, aino, talk.contact, "active")
        assert (await mailing.preview(conn, desk, aino, row))["page"]
    await writing.reply(desk, aino, talk.contact, "r1", "Kello 8.")
    await writing.reply(desk, aino, talk.contact, "r1", "Kello 8.")
    assert await house.rows("SELECT * FROM outbound") == []
    assert (await texts(house, talk.contact))[-1] == "Kello 8."
    await room(house).add_address(token, "Vilma@Example.org")
    await room(house).add_address(token, "vilma@example.org")
    await writing.reply(desk, aino, talk.contact, "r2", "Ja postitse.")
    (sent,) = await house.rows("SELECT * FROM outbound")
    assert sent["recipient"] == "vilma@example.org"
    with pytest.raises(Refused, match="address_known"):
        await room(house).add_address(token, "mallory@example.org")
    identity = await house.row("SELECT * FROM identity WHERE kind = 'email'")
    assert identity["strength"] == "asserted"
    await sound(house)


async def test_a_known_address_stays_whose_it_is(house: House) -> None:
    await house.arrives()  # Ville's
    talk = await hello(house, Page())
    await talk.message("c1", "Hei")
    person = (await house.contact(talk.contact))["person_id"]
    await room(house).add_address(await link(house, talk.contact), "ville@example.org")
    whose = await house.row("SELECT person_id FROM identity WHERE kind = 'email'")
    assert whose["person_id"] != person
    assert (await house.contact(talk.contact))["person_id"] == person
    assert await texts(house, talk.contact) == ["Hei"]


@pytest.mark.parametrize("offered", [False, True])
async def test_what_waits_is_taken_back(house: House, offered: bool) -> None:
    contact = await house.arrives()
    aino = await house.on_duty("aino@mikkeli.example") if offered else None
    await house.route()
    token = await link(house, contact)
    await asyncio.gather(*(room(house).cancel(token) for _ in range(3)))
    view = await room(house).look(token)
    assert (view.story, view.over) == ("cancelled", True)
    assert view.asks is None  # nobody served whom to ask about
    assert (await house.kinds(contact))[-1] == "abandoned"
    if aino:
        assert (await house.told(aino, "offer_ended"))[-1]["why"] == "withdrawn"
    assert (await house.row("SELECT state FROM cases"))["state"] == "resolved"
    noted = await house.row("SELECT * FROM audit WHERE verb = 'citizen_cancelled'")
    assert (noted["object_id"], noted["user_id"]) == (str(contact), None)
    await room(house).write(token, "w1", "Sittenkin")
    assert (await room(house).look(token)).story == "waiting"
    await sound(house)


async def test_an_agent_is_told_that_it_is_not_needed(house: House) -> None:
    aino, contact = await in_hand(house)
    token = await link(house, contact)
    for _ in range(2):
        await room(house).cancel(token)
    assert (await house.contact(contact))["state"] == "active"
    (told,) = [f for f in await house.told(aino, "message") if "tarvitse" in f["message"]["text"]]
    assert told["message"]["direction"] == "inbound"
    await sound(house)


async def test_taking_back_races_with_accepting(house: House) -> None:
    contact = await house.arrives()
    aino = await house.on_duty("aino@mikkeli.example")
    await house.route()
    (offer,) = await house.offers(aino)
    token = await link(house, contact)
    await asyncio.gather(
        handling.accept(house.node.desk, aino, offer),
        room(house).cancel(token),
        return_exceptions=True,
    )
    state = (await house.contact(contact))["state"]
    said = await house.rows("SELECT text FROM message WHERE client_id IS NOT NULL")
    assert (state, len(said)) in (("abandoned", 0), ("active", 1))
    await sound(house)


async def test_a_mail_becomes_a_call_and_a_mail_again(house: House) -> None:
    contact = await house.arrives()
    before = await house.contact(contact)
    token = await link(house, contact)
    await room(house).to_callback(token, "050 339 1387", "r1", HERE)
    await room(house).to_callback(token, "050 339 1387", "r1", HERE)
    row = await house.contact(contact)
    assert (row["channel"], row["state"]) == ("callback", "queued")
    assert (await callback(house, contact))["number"] == NUMBER
    await sound(house)
    view = await room(house).look(token)
    assert (view.offers, view.mailbox) == (("mail",), "v…@example.org")
    await room(house).to_mail(token, "")
    await room(house).to_mail(token, "")
    noted = await house.rows("SELECT verb, address FROM audit WHERE verb LIKE 'citizen%'")
    assert {tuple(row) for row in noted} == {
        ("citizen_changed", None)
    }  # where from is kept nowhere
    await sound(house)
    await room(house).to_callback(token, "050 339 1387", "r2", HERE)
    row = await house.contact(contact)
    assert (row["channel"], (await callback(house, contact))["result"]) == ("callback", None)
    for kept in ("first_arrival", "rank", "wait_from", "person_id"):
        assert row[kept] == before[kept], kept
    await sound(house)
    aino, _ = await take(house)
    card = (await house.told(aino, "contact"))[-1]["contact"]
    assert card["callback"]["number"] == NUMBER


async def test_a_promised_call_becomes_a_mail(house: House) -> None:
    await house.rows("UPDATE queue SET callbacks_per_half_hour = 1 RETURNING 1")
    window = (await house.node.callbacks.open_windows("general"))[0]
    asked = await ask(house, window=window)
    token = await link(house, asked.contact)
    with pytest.raises(Refused, match="invalid_email"):
        await room(house).to_mail(token, "ei osoite")
    await room(house).to_mail(token, "vilma@example.org")
    row = await house.contact(asked.contact)
    assert (row["channel"], row["state"]) == ("mail", "queued")
    assert window in await house.node.callbacks.open_windows("general")
    status = await house.node.callbacks.status(asked.token)
    assert (status.state, status.result, status.cancellable) == ("closed", "cancelled", False)
    await house.node.callbacks.cancel(asked.token)
    assert (await house.contact(asked.contact))["state"] == "queued"
    assert not (await ask(house, request_id="r2")).joined
    await sound(house)
    aino = await house.on_duty("aino@mikkeli.example")
    await house.rows("UPDATE callback SET result = result RETURNING 1")
    await house.route()
    assert await house.offers(aino)


async def test_so_many_acts_an_hour(house: House) -> None:
    contact = await house.arrives()
    token = await link(house, contact)
    for n in range(house.node.settings.case_acts_per_hour):
        await house.node.limits.take(
            "case_page", str((await house.contact(contact))["case_id"]), 60, 3600
        )
        if n == 59:
            break
    with pytest.raises(Refused, match="too_many"):
        await room(house).write(token, "w1", "Yksi liikaa")
