"""Feedback by a signed link: once for each contact, changed while the link is good, counted by an
event, read by those whose organisation it is."""

from __future__ import annotations

import asyncio

import pytest

from contactcenter.channel import OpenFeedback
from contactcenter.desk import handling
from contactcenter.errors import Refused
from contactcenter.feedback import listing
from contactcenter.feedback.listing import Asked
from contactcenter.feedback.rules import MAX_TEXT, Given
from contactcenter.stats import export
from contactcenter.stats.verify import verify
from tests.house import KELA, House
from tests.rooms.after import WELL, answered_and_closed, closed, giving, token
from tests.rooms.answered import answered
from tests.rooms.calls import ask, attempt, take
from tests.rooms.case_pages import look, room
from tests.rooms.chat import Page, hello, settle, taken

SUPERVISOR = "seppo@mikkeli.example"


async def events(house: House) -> list[tuple[str, int | None, int | None]]:
    found = await house.rows("SELECT * FROM event WHERE kind = 'feedback' ORDER BY id")
    return [(row["why"], row["handling"], row["service"]) for row in found]


async def test_it_is_kept_once_and_changed(house: House) -> None:
    of = await answered_and_closed(house)
    room, link = giving(house), await token(house, of.contact)
    assert (await room.look(link)).given is None
    await room.give(link, WELL, "fi")
    await room.give(link, WELL, "fi")
    assert (await room.look(link)).given == WELL
    await room.give(link, Given(2, None, "  Ei sittenkään.\r\n"), "sv")
    assert (await room.look(link)).given == Given(2, None, "Ei sittenkään.")
    row = await house.row("SELECT * FROM feedback")
    assert (row["contact_id"], row["case_id"], row["channel"]) == (of.contact, of.case, "mail")
    assert (row["language"], row["changed_at"] is not None) == ("sv", True)
    assert await events(house) == [("given", 5, 4), ("changed", 2, None)]
    assert (await house.contact(of.contact))["state"] == "closed"
    assert (await verify(house.node.db, None))["violations"] == []
    await house.rows("UPDATE feedback SET handling = 5 RETURNING 1")
    (wrong,) = (await verify(house.node.db, None))["violations"]
    assert (wrong["code"], wrong["contact"]) == ("feedback_differs", str(of.contact))


async def test_events_tell_marks_and_no_words(house: House) -> None:
    of = await answered_and_closed(house)
    await giving(house).give(await token(house, of.contact), WELL, "fi")
    lines = [line async for line in export.lines(house.node.db, "events", None, None)]
    (line,) = [line for line in lines if b'"feedback"' in line]
    assert b'"handling":5' in line
    assert b"Nopea" not in line
    others = [line for line in lines if line != line or b'"feedback"' not in line]
    assert not any(b"handling" in line for line in others)


async def test_two_at_once_are_one(house: House) -> None:
    of = await answered_and_closed(house)
    link = await token(house, of.contact)
    await asyncio.gather(*(giving(house).give(link, WELL, "fi") for _ in range(5)))
    assert await events(house) == [("given", 5, 4)]


async def test_codes_are_masked(house: House) -> None:
    of = await answered_and_closed(house)
    link = await token(house, of.contact)
    await giving(house).give(link, Given(1, None, "Minä, 131052-308T, \x00"), "fi")
    given = (await giving(house).look(link)).given
    assert given is not None
    assert "308T" not in given.text
    assert "Minä" in given.text


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        (Given(None, None, "Pelkkä teksti"), ["handling"]),
        (Given(6, None), ["handling"]),
        (Given(-1, 0), ["handling", "service"]),
        (Given(0, 5, "x" * (MAX_TEXT + 1)), ["handling", "text"]),
    ],
)
async def test_what_is_wrong_is_said_all_at_once(
    house: House, given: Given, fields: list[str]
) -> None:
    of = await answered_and_closed(house)
    with pytest.raises(Refused) as no:
        await giving(house).give(await token(house, of.contact), given, "fi")
    assert [one.field for one in no.value.errors] == fields
    assert await house.rows("SELECT 1 FROM feedback") == []


