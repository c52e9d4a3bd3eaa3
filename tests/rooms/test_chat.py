"""Chats, by the rooms: hello, place, talk, way back, leaving."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from contactcenter.accounts.authorise import Actor
from contactcenter.channel import Hello
from contactcenter.chat import store
from contactcenter.chat.opening import Opening
from contactcenter.chat.talk import Talk
from contactcenter.desk import casework, handling, writing
from contactcenter.errors import Refused
from contactcenter.kernel import keys
from contactcenter.kernel.live import LiveUnavailable
from contactcenter.queue import agents
from contactcenter.queue.publish import Change
from tests.house import House


class Page:
    """A citizen's connection: what it was sent, and how it was closed."""

    def __init__(self) -> None:
        self.language = "fi"
        self.address = "there"
        self.ref: Any = None
        self.frames: list[dict[str, Any]] = []
        self.closed: int | None = None

    async def receive(self) -> str | bytes | None:
        raise AssertionError("the rooms never ask for frames")

    def send(self, *frames: bytes) -> None:
        self.frames += map(json.loads, frames)

    def end(self, code: int) -> None:
        self.closed = code

    async def close(self, code: int) -> None:
        self.closed = code

    def words(self, refused: Refused) -> str:
        return refused.code

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [frame for frame in self.frames if frame["type"] == kind]

    @property
    def secret(self) -> str:
        text: str = self.of("welcome")[-1]["resume"]
        return text


async def hello(house: House, page: Page, **given: Any) -> Talk:
    talk = await Opening(house.node.chats).open(
        Hello(**{"queue": "general", "language": "fi"} | given), page
    )
    assert isinstance(talk, Talk)
    await house.node.chats.look_once()
    return talk


async def taken(house: House, email: str = "aino@mikkeli.example") -> Actor:
    """An agent who goes to work and takes what is offered first."""
    actor = await house.on_duty(email)
    await house.route()
    (offer,) = await house.offers(actor)
    await handling.accept(house.node.desk, actor, offer)
    return actor


async def settle(house: House) -> None:
    """Have every page look how it stands, as it would on hearing of a change."""
    chats = house.node.chats
    await chats.look(list(chats.talks.values()))


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


async def test_a_talk_goes_both_ways_once_and_in_order(house: House) -> None:
    page = Page()
    talk = await hello(house, page, name="Ville")
    await talk.message("c1", "Hei! Olen Ville.")
    actor = await taken(house)
    await settle(house)
    assert page.of("joined") == [{"type": "joined", "agent": "Aino Virtanen"}]
    await writing.reply(house.node.desk, actor, talk.contact, "a1", "Hei Ville.")
    await settle(house)
    await talk.message("c2", "131052-308T on tunnukseni")
    await talk.message("c2", "131052-308T on tunnukseni")
    assert [(m["seq"], m["direction"], m["text"]) for m in page.of("message")] == [
        (1, "inbound", "Hei! Olen Ville."),
        (2, "outbound", "Hei Ville."),
        (3, "inbound", "******-**** on tunnukseni"),
        (3, "inbound", "******-**** on tunnukseni"),
    ]
    assert [m["client_id"] for m in page.of("message") if m["direction"] == "inbound"] == [
        "c1",
        "c2",
        "c2",
    ]
    told = [f["message"]["text"] for f in await house.told(actor, "message")]
    assert told == ["Hei Ville.", "******-**** on tunnukseni"]
    with pytest.raises(Refused, match="client_id_used"):
        await talk.message("c2", "muuta")


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


async def test_a_lost_welcome_is_asked_for_again(house: House) -> None:
    first, second = Page(), Page()
    talk = await hello(house, first, request_id="r1")
    again = await hello(house, second, request_id="r1")
    assert again.contact == talk.contact
    await again.heard()
    with pytest.raises(Refused, match="request_id_used"):
        await hello(house, Page(), request_id="r1")
    assert len(await house.rows("SELECT id FROM contact")) == 1


