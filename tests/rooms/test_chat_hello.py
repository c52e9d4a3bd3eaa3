"""Hello: a contact in line, its place, and when there is none."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from contactcenter.channel import Hello
from contactcenter.chat.opening import Opening
from contactcenter.desk import writing
from contactcenter.errors import Refused
from contactcenter.queue.publish import Change
from tests.house import House
from tests.rooms.chat import Page, hello, taken


async def test_a_hello_is_a_contact_in_line_with_a_place(house: House) -> None:
    first, second = Page(), Page()
    one = await hello(house, first, name="Ville")
    two = await hello(house, second)
    assert first.of("welcome")[0]["contact"] == str(one.contact)
    assert first.of("waiting") == [
        {"type": "waiting", "place": 1, "low_s": None, "high_s": None, "staffed": False}
    ]
    assert second.of("waiting")[0]["place"] == 2
    assert await house.kinds(two.contact) == ["entered"]
    assert (await house.contact(one.contact))["state"] == "queued"


async def test_welcome_is_the_first_frame_and_carries_the_ref(house: House) -> None:
    page = Page()
    page.ref = 7
    talk = await hello(house, page)
    assert [page.frames[0][name] for name in ("type", "ref")] == ["welcome", 7]
    await talk.message("c1", "Hei")
    assert page.of("message")[0]["ref"] == 7
    actor = await taken(house)
    await writing.reply(house.node.desk, actor, talk.contact, "a1", "Hei")
    back = Page()
    publish = house.node.publisher.publish

    async def and_looks(change: Change) -> bool:
        """The page's own change comes back to the node before the page is welcomed."""
        done = await publish(change)
        await house.node.chats.look_once()
        return done

    house.node.publisher.publish = and_looks  # type: ignore[method-assign]
    await hello(house, back, resume=page.secret)
    kinds = [frame["type"] for frame in back.frames]
    assert kinds == ["welcome", "message", "message", "agent_came", "joined"]
    assert ["client_id" in m for m in back.of("message")] == [True, False]


async def test_place_is_kept_among_the_others(house: House) -> None:
    pages = [Page() for _ in range(3)]
    talks = [await hello(house, page) for page in pages]
    await talks[0].gone()
    await house.node.chats.places_once()
    assert pages[1].of("waiting")[-1]["place"] == 1
    back = Page()
    await hello(house, back, resume=pages[0].secret)
    await house.node.chats.places_once()
    assert back.of("waiting")[-1]["place"] == 1
    assert pages[2].of("waiting")[-1]["place"] == 3


async def test_while_the_line_is_not_known_no_place_is_told(house: House) -> None:
    pages = [Page() for _ in range(3)]
    for page in pages:
        await hello(house, page)
    await house.node.live.call("FLUSHALL")
    await house.node.chats.places_once()
    assert [page.of("waiting")[-1]["place"] for page in pages] == [1, 2, 3]


async def test_a_queue_without_staff_takes_a_message_instead(house: House) -> None:
    page = Page()
    await house.rows(
        "UPDATE queue SET always_open = false, hours = '{}' WHERE key = 'daycare' RETURNING id"
    )
    opening = Opening(house.node.chats)
    asked = Hello(queue="daycare", language="sv", name="Åsa")
    assert await opening.open(asked, page) is None
    shut = {
        "type": "closed",
        "reason": "queue_closed",
        "opens_at": None,
        "offers": ["leave_message", "callback"],
    }
    number = {"number": "015 194 1", "link": "tel:+358151941"}
    assert page.frames == [shut | {"phone": number}]
    await house.rows("UPDATE organisation SET phone = '' RETURNING 1")
    other = Page()
    assert await opening.open(asked, other) is None
    assert other.frames == [shut]
    contact = await opening.leave_message(asked, page, "m1", "asa@example.org", "Ring mig")
    assert await opening.leave_message(asked, page, "m1", "asa@example.org", "Ring mig") == contact
    with pytest.raises(Refused, match="request_id_used"):
        await opening.leave_message(asked, page, "m1", "asa@example.org", "Något annat")
    row = await house.contact(int(contact))
    assert (row["channel"], row["language"], row["state"]) == ("mail", "sv", "queued")
    for wrong in ("nobody", "a b@c.fi", "a@b", "a@b.fi\r\nBcc: c@d.fi", "..@b.fi", "a@b.fi>"):
        with pytest.raises(Refused, match="invalid_email"):
            await opening.leave_message(asked, page, "m2", wrong, "Ring mig")
    await house.on_duty("aino@mikkeli.example")
    house.node.chats.staffed.forget()
    assert (await hello(house, Page(), queue="daycare")).contact


async def hours(house: House, opens_in_days: int | None) -> None:
    """The daycare queue is open on one day only, counted from today in Helsinki; None: today."""
    today = datetime.now(ZoneInfo("Europe/Helsinki")).date()
    day = today + timedelta(days=opens_in_days or 0)
    spans = [["00:00", "24:00"]] if opens_in_days is None else [["09:00", "16:00"]]
    await house.rows(
        "UPDATE queue SET always_open = false, hours = $1 WHERE key = 'daycare' RETURNING id",
        json.dumps({"weekly": {"1": []}, "exceptions": {day.isoformat(): spans}}),
    )


async def test_outside_its_hours_a_queue_says_when_it_opens(house: House) -> None:
    await house.on_duty("aino@mikkeli.example")  # somebody at work is no opening hour
    await hours(house, 3)
    page = Page()
    assert await Opening(house.node.chats).open(Hello(queue="daycare", language="fi"), page) is None
    (closed,) = page.of("closed")
    opens = datetime.fromisoformat(closed["opens_at"]).astimezone(ZoneInfo("Europe/Helsinki"))
    assert (opens.date() - datetime.now(opens.tzinfo).date(), opens.hour) == (timedelta(days=3), 9)
    assert await house.rows("SELECT 1 FROM contact") == []


async def test_who_waits_when_the_hours_end_stays_in_line(house: House) -> None:
    await house.on_duty("kirsi@kela.example")
    await house.on_duty("aino@mikkeli.example", "break")
    await hours(house, None)
    page = Page()
    talk = await hello(house, page, queue="daycare")
    await hours(house, 3)
    await talk.gone()
    back = Page()
    again = await hello(house, back, queue="daycare", resume=page.secret)
    assert again.contact == talk.contact
    assert back.of("waiting")[0]["place"] == 1


async def test_new_contacts_from_one_address_are_bounded(house: House) -> None:
    house.node.chats.per_minute = 2
    page = Page()
    talk = await hello(house, page)
    await talk.leave()
    asked = Hello(queue="general", language="fi")
    opening = Opening(house.node.chats)
    await opening.leave_message(asked, page, "m1", "ville@example.org", "Hei")
    with pytest.raises(Refused, match="too_many"):
        await opening.leave_message(asked, page, "m2", "ville@example.org", "Hei")
    with pytest.raises(Refused, match="too_many"):
        await hello(house, Page())
    with pytest.raises(Refused, match="too_many"):
        await hello(house, Page(), resume=page.secret)


async def test_welcome_says_what_the_wait_may_be_changed_to(house: House) -> None:
    page, other = Page(), Page()
    await hello(house, page)
    assert page.of("welcome")[0]["offers"] == ["callback", "mail"]
    async with house.node.db.transaction() as conn:
        await conn.execute("UPDATE queue SET channels = '{chat}'")
        await conn.execute("DELETE FROM mail_address")
    await hello(house, other)
    assert other.of("welcome")[0]["offers"] == []
