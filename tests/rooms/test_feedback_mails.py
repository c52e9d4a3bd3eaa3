"""Some time after a close a person is asked by mail how it went: once, and no machine ever."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from contactcenter.channel import MailFacts, Sender
from contactcenter.desk import handling
from contactcenter.feedback.rules import Given, reads_nothing
from contactcenter.people import merging
from tests.house import GENERAL, House
from tests.rooms.after import answered_and_closed, asked, closed, giving, token
from tests.rooms.answered import answered
from tests.rooms.calls import ask, attempt, take
from tests.rooms.case_pages import link, room
from tests.rooms.chat import Page, hello, taken
from tests.rooms.people import people


async def closed_mail(house: House, **given: Any) -> int:
    """A mail that an agent took and closed."""
    contact = await house.arrives(**given)
    aino = await house.on_duty("aino@mikkeli.example")
    while not (offers := await house.offers(aino)):
        await house.route()
    await handling.accept(house.node.desk, aino, offers[0])
    await closed(house, aino, contact)
    return contact


async def test_the_mail_says_nothing_of_the_matter_and_has_the_link(house: House) -> None:
    contact = await closed_mail(house, subject="Salainen aihe", text="Salainen sana", language="sv")
    (row,) = await asked(house)
    assert (row["recipient"], row["automatic"], row["state"], row["language"]) == (
        "ville@example.org",
        True,
        "queued",
        "sv",
    )
    assert (row["contact_id"], row["sender"]) == (contact, GENERAL)
    assert row["reply_to"].startswith("neuvonta+")
    assert f"/feedback/{await token(house, contact)}\n" in row["text"]
    assert "alainen" not in row["text"] + row["subject"]
    assert "Ville" not in row["text"] + row["subject"]
    assert await asked(house) == [row]


async def test_it_waits_as_long_as_the_queue_says(house: House) -> None:
    await answered_and_closed(house)
    await house.node.asking.run_once()
    assert await house.rows("SELECT 1 FROM outbound WHERE kind = 'feedback'") == []
    due = await house.row("SELECT extract(epoch FROM at - now()) AS s FROM feedback_due")
    assert 0 < due["s"] <= 3600
    assert len(await asked(house)) == 1


async def test_an_answer_to_it_reopens_the_case(house: House) -> None:
    of = await answered_and_closed(house)
    (row,) = await asked(house)
    await house.arrives(references=(row["external_id"],), text="Ei ratkennut")
    contacts = await house.rows("SELECT * FROM contact ORDER BY id")
    assert [(one["case_id"], one["state"]) for one in contacts] == [
        (of.case, "closed"),
        (of.case, "queued"),
    ]


@pytest.mark.parametrize(
    "given",
    [
        {"sender": Sender(kind="email", address="noreply@shop.example")},
        {"sender": Sender(kind="email", address="Ei-Vastaa@kauppa.example")},
        {"sender": Sender(kind="email", address="mailer-daemon@relay.example")},
        {"sender": Sender(kind="email", address="rakennusvalvonta@mikkeli.example")},
        {"sender": Sender(kind="email", address="", strength="none"), "raw": None},
        {"facts": MailFacts(authentication={"dmarc": "fail"})},
        {"facts": MailFacts(authentication={"spf": "fail"})},
        {"facts": MailFacts(marks=("list",))},
    ],
    ids=repr,
)
async def test_who_is_not_asked(house: House, given: dict[str, Any]) -> None:
    await closed_mail(house, **given)
    assert await asked(house) == []
    assert await house.rows("SELECT 1 FROM feedback_due") == []


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE queue SET feedback = false",
        "UPDATE queue SET feedback_every_days = 0",
        "UPDATE contact SET aside = 'spam'",
        "DELETE FROM mail_address",
        "INSERT INTO blocked_sender (organisation_id, address, user_id)"
        " SELECT organisation_id, 'ville@example.org', owner FROM contact",
        "UPDATE outbound SET state = 'failed'",
        "UPDATE outbound SET undelivered_at = now()",
    ],
)
async def test_what_happened_until_then_counts(house: House, sql: str) -> None:
    await answered_and_closed(house)
    await house.rows(f"{sql} RETURNING 1")
    assert await asked(house) == []


async def test_who_has_said_it_or_writes_again_is_not_asked(house: House) -> None:
    of = await answered_and_closed(house)
    await giving(house).give(await token(house, of.contact), Given(5, None), "fi")
    assert await asked(house) == []
    again = await answered_and_closed(house)
    await room(house).write(await link(house, again.contact), "w1", "Vielä yksi asia")
    assert await asked(house) == []


async def test_a_person_is_asked_once_in_so_many_days(house: House) -> None:
    for address in ("ville@example.org", "ville+toinen@example.org", "aune@example.org"):
        await closed_mail(house, sender=Sender(kind="email", address=address))
    first = await asked(house)
    assert [row["recipient"] for row in first] == ["ville@example.org", "aune@example.org"]
    await closed_mail(house)
    assert await asked(house) == first
    await house.rows("UPDATE outbound SET at = at - interval '31 days' RETURNING 1")
    await closed_mail(house)
    assert len(await asked(house)) == 3


async def test_who_is_one_is_asked_once(house: House) -> None:
    first = await closed_mail(house)
    second = await closed_mail(house, sender=Sender(kind="email", address="v@work.example"))
    one, other = [(await house.contact(contact))["person_id"] for contact in (first, second)]
    aino = await house.actor("aino@mikkeli.example")
    await merging.merge(people(house), aino, one, other, "document")
    assert len(await asked(house)) == 1


async def test_no_more_leave_in_a_minute_than_may(house: House) -> None:
    house.node.asking._way = replace(house.node.asking._way, per_minute=1)
    for n in range(2):
        await closed_mail(house, sender=Sender(kind="email", address=f"a{n}@example.org"))
    assert len(await asked(house)) == 1
    assert len(await asked(house)) == 1
    await house.rows("UPDATE outbound SET at = at - interval '61 s' RETURNING 1")
    assert len(await asked(house)) == 2


@pytest.mark.parametrize("outcome", ["reached", "wrong_number"])
async def test_after_a_call_by_the_address_that_was_given(house: House, outcome: str) -> None:
    await ask(house, email="Aune@example.org")
    agent, contact = await take(house)
    await attempt(house, agent, contact, outcome)
    await closed(house, agent, contact)
    (row,) = await asked(house)
    assert row["recipient"] == "aune@example.org"


async def test_after_a_call_without_address_nobody_is_written_to(house: House) -> None:
    await ask(house)
    agent, contact = await take(house)
    await closed(house, agent, contact)
    assert await asked(house) == []


async def test_a_chat_is_asked_where_its_page_never_showed_the_link(house: House) -> None:
    for shown in (True, False):
        chat = await hello(house, Page())
        aino = await taken(house)
        await chat.reads("sv")  # so the mail is in Swedish
        await house.rows(
            "UPDATE cases SET answers_to = 'ulla@example.org' WHERE id = $1 RETURNING 1", chat.case
        )
        await closed(house, aino, chat.contact)
        if shown:
            await house.node.chats.look([chat])
            await house.node.chats.ends.run_once()
        else:
            await chat.gone()
        mails = await asked(house)
        assert [row["language"] for row in mails] == ([] if shown else ["sv"])
    assert "Hur gick det" in mails[0]["subject"] + mails[0]["text"]


async def test_while_it_is_open_nobody_is_asked(house: House) -> None:
    of = await answered(house)
    await handling.close(house.node.desk, of.agent, of.contact)  # wraps up
    assert await house.rows("SELECT 1 FROM feedback_due") == []


@pytest.mark.parametrize(
    ("address", "unread"),
    [
        ("no-reply@x.example", True),
        ("tilaus.noreply@x.example", True),
        ("do_not_reply+7@x.example", True),
        ("svara-ej@x.example", True),
        ("bounces+1@x.example", True),
        ("uutiset-request@x.example", True),
        ("postmaster@x.example", True),
        ("nora.replay@x.example", False),
        ("eino@x.example", False),
        ("noora.vastala@x.example", False),
    ],
)
def test_addresses_that_nobody_reads(address: str, unread: bool) -> None:
    assert reads_nothing(address) is unread