async def test_who_is_away_keeps_the_place_and_is_not_offered(house: House) -> None:
    first, second = Page(), Page()
    one = await hello(house, first)
    two = await hello(house, second)
    await one.gone()
    actor = await house.on_duty("aino@mikkeli.example")
    await house.route()
    assert [(await house.contact(c))["state"] for c in (one.contact, two.contact)] == [
        "queued",
        "offered",
    ]
    back = Page()
    await hello(house, back, resume=first.secret)
    await house.route()
    assert (await house.contact(one.contact))["state"] == "offered"
    assert (await house.contact(one.contact))["owner"] == actor.user_id


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


async def test_an_offer_of_someone_away_is_withdrawn_and_later_abandoned(house: House) -> None:
    page = Page()
    talk = await hello(house, page)
    actor = await house.on_duty("aino@mikkeli.example")
    await house.route()
    await talk.gone()
    await house.rows("UPDATE contact SET away_from = now() - interval '6 s' RETURNING id")
    assert await house.node.chat_clock.run_once() == 1
    assert (await house.contact(talk.contact))["state"] == "queued"
    assert [f["why"] for f in await house.told(actor, "offer_ended")] == ["withdrawn"]
    gone = await house.row(
        "UPDATE contact SET away_from = now() - interval '601 s',"
        " wait_from = now() - interval '700 s' RETURNING away_from"
    )
    assert await house.node.chat_clock.run_once() == 1
    assert (await house.contact(talk.contact))["state"] == "abandoned"
    event = await house.row("SELECT at FROM event WHERE kind = 'abandoned'")
    assert event["at"] == gone["away_from"]
    await house.rows("UPDATE chat SET seen_at = now() - interval '601 s' RETURNING 1")
    with pytest.raises(Refused, match="resume_expired"):
        await hello(house, Page(), resume=page.secret)


async def test_leaving_abandons_or_has_the_agent_wrap_up(house: House) -> None:
    page, other = Page(), Page()
    waiting = await hello(house, page)
    await waiting.leave()
    assert page.of("closed") == [{"type": "closed", "reason": "left"}]
    assert (await house.contact(waiting.contact))["state"] == "abandoned"
    talk = await hello(house, other)
    await taken(house)
    await talk.leave()
    assert other.of("closed") == [{"type": "closed", "reason": "left"}]
    assert (await house.contact(talk.contact))["state"] == "wrap_up"


async def test_leaving_while_offered_frees_the_agent(house: House) -> None:
    page = Page()
    talk = await hello(house, page)
    actor = await house.on_duty("aino@mikkeli.example")
    await house.route()
    await talk.leave()
    assert (await house.contact(talk.contact))["state"] == "abandoned"
    agent = await house.row("SELECT load FROM agent WHERE user_id = $1", actor.user_id)
    assert agent["load"] == 0


async def test_after_the_end_a_message_gets_closed_and_a_hello_opens_a_new_contact(
    house: House,
) -> None:
    page = Page()
    talk = await hello(house, page)
    await talk.message("c1", "Hei")
    actor = await taken(house)
    await handling.close(house.node.desk, actor, talk.contact)
    await talk.message("c2", "Vielä yksi asia")
    assert page.of("closed") == [{"type": "closed", "reason": "agent"}]
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
    assert back.of("closed") == [{"type": "closed", "reason": "agent"}]
    later = Page()
    new = await hello(house, later, resume=back.secret)
    assert new.contact != talk.contact


async def test_a_queue_without_staff_takes_a_message_instead(house: House) -> None:
    page = Page()
    await house.rows("UPDATE queue SET always_open = false WHERE key = 'daycare' RETURNING id")
    opening = Opening(house.node.chats)
    asked = Hello(queue="daycare", language="sv", name="Åsa")
    assert await opening.open(asked, page) is None
    assert page.frames == [
        {"type": "closed", "reason": "queue_closed", "opens_at": None, "offers": ["leave_message"]}
    ]
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


