"""A mail that opens a case is acknowledged once, to who wrote it, and machines never loop."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from contactcenter.channel import MailFacts, Report, Sender
from contactcenter.delivery import receipts
from contactcenter.errors import Refused
from contactcenter.kernel.sql import Row
from tests.house import GENERAL, House

BUILDING = "rakennusvalvonta@mikkeli.example"


async def acknowledged(house: House) -> list[Row]:
    """Every acknowledgement so far."""
    while await house.node.receipts.run_once():
        pass
    return await house.rows("SELECT * FROM outbound WHERE kind = 'receipt' ORDER BY send_id")


async def hits(house: House) -> list[tuple[str, str, int]]:
    """What an admin sees of the loop breaker."""
    admin = await house.actor("admin@mikkeli.example")
    found = await receipts.hits(house.node.db, admin)
    return [(row["address"], row["why"], row["n"]) for row in found]


def caps(house: House, **given: Any) -> None:
    """Other limits."""
    house.node.receipts._caps = replace(house.node.receipts._caps, **given)


async def test_a_mail_is_acknowledged_once_without_its_words(house: House) -> None:
    contact = await house.contact(
        await house.arrives(subject="Salainen aihe", text="Salainen sana", language="sv")
    )
    (row,) = await acknowledged(house)
    assert await acknowledged(house) == [row]
    assert (row["recipient"], row["automatic"], row["state"]) == (
        "ville@example.org",
        True,
        "queued",
    )
    assert row["in_reply_to"] == contact["external_id"]
    assert row["refs"] == [row["in_reply_to"]]
    assert (row["language"], row["case_id"]) == ("sv", contact["case_id"])
    assert row["reply_to"].startswith("neuvonta+")
    assert str(contact["case_id"]) in row["subject"]
    assert "Allmän rådgivning" in row["text"]
    assert "alainen" not in row["text"] + row["subject"]


async def test_its_sender_is_the_queues_and_answers_go_where_the_city_takes_them(
    house: House,
) -> None:
    caps(house, reply_tokens=False)
    names = '{"sv": "{queue} {agent}"}'
    await house.rows("UPDATE queue SET from_name = $1 RETURNING 1", names)
    await house.arrives(language="sv")
    (row,) = await acknowledged(house)
    assert (row["sender_name"], row["reply_to"]) == ("Allmän rådgivning", None)


async def test_the_moment_of_arrival_is_told_by_the_organisations_clocks(house: House) -> None:
    await house.arrives()
    await house.rows(
        "UPDATE contact SET first_arrival = '2026-01-15T21:05:00Z' RETURNING 1"
    )  # winter: two hours ahead
    (row,) = await acknowledged(house)
    assert "15.1.2026 klo 23.05" in row["text"]


async def test_the_same_mail_again_and_an_answer_to_it_are_not_acknowledged(house: House) -> None:
    mail = house.mail()
    for _ in range(5):
        await house.node.reception.receive(mail)
    (row,) = await acknowledged(house)
    await house.arrives(references=(row["external_id"],))
    assert len(await acknowledged(house)) == 1
    assert len(await house.rows("SELECT 1 FROM cases")) == 1


async def test_one_mail_to_two_queues_is_acknowledged_once(house: House) -> None:
    mail = house.mail()
    await house.node.reception.receive(msgspec.structs.replace(mail, to=(GENERAL, BUILDING)))
    assert len(await acknowledged(house)) == 1


@pytest.mark.parametrize(
    "given",
    [
        {"automatic": True},
        {"answerable": False},
        {"report": Report(action="failed", recipients=("x@example.org",))},
        {"sender": Sender(kind="email", address="ville@example.org", strength="none")},
        {"sender": Sender(kind="email", address="", strength="none")},
        {"facts": MailFacts(authentication={"dmarc": "fail", "dkim": "pass"})},
        {"facts": MailFacts(authentication={"spf": "fail"})},
        {"sender": Sender(kind="email", address=BUILDING)},
    ],
    ids=lambda given: next(iter(given)),
)
async def test_who_is_not_acknowledged(house: House, given: dict[str, Any]) -> None:
    await house.arrives(**given)
    assert await acknowledged(house) == []


@pytest.mark.parametrize(
    "results", [{"spf": "fail", "dkim": "pass"}, {"dmarc": "none"}, {"dmarc": "pass"}, {}]
)
async def test_forwarded_mail_that_its_signature_proves_is(
    house: House, results: dict[str, str]
) -> None:
    await house.arrives(facts=MailFacts(authentication=results))
    assert len(await acknowledged(house)) == 1


async def test_a_queue_may_have_them_off(house: House) -> None:
    await house.rows("UPDATE queue SET receipts = false WHERE key = 'general' RETURNING 1")
    await house.arrives()
    await house.arrives(to=BUILDING)
    (row,) = await acknowledged(house)
    assert row["sender"] == BUILDING


async def test_one_address_gets_so_many_a_day(house: House) -> None:
    caps(house, per_day=2, loop_mails=100)
    for _ in range(4):
        await house.arrives()
    await house.arrives(sender=Sender(kind="email", address="aune@example.org"))
    rows = await acknowledged(house)
    assert [row["recipient"] for row in rows].count("ville@example.org") == 2
    assert len(rows) == 3
    assert await hits(house) == [("ville@example.org", "day", 2)]


async def test_what_follows_a_plus_makes_no_other_mailbox(house: House) -> None:
    """Nobody has a third party's mailbox filled by giving it many names, nor our own answer us."""
    caps(house, per_day=2)
    for n in range(3):
        await house.arrives(sender=Sender(kind="email", address=f"victim+{n}@example.org"))
    assert len(await acknowledged(house)) == 2
    await house.arrives(sender=Sender(kind="email", address="victim+9@example.org"))
    await house.arrives(sender=Sender(kind="email", address="neuvonta+x@mikkeli.example"))
    assert len(await acknowledged(house)) == 2
    assert {why for _, why, _ in await hits(house)} == {"day", "own"}


