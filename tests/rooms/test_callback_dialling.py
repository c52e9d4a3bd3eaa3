"""Attempts: what came of a call, the next try, the end, and the mail that says so."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from contactcenter.desk import casework, drafts, handling, writing
from contactcenter.errors import Refused
from contactcenter.kernel import keys
from tests.house import House
from tests.rooms.calls import accept, ask, attempt, callback, due, load, sound, take
from tests.rooms.chat import Page, hello

BJORN = "bjorn@mikkeli.example"


async def mails(house: House) -> list[tuple[str, str, str]]:
    rows = await house.rows("SELECT * FROM outbound ORDER BY send_id")
    assert all(row["automatic"] and row["kind"] == "notice" for row in rows)
    return [(row["recipient"], row["language"], row["text"]) for row in rows]


async def test_reached_goes_on_and_is_closed_as_always(house: House) -> None:
    await ask(house)
    aino, contact = await take(house)
    strength = "SELECT strength FROM identity"
    assert (await house.row(strength))["strength"] == "asserted"
    await attempt(house, aino, contact, "reached")
    assert (await house.row(strength))["strength"] == "verified"
    assert (await house.contact(contact))["state"] == "active"
    await attempt(house, aino, contact, "reached")  # the answer was lost
    owed = await callback(house, contact)
    assert (owed["attempts"], owed["result"]) == (1, None)
    with pytest.raises(Refused, match="no_way_to_write"):
        await writing.reply(house.node.desk, aino, contact, "c1", "Hei")
    await writing.note(house.node.desk, aino, contact, "c1", "Sovittiin.")
    await handling.hold(house.node.desk, aino, contact, True)
    await handling.wrap_up(house.node.desk, aino, contact, "answered")
    assert (await callback(house, contact))["result"] == "reached"
    assert await load(house, aino) == 0
    assert await house.kinds(contact) == [
        "entered",
        "offered",
        "offer_ended",
        "accepted",
        "held",
        "wrap_up",
        "closed",
    ]
    await sound(house)


@pytest.mark.parametrize("outcome", ["no_answer", "busy"])
async def test_a_miss_leaves_the_agent_and_comes_back_in_its_place(
    house: House, outcome: str
) -> None:
    await house.rows("UPDATE queue SET hours = '{}' RETURNING 1")  # open now, whatever the hour
    asked = await ask(house)
    aino, contact = await take(house)
    before = await house.contact(contact)
    await attempt(house, aino, contact, outcome)
    row, owed = await house.contact(contact), await callback(house, contact)
    assert (row["state"], row["owner"], row["rank"]) == ("scheduled", None, before["rank"])
    pause = owed["next_at"] - datetime.now(UTC)
    assert timedelta(minutes=29) < pause <= timedelta(minutes=30)
    assert await load(house, aino) == 0
    card = (await house.told(aino, "contact"))[-1]["contact"]
    assert (card["state"], card["callback"]["outcome"]) == ("scheduled", outcome)
    assert card["callback"]["next_at"] == owed["next_at"].isoformat(timespec="microseconds")
    assert "number" not in card["callback"]
    status = await house.node.callbacks.status(asked.token)
    assert (status.state, status.next_at) == ("scheduled", owed["next_at"])
    await attempt(house, aino, contact, outcome)  # a repeat, though it is nobody's any more
    assert (await callback(house, contact))["attempts"] == 1
    assert await due(house) == 1
    event = await house.row("SELECT * FROM event ORDER BY id DESC LIMIT 1")
    assert (event["kind"], event["why"], event["rank"]) == ("entered", "retry", row["rank"])
    assert await accept(house, aino) == contact
    left = await house.row("SELECT why FROM event WHERE kind = 'left'")
    assert left["why"] == "not_reached"
    await sound(house)


@pytest.mark.parametrize(("name", "told"), [("ville VEIKKONEN", 1), ("", 1), ("Maija Korhonen", 0)])
async def test_a_mail_goes_to_no_other_name_at_the_same_number(
    house: House, name: str, told: int
) -> None:
    first = await ask(house, name="Ville Veikkonen", email="ville@example.org")
    await house.node.callbacks.cancel(first.token)
    await ask(house, name=name, request_id="r2")
    aino, contact = await take(house)
    card = (await house.told(aino, "contact"))[-1]["contact"]["person"]
    assert card["name"] == (name or "Ville Veikkonen")
    await attempt(house, aino, contact, "wrong_number")
    assert len(await mails(house)) == told


async def test_three_misses_end_it_and_a_mail_says_so(house: House) -> None:
    await ask(house, email="ville@example.org", language="sv", matter="Hemligt ärende")
    aino = await house.on_duty("aino@mikkeli.example")
    for n, outcome in enumerate(("no_answer", "busy", "no_answer")):
        contact = await accept(house, aino)
        await attempt(house, aino, contact, outcome, n)
        await due(house)
    row = await house.contact(contact)
    assert (row["state"], row["disposition"], row["owner"]) == (
        "closed",
        "not_reached",
        aino.user_id,
    )
    assert (await callback(house, contact))["result"] == "not_reached"
    ((recipient, language, text),) = await mails(house)
    assert (recipient, language) == ("ville@example.org", "sv")
    assert "Antal försök: 3" in text
    assert "Hemligt" not in text
    assert "3391387" not in text
    assert await load(house, aino) == 0
    assert (await house.kinds(contact))[-1] == "closed"
    await attempt(house, aino, contact, "no_answer", 2)  # the answer was lost
    assert len(await mails(house)) == 1
    await sound(house)


async def test_without_an_address_no_mail_and_a_known_one_is_used(house: House) -> None:
    await house.rows("UPDATE callback SET most = 1 WHERE false RETURNING 1")
    await ask(house)
    aino, contact = await take(house)
    await house.rows("UPDATE callback SET most = 1 RETURNING 1")
    await attempt(house, aino, contact, "busy")
    assert await mails(house) == []
    row = await house.contact(contact)
    for address, strength in (("new@x.fi", "asserted"), ("sure@x.fi", "verified")):
        await house.rows(
            "INSERT INTO identity (organisation_id, kind, address, person_id, strength, seen_at)"
            " VALUES ($1, 'email', $2, $3, $4, now() - $5::interval) RETURNING 1",
            row["organisation_id"],
            address,
            row["person_id"],
            strength,
            timedelta(days=strength == "verified"),
        )
    await ask(house, request_id="r2")
    again = await accept(house, aino)
    await house.rows("UPDATE callback SET most = 1 RETURNING 1")
    await attempt(house, aino, again, "busy")
    assert [mail[0] for mail in await mails(house)] == ["sure@x.fi"]


async def test_a_wrong_number_is_wrapped_up_and_told_by_mail(house: House) -> None:
    await ask(house, email="ville@example.org")
    aino, contact = await take(house)
    await attempt(house, aino, contact, "wrong_number")
    assert (await house.contact(contact))["state"] == "wrap_up"
    assert (await callback(house, contact))["result"] == "wrong_number"
    ((_, _, text),) = await mails(house)
    assert "väärä puhelinnumero" in text
    await sound(house)
    await handling.wrap_up(house.node.desk, aino, contact, "answered")
    assert (await callback(house, contact))["result"] == "wrong_number"
    assert await load(house, aino) == 0
    await sound(house)


async def test_again_at_is_to_come_and_within_the_opening_hours(house: House) -> None:
    await ask(house)
    aino, contact = await take(house)
    now = datetime.now(UTC)
    for wrong in (now - timedelta(seconds=1), now + timedelta(days=15)):
        with pytest.raises(Refused, match="bad_request") as refused:
            await attempt(house, aino, contact, "busy", again_at=wrong)
        assert refused.value.field == "again_at"
    with pytest.raises(Refused, match="bad_request"):
        await attempt(house, aino, contact, "reached", again_at=now + timedelta(hours=1))
    assert await house.rows("SELECT FROM attempt") == []
    day = (now + timedelta(days=5)).isoweekday()
    await house.rows(
        "UPDATE queue SET always_open = false, hours = $1::jsonb RETURNING 1",
        f'{{"weekly": {{"{day}": [["09:00", "15:00"]]}}, "holidays": "open", "eves": "open"}}',
    )
    await attempt(house, aino, contact, "busy", again_at=now + timedelta(days=3))
    owed = await callback(house, contact)
    assert owed["next_at"].isoweekday() == day
    assert now + timedelta(days=3) < owed["next_at"]
    stored = await house.row("SELECT again_at FROM attempt")
    assert stored["again_at"] == owed["next_at"]


async def test_two_tabs_record_one_attempt(house: House) -> None:
    await ask(house)
    aino, contact = await take(house)
    await asyncio.gather(*(attempt(house, aino, contact, "no_answer") for _ in range(5)))
    assert (await callback(house, contact))["attempts"] == 1
    with pytest.raises(Refused, match="client_id_used"):
        await attempt(house, aino, contact, "busy")
    with pytest.raises(Refused, match="not_yours"):
        await attempt(house, aino, contact, "busy", 2)
    await sound(house)


async def test_only_its_owner_dials_and_only_a_callback(house: House) -> None:
    await ask(house)
    aino, contact = await take(house)
    bjorn = await house.on_duty(BJORN, "break")
    kirsi = await house.on_duty("kirsi@kela.example", "break")
    for other, code in ((bjorn, "not_yours"), (kirsi, "not_found")):
        with pytest.raises(Refused, match=code):
            await attempt(house, other, contact, "reached")
        with pytest.raises(Refused, match=code):
            await house.node.callbacks.dial(other, contact)
    await handling.wrap_up(house.node.desk, aino, contact, "answered")
    with pytest.raises(Refused, match="wrong_state"):
        await attempt(house, aino, contact, "reached")
    await house.arrives()
    mail = await accept(house, aino)
    with pytest.raises(Refused, match="wrong_state"):
        await attempt(house, aino, mail, "reached")


async def test_a_dial_is_of_this_handling(house: House) -> None:
    await ask(house)
    aino, contact = await take(house)
    await house.node.desk.publish(await house.node.callbacks.dial(aino, contact))
    await attempt(house, aino, contact, "no_answer")
    await due(house)
    await accept(house, aino)
    card = (await house.told(aino, "contact"))[-1]["contact"]["callback"]
    assert (card["dialled_at"], card["attempts"], card["outcome"]) == (None, 1, "no_answer")


async def test_a_transfer_keeps_the_callback(house: House) -> None:
    await ask(house)
    aino, contact = await take(house)
    await attempt(house, aino, contact, "reached")
    await handling.transfer_to_queue(house.node.desk, aino, contact, "building", None)
    row = await house.contact(contact)
    assert (row["state"], (await callback(house, contact))["result"]) == ("queued", None)
    assert await load(house, aino) == 0
    await sound(house)


async def test_a_promised_callback_stays_due_when_it_is_passed_on(house: House) -> None:
    window = (await house.node.callbacks.open_windows("general"))[0]
    await ask(house, window=window)
    await due(house)
    aino, contact = await take(house)
    await handling.transfer_to_queue(house.node.desk, aino, contact, "building", None)
    assert (await house.contact(contact))["rank"] == int(window.closes.timestamp() * 1_000_000)


async def test_a_case_with_a_call_to_come_is_not_resolved(house: House) -> None:
    await ask(house)
    aino, contact = await take(house)
    await attempt(house, aino, contact, "no_answer")
    case = (await house.contact(contact))["case_id"]
    with pytest.raises(Refused, match="case_waits"):
        await casework.resolve(house.node.desk, aino, case)


async def test_a_draft_stays_until_the_end(house: House) -> None:
    await ask(house)
    aino, contact = await take(house)
    await drafts.save(house.node.desk, aino, contact, "Kesken")
    await attempt(house, aino, contact, "no_answer")
    assert len(await house.rows("SELECT FROM draft")) == 1
    await house.rows("UPDATE callback SET most = 2 RETURNING 1")
    await due(house)
    await accept(house, aino)
    await attempt(house, aino, contact, "no_answer", 2)
    assert await house.rows("SELECT FROM draft") == []


async def test_an_agent_who_talks_gets_chats_and_mails_past_any_number_of_callbacks(
    house: House,
) -> None:
    """Callbacks wait for an agent whose hands are empty; others wait for nobody but their rank."""
    await house.rows("UPDATE users SET pauses_mail = false RETURNING 1")
    aino = await house.on_duty("aino@mikkeli.example")
    await house.arrives()
    await accept(house, aino)
    await house.rows(
        "INSERT INTO contact (id, case_id, person_id, organisation_id, queue_id, channel, language,"
        " requirement, rank, state, first_arrival, wait_from)"
        " SELECT 10000000 + n, case_id, person_id, organisation_id, queue_id, 'callback', language,"
        " requirement, n, 'queued', now(), now() FROM contact, generate_series(1, 300) AS n"
        " RETURNING 1"
    )
    rows = await house.rows("SELECT * FROM contact WHERE channel = 'callback'")
    await house.node.publisher.arrived(rows)
    mail = await house.arrives()
    assert await accept(house, aino) == mail


async def test_the_reconciler_knows_where_callbacks_stand(house: House) -> None:
    asked = await ask(house)
    requirement = (await house.contact(asked.contact))["requirement"]
    house.node.reconciler.settle_s = 0.0
    live = house.node.live
    assert await house.node.reconciler.run_once() == 0
    await live.call("DEL", keys.whole(requirement))
    assert await house.node.reconciler.run_once() == 1
    await live.call("ZADD", keys.whole(requirement), 1, f"{99:019}")
    assert await house.node.reconciler.run_once() == 1
    assert list(await house.node.publisher.line.ranks([requirement])) == [asked.contact]
    assert (await take(house))[1] == asked.contact


async def test_a_place_counts_the_callbacks_before_it(house: House) -> None:
    await ask(house)
    talk = await hello(house, Page())
    await ask(house, request_id="r2", number="0931011111")
    line = house.node.publisher.line
    assert await line.places_of([(talk.requirement, talk.contact)]) == [2]