async def test_the_lost_agents_chat_returns_to_its_place_with_its_story(house: House) -> None:
    page = Page()
    talk = await hello(house, page)
    await talk.message("c1", "Hei")
    aino = await taken(house)
    await settle(house)
    async with house.node.db.transaction() as conn:
        change = await agents.lose(conn, aino.user_id)
    assert change is not None
    await house.node.publisher.publish(change)
    await settle(house)
    assert page.frames[-1]["type"] == "waiting"
    carla = await taken(house, "carla@mikkeli.example")
    await settle(house)
    assert page.of("joined")[-1] == {"type": "joined", "agent": "Carla Niemi"}
    (card,) = [f for f in await house.told(carla, "contact") if "messages" in f]
    assert [m["text"] for m in card["messages"]] == ["Hei"]
    assert "other_sender" not in card["messages"][0]


async def test_read_marks_and_typing_pass_both_ways(house: House) -> None:
    page = Page()
    talk = await hello(house, page)
    await talk.message("c1", "Hei")
    actor = await taken(house)
    await settle(house)
    await writing.read(house.node.desk, actor, talk.contact)
    await settle(house)
    assert page.of("read") == [{"type": "read", "seq": 1}]
    talk.hear_passing(b'{"type":"typing"}')
    talk.hear_passing(b'{"type":"typing"}')
    assert len(page.of("typing")) == 1
    await writing.reply(house.node.desk, actor, talk.contact, "a1", "Hei")
    await settle(house)
    whispers: list[tuple[str, Any]] = []

    async def whispered(user: int, frame: dict[str, Any]) -> None:
        assert user == actor.user_id
        whispers.append((frame["type"], frame.get("seq")))

    house.node.feed.whisper = whispered  # type: ignore[method-assign]
    await talk.typing()
    await talk.typing()
    await talk.read(2)
    await talk.read(2)
    assert whispers == [("typing", None), ("read", 2)]


async def test_a_message_that_nobody_told_is_found_by_the_sweep(house: House) -> None:
    page = Page()
    talk = await hello(house, page)
    actor = await taken(house)

    async def forgets(*_: object) -> None: ...

    await house.node.publisher.settle()
    house.node.publisher.told = forgets  # type: ignore[method-assign, assignment]
    await talk.message("c1", "Kuuletko?")
    assert await house.told(actor, "message") == []
    await house.rows("UPDATE outbox SET at = now() - interval '2 s' RETURNING 1")
    assert await house.node.sweep.run_once() == 1
    card = (await house.told(actor, "contact"))[-1]
    assert [m["text"] for m in card["messages"]] == ["Kuuletko?"]


async def test_who_says_hello_is_not_taken_for_silent(house: House) -> None:
    """The clock looks between the commit and the first heartbeat."""
    await house.node.chat_clock.run_once()
    await house.node.live.call("SET", keys.PRESENT_SINCE, 1)
    talk = await hello(house, Page())
    await house.node.live.call("DEL", keys.PRESENT)
    assert await house.node.chat_clock.run_once() == 0
    await house.rows("UPDATE chat SET seen_at = now() - interval '16 s' RETURNING 1")
    assert await house.node.chat_clock.run_once() == 1
    assert (await house.contact(talk.contact))["away_from"] is not None
    await house.node.chats.look([talk])  # it hears of the change, and it is here
    assert (await house.contact(talk.contact))["away_from"] is None


async def test_the_pages_of_a_dead_node_are_noticed(house: House) -> None:
    talk = await hello(house, Page())
    await house.node.chats.beat()
    assert await house.node.chat_clock.run_once() == 0
    house.node.chats.talks.clear()  # the node is gone, nobody said so
    await house.node.live.call("ZADD", keys.PRESENT, 1, str(talk.contact))
    await house.node.live.call("SET", keys.PRESENT_SINCE, 1)
    await house.rows("UPDATE chat SET seen_at = now() - interval '60 s' RETURNING 1")
    assert await house.node.chat_clock.run_once() == 1
    assert (await house.contact(talk.contact))["away_from"] is not None


