"""Spam, blocked senders and machines' mail: out of the line, never lost, and to be had back."""

from __future__ import annotations

from typing import Any

import pytest

from contactcenter.accounts.authorise import Actor
from contactcenter.channel import Address, MailFacts, Sender
from contactcenter.desk import handling, spam
from contactcenter.errors import Refused
from contactcenter.intake import aside, blocking
from contactcenter.stats.counting import Counting
from tests.house import GENERAL, KELA, House
from tests.rooms.answered import answered

SPAMMER = Sender(kind="email", address="offers@example.net", name="Best Offers")


async def in_hand(house: House, **given: Any) -> tuple[Actor, int]:
    """An agent with a spammer's mail in hand."""
    contact = await house.arrives(sender=SPAMMER, **given)
    aino = await house.on_duty("aino@mikkeli.example")
    await house.route()
    (offer,) = await house.offers(aino)
    await handling.accept(house.node.desk, aino, offer)
    return aino, contact


async def kept(house: House, why: aside.Why | None = None) -> list[int]:
    """What a supervisor sees."""
    seppo = await house.actor("seppo@mikkeli.example")
    rows, _ = await aside.listed(house.node.db, seppo, why)
    return [row["id"] for row in rows]


async def counts(house: House) -> dict[str, int]:
    """What the figures have counted."""
    await Counting(house.node.db).run_once()
    row = await house.row(
        "SELECT sum(entered)::int AS entered, sum(accepted)::int AS accepted,"
        " sum(handled)::int AS handled, sum(handle_us)::bigint AS handle_us"
        " FROM figure WHERE by = 'end'"
    )
    return dict(row)


async def test_spam_is_closed_without_an_outcome_and_in_no_handling(house: House) -> None:
    aino, contact = await in_hand(house)
    for _ in range(2):
        await spam.spam(house.node.desk, aino, contact)
    row = await house.contact(contact)
    assert (row["state"], row["disposition"], row["aside"]) == ("closed", None, "spam")
    assert await house.kinds(contact) == ["entered", "offered", "offer_ended", "accepted", "closed"]
    (case,) = await house.rows("SELECT state FROM cases")
    assert case["state"] == "resolved"
    agent = await house.row("SELECT load FROM agent WHERE user_id = $1", aino.user_id)
    assert agent["load"] == 0
    shown = (await house.told(aino, "contact"))[-1]["contact"]
    assert (shown["state"], shown["aside"]) == ("closed", "spam")
    assert await kept(house, "spam") == [contact]
    assert len(await house.rows("SELECT 1 FROM audit WHERE verb = 'spam'")) == 1
    assert await counts(house) == {"entered": 1, "accepted": 1, "handled": 0, "handle_us": 0}


async def test_what_was_no_spam_goes_back_to_its_place(house: House) -> None:
    aino, contact = await in_hand(house)
    later = await house.arrives()
    await house.rows(
        "UPDATE contact SET also = '{mikkeli/general/*/1}' WHERE id = $1 RETURNING 1", contact
    )
    await spam.spam(house.node.desk, aino, contact)
    for _ in range(2):
        await aside.release(house.node.db, house.node.publisher.publish, aino, contact)
    row = await house.contact(contact)
    assert (row["state"], row["owner"], row["aside"]) == ("queued", None, None)
    assert row["also"] == []  # a new wait, in which no step was taken
    assert row["rank"] < (await house.contact(later))["rank"]
    assert row["wait_from"] > row["first_arrival"]
    assert await kept(house) == []
    await house.route()
    await handling.accept(house.node.desk, aino, (await house.contact(contact))["offer_id"])
    await handling.wrap_up(house.node.desk, aino, contact, "answered")
    figures = await counts(house)
    assert (figures["entered"], figures["accepted"], figures["handled"]) == (3, 2, 1)


async def test_spam_of_somebody_else_and_of_another_channel_is_refused(house: House) -> None:
    aino, contact = await in_hand(house)
    bjorn = await house.on_duty("bjorn@mikkeli.example")
    with pytest.raises(Refused, match="not_yours"):
        await spam.spam(house.node.desk, bjorn, contact)
    await handling.wrap_up(house.node.desk, aino, contact, "answered")
    with pytest.raises(Refused, match="wrong_state"):
        await spam.spam(house.node.desk, aino, contact)


async def test_a_case_with_more_in_it_stays_as_it_is(house: House) -> None:
    done = await answered(house)
    await handling.wrap_up(house.node.desk, done.agent, done.contact, "answered")
    contact = await house.arrives(references=(done.message_id,), sender=SPAMMER)
    await house.route()
    (offer,) = await house.offers(done.agent)
    await handling.accept(house.node.desk, done.agent, offer)
    await spam.spam(house.node.desk, done.agent, contact)
    case = await house.row("SELECT state FROM cases WHERE id = $1", done.case)
    assert case["state"] == "open"


async def test_a_blocked_senders_mail_is_kept_and_waits_for_nobody(house: House) -> None:
    aino, contact = await in_hand(house)
    for _ in range(2):
        assert await blocking.block(house.node.db, aino, contact) == SPAMMER.address
    mail = house.mail(sender=SPAMMER)
    first = await house.node.reception.receive(mail)
    assert await house.node.reception.receive(mail) == first.__class__(
        contacts=first.contacts, known=True
    )
    row = await house.contact(int(first.contacts[0]))
    assert (row["state"], row["aside"]) == ("closed", "blocked")
    event = await house.row("SELECT * FROM event WHERE contact_id = $1", row["id"])
    assert (event["kind"], event["why"], event["disposition"]) == ("closed", "blocked", None)
    assert await house.rows("SELECT 1 FROM receipt_due WHERE contact_id = $1", row["id"]) == []
    assert await kept(house, "blocked") == [row["id"]]
    elsewhere = await house.contact(await house.arrives(to=KELA, sender=SPAMMER))
    assert elsewhere["state"] == "queued"
    others = await house.contact(await house.arrives())
    assert others["state"] == "queued"
    seppo = await house.actor("seppo@mikkeli.example")
    (blocked,) = await blocking.listed(house.node.db, seppo)
    assert (blocked["address"], blocked["mails"], blocked["by"]) == (
        SPAMMER.address,
        1,
        "Aino Virtanen",
    )


