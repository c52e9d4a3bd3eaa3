"""A chat that becomes a callback or a mail: the same contact, in its place, and no other end."""

from __future__ import annotations

import asyncio

import pytest

from contactcenter.desk import handling, writing
from contactcenter.errors import Refused
from tests.house import House
from tests.rooms.calls import NUMBER, accept, ask, attempt, callback, load, sound
from tests.rooms.chat import Page, hello, settle, taken


async def test_it_is_the_same_contact_in_its_place(house: House) -> None:
    page = Page()
    talk = await hello(house, page)
    await talk.message("c1", "Asia")
    before = await house.contact(talk.contact)
    page.ref = 7
    await talk.change("callback", "050 339 1387", "r1")
    page.ref = None
    (changed,) = page.of("changed")
    assert (changed["contact"], changed["ref"]) == (str(talk.contact), 7)
    token = changed["status_url"].rpartition("/callback/")[2]
    assert (await house.node.callbacks.status(token)).state == "queued"
    row = await house.contact(talk.contact)
    assert (row["channel"], row["state"], row["external_id"]) == ("callback", "queued", "r1")
    for kept in ("first_arrival", "rank", "wait_from", "case_id", "person_id"):
        assert row[kept] == before[kept], kept
    event = await house.row("SELECT * FROM event ORDER BY id DESC LIMIT 1")
    assert (event["kind"], event["why"], event["channel"]) == ("entered", "change", "callback")
    assert event["wait_from"] == before["wait_from"]
    identity = await house.row("SELECT * FROM identity")
    assert (identity["address"], identity["person_id"]) == (NUMBER, row["person_id"])
    await settle(house)
    assert page.of("closed") == []
    assert tuple(await house.row("SELECT ended, told FROM chat")) == ("changed", True)
    await sound(house)


async def test_an_agent_with_hands_full_is_no_longer_offered_it(house: House) -> None:
    await house.rows("UPDATE users SET pauses_mail = false RETURNING 1")
    aino = await house.on_duty("aino@mikkeli.example")
    await house.arrives()
    await accept(house, aino)
    talk = await hello(house, Page())
    await house.route()
    assert (await house.contact(talk.contact))["state"] == "offered"
    await talk.change("callback", "0503391387", "r1")
    assert (await house.told(aino, "offer_ended"))[-1]["why"] == "withdrawn"
    assert await load(house, aino) == 1
    assert await house.route() == 0
    assert (await house.contact(talk.contact))["state"] == "queued"
    await sound(house)


async def test_the_agent_gets_the_number_and_what_was_written(house: House) -> None:
    talk = await hello(house, Page())
    await talk.message("c1", "Asia")
    await talk.change("callback", "0503391387", "r1")
    aino = await taken(house)
    told = (await house.told(aino, "contact"))[-1]
    assert told["contact"]["callback"]["number"] == NUMBER
    assert [m["text"] for m in told["messages"]] == ["Asia"]
    await attempt(house, aino, talk.contact, "no_answer")
    assert (await house.contact(talk.contact))["state"] == "scheduled"
    await sound(house)


async def test_sent_again_it_is_answered_again(house: House) -> None:
    page = Page()
    talk = await hello(house, page)
    await talk.change("callback", "0503391387", "r1")
    await talk.change("callback", "0503391387", "r1")
    first, second = page.of("changed")
    assert first == second
    with pytest.raises(Refused, match="request_id_used"):
        await talk.change("callback", "0931011111", "r1")
    with pytest.raises(Refused, match="wrong_state"):
        await talk.change("callback", "0931011111", "r2")
    assert (await callback(house, talk.contact))["number"] == NUMBER


async def test_a_lost_answer_is_told_to_the_page_that_comes_back(house: House) -> None:
    page, again = Page(), Page()
    talk = await hello(house, page)
    await house.node.callbacks.change(talk.contact, "0503391387", "r1")  # and the node dies
    await talk.gone()
    assert (await house.contact(talk.contact))["away_from"] is None
    back = await hello(house, again, resume=page.secret)
    assert back.contact == talk.contact
    assert [frame["type"] for frame in again.frames] == ["welcome", "changed"]
    assert again.of("changed")[0]["status_url"]
    fresh = Page()
    third = await hello(house, fresh, resume=again.secret)  # it knows: a new chat of the case
    assert third.contact != talk.contact
    assert (await house.contact(third.contact))["case_id"] == talk.case
    await sound(house)


async def test_the_page_no_longer_has_a_hand_in_it(house: House) -> None:
    page = Page()
    talk = await hello(house, page)
    await talk.change("callback", "0503391387", "r1")
    await talk.leave()
    await talk.message("c1", "Vielä")
    await talk.gone()
    row = await house.contact(talk.contact)
    assert (row["state"], row["away_from"]) == ("queued", None)
    assert await house.rows("SELECT FROM message") == []
    assert [closed["reason"] for closed in page.of("closed")] == ["changed", "changed"]