async def test_a_chat_that_ended_while_away_is_left_alone(house: House) -> None:
    page = Page()
    talk = await hello(house, page)
    actor = await taken(house)
    await house.rows("UPDATE contact SET away_from = now() RETURNING 1")
    await handling.close(house.node.desk, actor, talk.contact)
    before = await house.contact(talk.contact)
    await settle(house)
    assert page.of("closed")
    assert (await house.contact(talk.contact))["version"] == before["version"]
    assert await house.node.chats.look_once() == 0


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
    assert kinds == ["welcome", "message", "message", "joined"]
    assert ["client_id" in m for m in back.of("message")] == [True, False]


async def test_a_repeated_hello_finds_its_chat_though_the_queue_closed(house: House) -> None:
    talk = await hello(house, Page(), request_id="r1")
    await house.rows("UPDATE queue SET always_open = false WHERE key = 'general' RETURNING id")
    again = await hello(house, Page(), request_id="r1")
    assert again.contact == talk.contact


async def test_after_a_transfer_the_page_is_told_where_it_waits(house: House) -> None:
    page = Page()
    talk = await hello(house, page)
    actor = await taken(house)
    await handling.transfer_to_queue(house.node.desk, actor, talk.contact, "building", None)
    back = Page()
    await hello(house, back, resume=page.secret)
    assert back.of("welcome")[0]["queue"]["key"] == "building"
    assert back.of("waiting")


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