async def test_a_blocked_sender_joins_no_case(house: House) -> None:
    aino, contact = await in_hand(house)
    await blocking.block(house.node.db, aino, contact)
    done = await answered(house)
    row = await house.contact(await house.arrives(references=(done.message_id,), sender=SPAMMER))
    assert (row["state"], row["aside"]) == ("closed", "blocked")
    assert row["case_id"] != done.case


async def test_who_may_unblock(house: House) -> None:
    aino, contact = await in_hand(house)
    db = house.node.db
    await blocking.block(db, aino, contact)
    kalle = await house.actor("admin@kela.example")
    with pytest.raises(Refused, match="not_found"):
        await blocking.remove(db, kalle, "mikkeli", SPAMMER.address)
    with pytest.raises(Refused, match="forbidden"):
        await blocking.remove(db, aino, "mikkeli", SPAMMER.address)
    assert await blocking.unblock(db, aino, contact) == (SPAMMER.address, False)
    await blocking.block(db, aino, contact)
    await house.rows("UPDATE blocked_sender SET user_id = 1 + user_id RETURNING 1")
    assert await blocking.unblock(db, aino, contact) == (SPAMMER.address, True)
    seppo = await house.actor("seppo@mikkeli.example")
    for _ in range(2):
        await blocking.remove(db, seppo, "mikkeli", "Offers@example.net")
    assert await blocking.listed(db, seppo) == []
    assert (await house.contact(await house.arrives(sender=SPAMMER)))["state"] == "queued"
    verbs = await house.rows("SELECT verb FROM audit WHERE verb LIKE '%block_sender' ORDER BY id")
    assert [row["verb"] for row in verbs] == ["block_sender", "unblock_sender"] * 2


async def test_one_of_our_own_addresses_is_not_blocked(house: House) -> None:
    contact = await house.arrives(sender=Sender(kind="email", address=KELA))
    aino = await house.on_duty("aino@mikkeli.example")
    await house.route()
    (offer,) = await house.offers(aino)
    with pytest.raises(Refused, match="wrong_state"):
        await blocking.block(house.node.db, aino, contact)
    await handling.accept(house.node.desk, aino, offer)
    with pytest.raises(Refused, match="own_address"):
        await blocking.block(house.node.db, aino, contact)


async def test_whoever_was_typed_into_a_form_is_not_blocked(house: House) -> None:
    form = Address(address="noreply@lomake.example")
    aino, contact = await in_hand(house, facts=MailFacts(sent_by=form))
    with pytest.raises(Refused, match="sent_by_form"):
        await blocking.block(house.node.db, aino, contact)
    assert not await house.rows("SELECT FROM blocked_sender")


async def test_only_who_was_blocked_is_blocked_again(house: House) -> None:
    seppo, db = await house.actor("seppo@mikkeli.example"), house.node.db
    aino, theirs = await in_hand(house)
    for address in (SPAMMER.address, GENERAL):
        contact = await house.arrives(sender=Sender(kind="email", address=address))
        with pytest.raises(Refused, match="not_found"):
            await blocking.restore(db, seppo, contact)
    await blocking.block(db, aino, theirs)
    assert await blocking.remove(db, seppo, "mikkeli", SPAMMER.address) == theirs
    await blocking.restore(db, seppo, theirs)
    assert len(await blocking.listed(db, seppo)) == 1


@pytest.mark.parametrize("given", [{"automatic": True}, {"sender": SPAMMER}])
async def test_supervisors_put_what_is_kept_into_the_line(
    house: House, given: dict[str, Any]
) -> None:
    aino, contact = await in_hand(house)
    await blocking.block(house.node.db, aino, contact)
    kept_aside = await house.arrives(**given)
    with pytest.raises(Refused, match="not_yours"):
        await aside.release(house.node.db, house.node.publisher.publish, aino, kept_aside)
    kalle = await house.actor("admin@kela.example")
    with pytest.raises(Refused, match="not_found"):
        await aside.release(house.node.db, house.node.publisher.publish, kalle, kept_aside)
    seppo = await house.actor("seppo@mikkeli.example")
    await aside.release(house.node.db, house.node.publisher.publish, seppo, kept_aside)
    row = await house.contact(kept_aside)
    assert (row["state"], row["wait_from"]) == ("queued", row["first_arrival"])
    assert await house.kinds(kept_aside) == ["closed", "entered"]
    case = await house.row("SELECT state FROM cases WHERE id = $1", row["case_id"])
    assert case["state"] == "open"
    (message,) = await house.rows("SELECT automatic FROM message WHERE contact_id = $1", kept_aside)
    assert message["automatic"] is False
    await house.route()
    assert kept_aside in [int(o["contact"]["contact"]) for o in await house.told(aino, "offer")]


async def test_other_organisations_see_nothing_of_it(house: House) -> None:
    await house.arrives(GENERAL, automatic=True)
    kalle = await house.actor("admin@kela.example")
    assert await aside.listed(house.node.db, kalle) == ([], False)
    aino = await house.actor("aino@mikkeli.example")
    with pytest.raises(Refused, match="forbidden"):
        await aside.listed(house.node.db, aino)