async def test_links_of_others_end_and_foreign_ones(house: House) -> None:
    of = await answered(house)
    link = await token(house, of.contact)
    with pytest.raises(Refused, match="wrong_state"):
        await giving(house).look(link)
    await closed(house, of.agent, of.contact)
    for wrong in (
        link[:-1],
        link[:-1] + ("A" if link[-1] != "A" else "Q"),
        await house.node.pages.links.token(of.contact),  # another purpose's
        await token(house, of.contact + 10_000),  # erased, or never there
        "../" + link,
    ):
        with pytest.raises(Refused, match="not_found"):
            await giving(house).give(wrong, WELL, "fi")
    with pytest.raises(Refused, match="link_ended"):
        await giving(house, days=-1).give(link, WELL, "fi")
    await house.rows("UPDATE contact SET aside = 'spam' RETURNING 1")
    with pytest.raises(Refused, match="link_ended"):
        await giving(house).give(link, WELL, "fi")
    assert await house.rows("SELECT 1 FROM feedback") == []


async def test_it_is_limited_by_link(house: House) -> None:
    of = await answered_and_closed(house)
    room, link = giving(house, per_hour=2), await token(house, of.contact)
    for mark in (1, 2):
        await room.give(link, Given(mark, None), "fi")
    with pytest.raises(Refused, match="too_many"):
        await room.give(link, Given(3, None), "fi")


async def test_a_chats_end_has_the_link_however_it_ended(house: House) -> None:
    page = Page()
    chat = await hello(house, page)
    aino = await taken(house)
    await handling.close(house.node.desk, aino, chat.contact)
    await settle(house)
    (end,) = page.of("closed")
    assert end["feedback_url"].endswith("/feedback/" + await token(house, chat.contact))
    await chat.message("late", "Vielä yksi asia")
    assert page.of("closed")[-1] == end
    await giving(house).give(await token(house, chat.contact), WELL, "fi")
    await closed(house, aino, chat.contact)
    waiting = Page()
    gone = await hello(house, waiting)
    await gone.leave()
    assert "feedback_url" in waiting.of("closed")[-1]
    await giving(house).give(await token(house, gone.contact), Given(1, None), "fi")
    changed = Page()
    other = await hello(house, changed)
    await other.message("c1", "Soittakaa")
    await other.change("callback", "050 339 1387", "q1")
    await other.message("late", "Hei")
    assert "feedback_url" not in changed.of("closed")[-1]


async def test_a_queue_may_ask_for_none(house: House) -> None:
    await house.rows("UPDATE queue SET feedback = false RETURNING 1")
    page = Page()
    chat = await hello(house, page)
    await chat.leave()
    assert "feedback_url" not in page.of("closed")[-1]
    of = await answered_and_closed(house)
    assert (await look(house, of.contact)).asks is None
    assert await house.rows("SELECT 1 FROM feedback_due") == []


async def test_pages_of_cases_and_callbacks_ask_when_it_is_over(house: House) -> None:
    of = await answered(house)
    assert (await look(house, of.contact)).asks is None
    await closed(house, of.agent, of.contact)
    assert (await look(house, of.contact)).asks == of.contact
    asked = await ask(house)
    link = asked.token
    assert (await house.node.callbacks.status(link)).asks is None
    agent, contact = await take(house)
    await attempt(house, agent, contact, "reached")
    joined = await ask(house, request_id="r2")
    await closed(house, agent, contact)
    assert (await house.node.callbacks.status(link)).asks == contact
    assert (await house.node.callbacks.status(joined.token)).asks is None


async def test_writing_again_after_feedback_reopens_the_case(house: House) -> None:
    of = await answered_and_closed(house)
    await giving(house).give(await token(house, of.contact), Given(1, 1, "Ei ratkennut"), "fi")
    await house.rows("UPDATE cases SET state = 'resolved' RETURNING 1")
    pages = room(house)
    link = (await pages.give(of.case)).rpartition("/")[2]
    await pages.write(link, "again", "Ei vieläkään toimi")
    (case,) = await house.rows("SELECT * FROM cases")
    contacts = await house.rows("SELECT * FROM contact ORDER BY id")
    assert (case["state"], [row["state"] for row in contacts]) == (
        "reopened",
        ["closed", "queued"],
    )
    with pytest.raises(Refused, match="wrong_state"):
        await giving(house).look(await token(house, contacts[1]["id"]))
    await giving(house).give(await token(house, of.contact), Given(2, 1), "fi")  # the first's