async def test_only_who_waits_can_change(house: House) -> None:
    talk = await hello(house, Page())
    await taken(house)
    for to, where in (("callback", "0503391387"), ("mail", "a@b.fi")):
        with pytest.raises(Refused, match="wrong_state"):
            await talk.change(to, where, "r1")  # type: ignore[arg-type]
    assert (await house.contact(talk.contact))["channel"] == "chat"
    await sound(house)


async def test_a_number_with_an_open_request_leaves_the_chat_as_it_is(house: House) -> None:
    await ask(house)
    page = Page()
    talk = await hello(house, page)
    with pytest.raises(Refused, match="number_asked") as refused:
        await talk.change("callback", "0503391387", "r2")
    assert (refused.value.code, refused.value.field) == ("wrong_state", "number")
    row = await house.contact(talk.contact)
    assert (row["channel"], row["state"]) == ("chat", "queued")
    await talk.message("c1", "Olen vielä täällä")
    assert page.of("message")
    await sound(house)


async def test_two_chats_with_one_number_at_once(house: House) -> None:
    talks = [await hello(house, Page()) for _ in range(2)]
    answers = await asyncio.gather(
        *(talk.change("callback", "0503391387", f"r{n}") for n, talk in enumerate(talks)),
        return_exceptions=True,
    )
    assert [isinstance(answer, Refused) for answer in answers].count(True) == 1
    channels = [(await house.contact(talk.contact))["channel"] for talk in talks]
    assert sorted(channels) == ["callback", "chat"]
    await sound(house)


@pytest.mark.parametrize("number", ["116 117", "0600 12345", "abc"])
async def test_a_bad_number_leaves_the_chat_as_it_is(house: House, number: str) -> None:
    talk = await hello(house, Page())
    with pytest.raises(Refused) as refused:
        await talk.change("callback", number, "r1")
    assert refused.value.field == "number"
    assert (await house.contact(talk.contact))["channel"] == "chat"


async def test_a_queue_that_calls_nobody_back(house: House) -> None:
    talk = await hello(house, Page())
    await house.rows("UPDATE queue SET channels = '{chat}' RETURNING 1")
    with pytest.raises(Refused, match="closed"):
        await talk.change("callback", "0503391387", "r1")


async def test_a_chat_becomes_a_mail_that_is_answered(house: House) -> None:
    page = Page()
    talk = await hello(house, page)
    with pytest.raises(Refused, match="nothing_written"):
        await talk.change("mail", "Ville@example.org", "r1")
    await talk.message("c1", "Milloin kirjasto on auki?")
    before = await house.contact(talk.contact)
    await talk.change("mail", "Ville@example.org", "r1")
    await talk.change("mail", "ville@example.org", "r1")  # the answer was lost
    urls = {frame["status_url"].rpartition("/")[0] for frame in page.of("changed")}
    assert {url.rpartition("/")[2] for url in urls} == {"case"}
    with pytest.raises(Refused, match="request_id_used"):
        await talk.change("mail", "other@example.org", "r1")
    row = await house.contact(talk.contact)
    assert (row["channel"], row["state"], row["rank"]) == ("mail", "queued", before["rank"])
    event = await house.row("SELECT * FROM event ORDER BY id DESC LIMIT 1")
    assert (event["why"], event["wait_from"]) == ("change", before["wait_from"])
    aino = await taken(house)
    await writing.reply(house.node.desk, aino, talk.contact, "a1", "Kello 9-20.")
    sent = await house.row("SELECT * FROM outbound")
    assert (sent["kind"], sent["recipient"]) == ("reply", "ville@example.org")
    await handling.wrap_up(house.node.desk, aino, talk.contact, "answered")
    assert page.of("closed") == []
    await sound(house)


async def test_what_an_agent_said_in_the_chat_needs_no_mail(house: House) -> None:
    """Answered, passed on, and changed to a mail while it waits again."""
    talk = await hello(house, Page())
    await talk.message("c1", "Asia")
    aino = await taken(house)
    await writing.reply(house.node.desk, aino, talk.contact, "a1", "Hei")
    await handling.transfer_to_queue(house.node.desk, aino, talk.contact, "building", None)
    await talk.change("mail", "ville@example.org", "r1")
    await sound(house)


async def test_a_known_address_says_whose_the_case_is(house: House) -> None:
    mail = await house.contact(await house.arrives())
    talk = await hello(house, Page())
    await talk.message("c1", "Asia")
    await talk.change("mail", "ville@example.org", "r1")
    row = await house.contact(talk.contact)
    assert row["person_id"] == mail["person_id"]
    case = await house.row("SELECT person_id FROM cases WHERE id = $1", row["case_id"])
    assert case["person_id"] == mail["person_id"]