async def test_what_comes_after_the_welcome_can_fail(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page is here from its welcome on, and is told the rest when Postgres is back."""

    async def fails(talks: list[Talk]) -> None:
        raise OSError("away")

    page = Page()
    with monkeypatch.context() as patch:
        patch.setattr(house.node.chats, "look", fails)
        with pytest.raises(OSError, match="away"):
            await hello(house, page)
    assert [frame["type"] for frame in page.frames] == ["welcome"]
    await house.node.chats.look_once()
    assert page.of("waiting")


async def test_while_the_line_is_not_known_no_place_is_told(house: House) -> None:
    pages = [Page() for _ in range(3)]
    for page in pages:
        await hello(house, page)
    await house.node.live.call("FLUSHALL")
    await house.node.chats.places_once()
    assert [page.of("waiting")[-1]["place"] for page in pages] == [1, 2, 3]


async def test_a_message_does_not_settle_what_was_never_told(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk = await hello(house, Page())
    actor = await house.on_duty("aino@mikkeli.example")
    await house.route()
    (offer,) = await house.offers(actor)

    async def lost(change: Change) -> bool:
        return False

    with monkeypatch.context() as patch:
        patch.setattr(house.node.publisher, "publish", lost)
        with pytest.raises(Refused, match="unavailable"):
            await handling.accept(house.node.desk, actor, offer)
    await talk.message("c1", "Hei")
    await house.node.chats.say.idle()
    await house.node.publisher.settle()
    await house.rows("UPDATE outbox SET at = at - interval '2 s' RETURNING 1")
    assert await house.node.sweep.run_once() == 1
    (card,) = await house.told(actor, "contact")
    assert card["contact"]["state"] == "active"
    assert [m["text"] for m in card["messages"]] == ["Hei"]


async def test_a_message_that_failed_to_be_told_is_not_settled_by_the_next(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk = await hello(house, Page())
    actor = await taken(house)
    await house.node.publisher.settle()
    tell_all = house.node.feed.tell_all

    async def away(frames: Any) -> None:
        raise LiveUnavailable("away")

    for n in range(1, 5):
        house.node.feed.tell_all = away if n == 2 else tell_all  # type: ignore[method-assign]
        await talk.message(f"c{n}", f"viesti {n}")
        await house.node.chats.say.idle()
        await house.node.publisher.settle()
    told = [f["message"]["text"] for f in await house.told(actor, "message")]
    assert told == ["viesti 1", "viesti 3", "viesti 4"]
    await house.rows("UPDATE outbox SET at = at - interval '2 s' RETURNING 1")
    assert await house.node.sweep.run_once() == 1
    card = (await house.told(actor, "contact"))[-1]
    assert [m["text"] for m in card["messages"]] == [f"viesti {n}" for n in range(1, 5)]
    assert await house.rows("SELECT 1 FROM outbox") == []


async def test_what_is_told_in_time_is_never_swept(house: House) -> None:
    talk = await hello(house, Page())
    actor = await taken(house)
    for n in range(20):
        await asyncio.gather(
            talk.message(f"c{n}", "Hei"),
            writing.reply(house.node.desk, actor, talk.contact, f"a{n}", "Hei"),
            house.node.publisher.settle(),
        )
    await house.node.chats.say.idle()
    await house.node.publisher.settle()
    assert await house.rows("SELECT * FROM outbox") == []


async def test_an_older_look_says_nothing(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    page = Page()
    talk = await hello(house, page)
    await talk.message("c1", "Hei")
    talk.seq, shown = 0, store.shown

    async def leaves_first(*given: Any) -> Any:
        monkeypatch.setattr(store, "shown", shown)
        await talk.leave()
        return await shown(*given)

    monkeypatch.setattr(store, "shown", leaves_first)
    await house.node.chats.look([talk])
    assert [frame["type"] for frame in page.frames][-1] == "closed"


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


async def test_the_echo_keeps_its_ref_over_a_gap(house: House) -> None:
    page = Page()
    talk = await hello(house, page)
    actor = await taken(house)
    await settle(house)
    await writing.reply(house.node.desk, actor, talk.contact, "a1", "Hei")
    page.ref = 9
    await talk.message("c1", "Moi")
    assert [(m["text"], m.get("ref")) for m in page.of("message")] == [("Hei", None), ("Moi", 9)]


async def test_a_message_reopens_the_case(house: House) -> None:
    talk = await hello(house, Page())
    actor = await taken(house)
    await casework.resolve(house.node.desk, actor, talk.case)
    await talk.message("c1", "Vielä yksi asia")
    await house.node.chats.say.idle()
    assert (await house.row("SELECT state FROM cases"))["state"] == "reopened"
    assert (await house.told(actor, "contact"))[-1]["contact"]["case_state"] == "reopened"


async def test_an_agent_reads_while_the_page_goes(house: House) -> None:
    """Contact before chat, in every transaction."""
    talks = [await hello(house, Page()) for _ in range(8)]
    actor = await house.on_duty("aino@mikkeli.example")
    await house.rows("UPDATE users SET capacity = 20 WHERE id = $1 RETURNING 1", actor.user_id)
    await house.node.publisher.publish(Change(agents=[actor.user_id]))
    await house.route()
    for offer in await house.offers(actor):
        await handling.accept(house.node.desk, actor, offer)
    for _ in range(10):
        await asyncio.gather(
            house.node.chats.gone(*talks),
            *(writing.read(house.node.desk, actor, talk.contact) for talk in talks),
        )
        house.node.chats.talks |= {talk.contact: talk for talk in talks}
        await house.rows("UPDATE contact SET away_from = NULL RETURNING 1")


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


async def test_nobody_leaves_before_the_wait_began(house: House) -> None:
    talk = await hello(house, Page())
    actor = await taken(house)
    await talk.gone()
    await house.rows("UPDATE contact SET away_from = now() - interval '601 s' RETURNING 1")
    await handling.transfer_to_queue(house.node.desk, actor, talk.contact, "building", None)
    await house.node.chat_clock.run_once()
    event = await house.row("SELECT at, wait_from FROM event WHERE kind = 'abandoned'")
    assert event["at"] == event["wait_from"]