async def test_supervisors_read_their_organisations_and_it_is_noted(house: House) -> None:
    of = await answered_and_closed(house)
    await giving(house).give(await token(house, of.contact), WELL, "fi")
    theirs = await house.arrives(to=KELA)
    await house.rows("UPDATE contact SET state = 'closed' WHERE id = $1 RETURNING 1", theirs)
    await giving(house).give(await token(house, theirs), Given(1, 1, "Kanarialintu"), "fi")
    seppo = await house.actor(SUPERVISOR)
    found = await listing.listed(house.node.db, seppo, Asked())
    assert [row["text"] for row in found.items] == ["Nopea vastaus."]
    assert found.marks[0].handling.n == 1
    (noted,) = await house.rows("SELECT * FROM audit WHERE verb = 'read_feedback'")
    assert noted["organisation_id"] == seppo.organisation_id
    assert str(of.contact) in noted["after"]
    assert (await listing.listed(house.node.db, seppo, Asked(before=theirs))).items == []
    assert (await listing.listed(house.node.db, seppo, Asked(queue="kela"))).items == []
    with pytest.raises(Refused, match="forbidden"):
        await listing.listed(house.node.db, of.agent, Asked())


async def test_what_is_hidden_is_not_listed_but_for_who_needs_it(house: House) -> None:
    """Asked for or not, by every filter; a sensitive queue hides nothing of another."""
    of = await answered_and_closed(house)
    await giving(house).give(await token(house, of.contact), WELL, "fi")
    fault = OpenFeedback(via="form", kind="fault", language="fi")
    (address,) = await house.rows(
        "UPDATE queue q SET sensitive = true FROM mail_address a"
        " WHERE a.queue_id = q.id AND q.key = 'streets' RETURNING a.address"
    )
    unasked = [await house.arrives(*to, feedback=fault) for to in ((), (address["address"],))]
    seppo = await house.actor(SUPERVISOR)

    async def listed(what: str) -> list[int]:
        found = await listing.listed(house.node.db, seppo, Asked(what=what))
        return [row["contact_id"] for row in found.items]

    seen = [unasked[0], of.contact]
    assert await listed("all") == seen
    for what in ("open", "fault", "undecided"):
        assert await listed(what) == seen[:1], what
    await house.rows(
        "UPDATE contact SET queue_id = (SELECT queue_id FROM contact WHERE id = $2)"
        " WHERE id = $1 RETURNING 1",
        of.contact,
        unasked[1],
    )
    assert await listed("asked") == []
    await house.rows(
        "UPDATE contact SET state = 'active', owner = $1 WHERE id = $2 RETURNING 1",
        seppo.user_id,
        unasked[1],
    )
    assert await listed("all") == [unasked[1], *seen]


async def test_the_list_is_narrowed_and_goes_on(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "PAGE", 2)
    await house.on_duty("aino@mikkeli.example")
    contacts = [await house.arrives() for _ in range(3)]
    await house.rows("UPDATE contact SET state = 'closed' RETURNING 1")
    marks = [Given(1, 5), Given(2, None, "Sanoin"), Given(5, 5)]
    for contact, given in zip(contacts, marks, strict=True):
        await giving(house).give(await token(house, contact), given, "fi")
    seppo = await house.actor(SUPERVISOR)

    async def listed(**asked: object) -> list[int]:
        found = await listing.listed(house.node.db, seppo, Asked(**asked))  # type: ignore[arg-type]
        return [contacts.index(row["contact_id"]) for row in found.items]

    first = await listing.listed(house.node.db, seppo, Asked())
    assert [row["contact_id"] for row in first.items] == contacts[:0:-1]
    assert first.more is not None
    assert await listed(before=first.more["contact_id"]) == [0]
    assert await listed(mark=5) == [2, 0]
    assert await listed(texts=True) == [1]
    assert await listed(queue="general", days=1) == [2, 1]
    await house.rows("UPDATE feedback SET given_at = now() - interval '8 days' RETURNING 1")
    assert await listed(days=7) == []