async def test_beyond_a_minutes_number_they_wait(house: House) -> None:
    caps(house, per_minute=2)
    for number in range(3):
        await house.arrives(sender=Sender(kind="email", address=f"a{number}@example.org"))
    assert len(await acknowledged(house)) == 2
    await house.rows("UPDATE outbound SET at = at - interval '61 s' RETURNING 1")
    assert len(await acknowledged(house)) == 3


async def test_many_mails_of_one_person_break_a_loop(house: House) -> None:
    caps(house, loop_mails=3, per_day=100)
    for _ in range(5):
        await house.arrives()
        await house.node.receipts.run_once()
    assert len(await acknowledged(house)) == 3
    assert await hits(house) == [("ville@example.org", "many", 2)]
    assert len(await house.rows("SELECT 1 FROM contact WHERE state = 'queued'")) == 5


async def test_our_own_mail_that_comes_back_is_not_acknowledged(house: House) -> None:
    await house.arrives()
    (row,) = await acknowledged(house)
    await house.arrives(to="asiakaspalvelu@kela.example", external_id=row["external_id"])
    robot = Sender(kind="email", address="robot@example.org")
    await house.arrives(
        to="asiakaspalvelu@kela.example", references=(row["external_id"],), sender=robot
    )
    assert len(await acknowledged(house)) == 1
    kalle = await house.actor("admin@kela.example")
    found = await receipts.hits(house.node.db, kalle)
    assert {(hit["address"], hit["why"]) for hit in found} == {
        ("ville@example.org", "own"),
        ("robot@example.org", "receipt"),
    }
    assert await hits(house) == []  # another organisation's


async def test_an_agent_at_work_on_the_case_waits_for_no_acknowledgement(house: House) -> None:
    contact = await house.contact(await house.arrives())
    async with house.node.db.transaction() as conn:
        await conn.execute("SELECT FROM cases WHERE id = $1 FOR UPDATE", contact["case_id"])
        passing = asyncio.create_task(house.node.receipts.run_once())
        async with asyncio.timeout(20):
            while not await house.rows("SELECT 1 FROM pg_locks WHERE NOT granted"):
                assert not passing.done()
        await conn.execute("SELECT FROM contact WHERE id = $1 FOR UPDATE NOWAIT", contact["id"])
    assert await passing == 1


async def test_agents_do_not_see_the_loop_breaker(house: House) -> None:
    aino = await house.actor("aino@mikkeli.example")
    with pytest.raises(Refused, match="forbidden"):
        await receipts.hits(house.node.db, aino)


async def test_how_long_mail_waits_is_told_where_figures_know_it(house: House) -> None:
    await house.rows(
        "INSERT INTO figure (by, at, queue_id, channel, language, accepted, wait_us)"
        " SELECT 'day', now(), id, 'mail', '', 20, 20 * 5400000000 FROM queue"
        " WHERE key = 'general' RETURNING 1"
    )
    await house.arrives()
    await house.arrives(to=BUILDING)
    known, unknown = await acknowledged(house)
    assert "keskimäärin 2 tunnissa" in known["text"]
    assert "keskimäärin" not in unknown["text"]


async def test_no_more_are_taken_than_there_is_room_for(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.arrives()
    await house.analyse("receipt_due")  # as when there was only one for a long time
    for n in range(3):
        await house.arrives(subject=str(n))
    monkeypatch.setattr(receipts, "BATCH", 1)
    assert [await house.node.receipts.run_once() for _ in range(5)] == [1, 1, 1, 1, 0]
