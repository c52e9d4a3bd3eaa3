"""The way back into a chat: the secret, and what it finds."""

from __future__ import annotations

import pytest

from contactcenter.chat.talk import Talk
from contactcenter.desk import handling
from contactcenter.errors import Refused
from tests.house import House
from tests.rooms.chat import Page, hello, taken


async def test_the_secret_is_renewed_and_an_old_one_is_worth_nothing(house: House) -> None:
    first, second, third = Page(), Page(), Page()
    await hello(house, first)
    old = first.secret
    talk = await hello(house, second, resume=old)
    assert first.closed == 4409
    assert second.secret != old
    again = await hello(house, third, resume=old)  # nothing was heard on the second: still good
    assert again.contact == talk.contact
    await again.heard()
    with pytest.raises(Refused, match="resume_unknown"):
        await hello(house, Page(), resume=old)
    with pytest.raises(Refused, match="resume_unknown"):
        await hello(house, Page(), resume=second.secret)
    with pytest.raises(Refused, match="resume_unknown"):
        await hello(house, Page(), resume="x" * 43)
    assert (await hello(house, Page(), resume=third.secret)).contact == talk.contact


async def test_of_two_hellos_with_one_secret_the_newer_stays(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, slow, quick = Page(), Page(), Page()
    await hello(house, first)
    enter = house.node.chats.enter

    async def overtaken(talk: Talk) -> None:
        monkeypatch.setattr(house.node.chats, "enter", enter)
        await hello(house, quick, resume=first.secret)
        await enter(talk)

    monkeypatch.setattr(house.node.chats, "enter", overtaken)
    await hello(house, slow, resume=first.secret)
    assert (first.closed, slow.closed, quick.closed) == (4409, 4409, None)


async def test_a_lost_welcome_is_asked_for_again(house: House) -> None:
    first, second = Page(), Page()
    talk = await hello(house, first, request_id="r1")
    again = await hello(house, second, request_id="r1")
    assert again.contact == talk.contact
    await again.heard()
    with pytest.raises(Refused, match="request_id_used"):
        await hello(house, Page(), request_id="r1")
    assert len(await house.rows("SELECT id FROM contact")) == 1


async def test_a_late_repeat_of_a_hello_locks_nobody_out(house: House) -> None:
    """The page gave its first try up, and that is done after the second."""
    page, long_gone = Page(), Page()
    talk = await hello(house, page, request_id="r1")
    await hello(house, long_gone, request_id="r1")
    await talk.heard()
    back, again = Page(), Page()
    resumed = await hello(house, back, resume=page.secret)
    await hello(house, again, resume=page.secret)
    await resumed.heard()
    assert (await hello(house, Page(), resume=back.secret)).contact == talk.contact
    with pytest.raises(Refused, match="resume_unknown"):
        await hello(house, Page(), resume=page.secret)


async def test_a_repeated_hello_finds_its_chat_though_the_queue_closed(house: House) -> None:
    talk = await hello(house, Page(), request_id="r1")
    await house.rows("UPDATE queue SET always_open = false WHERE key = 'general' RETURNING id")
    again = await hello(house, Page(), request_id="r1")
    assert again.contact == talk.contact


async def test_a_chat_outlives_the_closing_of_its_queue(house: House) -> None:
    page, back = Page(), Page()
    talk = await hello(house, page)
    await house.rows("UPDATE queue SET channels = ARRAY['mail'] WHERE key = 'general' RETURNING 1")
    again = await hello(house, back, resume=page.secret, after=2**31 - 1)
    assert again.contact == talk.contact
    await again.message("c1", "Hei")
    assert [m["text"] for m in back.of("message")] == ["Hei"]
    with pytest.raises(Refused, match="unknown_queue"):
        await hello(house, Page())
    with pytest.raises(Refused, match="unknown_queue"):
        await hello(house, Page(), queue="general\0")


async def test_after_a_transfer_the_page_is_told_where_it_waits(house: House) -> None:
    page = Page()
    talk = await hello(house, page)
    actor = await taken(house)
    await handling.transfer_to_queue(house.node.desk, actor, talk.contact, "building", None)
    back = Page()
    await hello(house, back, resume=page.secret)
    assert back.of("welcome")[0]["queue"]["key"] == "building"
    assert back.of("waiting")


async def test_after_the_end_a_message_gets_closed_and_a_hello_opens_a_new_contact(
    house: House,
) -> None:
    page = Page()
    talk = await hello(house, page)
    await talk.message("c1", "Hei")
    actor = await taken(house)
    await handling.close(house.node.desk, actor, talk.contact)
    await talk.message("c2", "Vielä yksi asia")
    assert [end["reason"] for end in page.of("closed")] == ["agent"]
    await talk.message("c3", "Kuuluuko?")
    assert len(page.of("closed")) == 2
    again = Page()
    new = await hello(house, again, resume=page.secret)
    assert new.contact != talk.contact
    assert new.case == talk.case
    assert [m["text"] for m in again.of("message")] == ["Hei"]
    event = await house.row("SELECT why FROM event WHERE contact_id = $1", new.contact)
    assert event["why"] == "reopened"


async def test_who_was_away_when_it_ended_is_told_before_anything_new(house: House) -> None:
    page = Page()
    talk = await hello(house, page)
    actor = await taken(house)
    await talk.gone()
    await handling.close(house.node.desk, actor, talk.contact)
    back = Page()
    same = await hello(house, back, resume=page.secret)
    assert same.contact == talk.contact
    assert [end["reason"] for end in back.of("closed")] == ["agent"]
    later = Page()
    new = await hello(house, later, resume=back.secret)
    assert new.contact != talk.contact
