"""What arrives is stored once, whole, and where it belongs."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import pytest

from contactcenter.channel import Cursor, Inbound, Report, Sender
from contactcenter.desk import handling, writing
from contactcenter.errors import Refused
from contactcenter.intake.quarantine import list_quarantined, raw, reject
from contactcenter.intake.retry import retry
from contactcenter.stats.verify import verify
from tests.house import GENERAL, KELA, House, file
from tests.rooms.answered import answered


async def test_a_mail_becomes_person_case_contact_and_message(house: House) -> None:
    contact = await house.contact(await house.arrives(attachments=(file(),)))
    assert (contact["state"], contact["channel"], contact["requirement"]) == (
        "queued",
        "mail",
        "mikkeli/general/fi/1",
    )
    message = await house.row("SELECT * FROM message WHERE contact_id = $1", contact["id"])
    assert (message["seq"], message["direction"]) == (1, "inbound")
    attachment = await house.row("SELECT * FROM attachment WHERE message_id = $1", message["id"])
    stored = await house.row("SELECT data FROM blob WHERE id = $1", attachment["blob_id"])
    assert stored["data"].decode() == "sisältö"
    person = await house.row("SELECT name FROM person WHERE id = $1", contact["person_id"])
    assert person["name"] == "Ville Veikkonen"
    assert await house.kinds(contact["id"]) == ["entered"]


async def test_the_same_mail_five_times_at_once_is_one_contact(house: House) -> None:
    mail = house.mail(attachments=(file(),))
    answers = await asyncio.gather(*(house.node.reception.receive(mail) for _ in range(5)))
    assert len({answer.contacts for answer in answers}) == 1
    assert [answer.known for answer in answers].count(False) == 1
    for table in ("contact", "message", "attachment", "cases", "person"):
        assert len(await house.rows(f"SELECT 1 FROM {table}")) == 1


async def test_same_message_id_with_other_content_is_linked_not_dropped(house: House) -> None:
    first = await house.arrives(external_id="<same@example.org>")
    second = await house.arrives(external_id="<same@example.org>")
    assert first != second
    assert (await house.contact(second))["linked_to"] == first


async def test_one_mail_to_two_queues_is_one_case_with_two_contacts(house: House) -> None:
    mail = house.mail()
    both = (GENERAL, "rakennusvalvonta@mikkeli.example")
    accepted = await house.node.reception.receive(_sent_to(mail, both))
    rows = [await house.contact(int(contact)) for contact in accepted.contacts]
    assert len({row["queue_id"] for row in rows}) == 2
    assert len({row["case_id"] for row in rows}) == 1
    assert len(await house.rows("SELECT 1 FROM message")) == 1


async def test_organisations_do_not_share_a_person_or_a_case(house: House) -> None:
    accepted = await house.node.reception.receive(_sent_to(house.mail(), (GENERAL, KELA)))
    rows = [await house.contact(int(contact)) for contact in accepted.contacts]
    assert len({row["organisation_id"] for row in rows}) == 2
    assert len({row["case_id"] for row in rows}) == 2
    assert len({row["person_id"] for row in rows}) == 2


async def test_an_answer_to_two_organisations_joins_one_and_is_new_for_the_other(
    house: House,
) -> None:
    contact = await house.arrives()
    aino = await house.on_duty("aino@mikkeli.example")
    await house.route()
    (offer,) = await house.offers(aino)
    await handling.accept(house.node.desk, aino, offer)
    await writing.reply(house.node.desk, aino, contact, "r1", "Vastaus")
    ours = (await house.row("SELECT external_id FROM outbound"))["external_id"]
    answer = _sent_to(house.mail(references=(ours,)), (GENERAL, KELA))
    accepted = await house.node.reception.receive(answer)
    again = await house.node.reception.receive(answer)
    assert accepted.contacts == again.contacts
    joined, new = [await house.contact(int(contact)) for contact in accepted.contacts]
    assert joined["id"] == contact
    assert (new["state"], new["requirement"]) == ("queued", "kela/benefits/fi/1")


async def test_the_same_address_is_the_same_person(house: House) -> None:
    many = [house.mail() for _ in range(20)]
    await asyncio.gather(*(house.node.reception.receive(mail) for mail in many))
    assert len(await house.rows("SELECT 1 FROM person")) == 1
    assert len(await house.rows("SELECT DISTINCT person_id FROM contact")) == 1


async def test_identity_codes_are_masked_wherever_text_is_stored(house: House) -> None:
    code = "131052-308T"
    contact = await house.arrives(
        subject=f"Hetu {code}",
        text=f"Olen {code}.",
        html=f"<p>{code}</p>",
        sender=Sender(kind="email", address="a@example.org", name=f"Matti {code}"),
    )
    message = await house.row("SELECT * FROM message WHERE contact_id = $1", contact)
    shown = " ".join(str(value) for value in message.values())
    assert code not in shown
    assert shown.count("131052-****") >= 3
    assert code not in (await house.row("SELECT name FROM person"))["name"]


async def test_an_unknown_address_is_refused(house: House) -> None:
    with pytest.raises(Refused, match="unknown_queue"):
        await house.arrives(to="nobody@mikkeli.example")


async def test_what_cannot_be_read_is_kept_in_quarantine(house: House) -> None:
    mail = house.mail(unreadable="the header has no end", raw=b"\x00\xff")
    accepted = await house.node.reception.receive(mail)
    again = await house.node.reception.receive(mail)
    assert accepted.contacts == again.contacts
    contact = await house.contact(int(accepted.contacts[0]))
    assert (contact["state"], contact["why_quarantined"]) == (
        "quarantined",
        "the header has no end",
    )
    assert (await house.row("SELECT data FROM blob"))["data"] == b"\x00\xff"


async def test_what_lay_in_quarantine_is_read_again_and_keeps_its_place(house: House) -> None:
    mail = house.mail(unreadable="the header has no end")
    contact = int((await house.node.reception.receive(mail)).contacts[0])
    later = await house.arrives()
    admin = await house.actor("admin@mikkeli.example")

    async def reread(raw: bytes) -> Inbound:
        assert raw == b"raw source"
        return msgspec.structs.replace(house.mail(attachments=(file(),)), to=())

    node = house.node
    assert await retry(node.db, node.ids, node.publisher, reread, admin, contact)
    assert await house.kinds(contact) == ["entered"]
    rank = (await house.contact(contact))["rank"]
    assert rank < (await house.contact(later))["rank"]
    aino = await house.on_duty("aino@mikkeli.example")
    await house.route()
    assert (await house.told(aino, "offer"))[0]["contact"]["contact"] == str(contact)
    with pytest.raises(Refused, match="not_found"):
        await retry(node.db, node.ids, node.publisher, reread, admin, contact)


async def test_what_is_read_again_may_be_a_report_or_an_answer(house: House) -> None:
    done = await answered(house)
    admin, node = await house.actor("admin@mikkeli.example"), house.node
    read_now: list[dict[str, Any]] = [
        {"references": (done.message_id,)},
        {"report": Report(action="failed", message_ids=(done.message_id,))},
        {"automatic": True},
    ]
    for number, given in enumerate(read_now):
        mail = house.mail(unreadable="the header has no end")
        contact = int((await node.reception.receive(mail)).contacts[0])

        async def reread(raw: bytes, given: dict[str, Any] = given) -> Inbound:
            return house.mail(**given)

        assert await retry(node.db, node.ids, node.publisher, reread, admin, contact)
        row = await house.contact(contact)
        assert row["state"] == ("closed" if number else "queued")
        assert (row["case_id"] == done.case) == (number < 2)
        assert row["aside"] == ("automatic" if number == 2 else None)
    sent = await house.row("SELECT state FROM outbound WHERE send_id = $1", done.send_id)
    assert sent["state"] == "failed"


async def test_what_is_rejected_is_closed_and_its_source_kept(house: House) -> None:
    mail = house.mail(unreadable="the header has no end")
    contact = int((await house.node.reception.receive(mail)).contacts[0])
    admin, kalle = (
        await house.actor("admin@mikkeli.example"),
        await house.actor("admin@kela.example"),
    )
    with pytest.raises(Refused, match="not_found"):
        await reject(house.node.db, kalle, contact)
    await reject(house.node.db, admin, contact)
    with pytest.raises(Refused, match="not_found"):
        await reject(house.node.db, admin, contact)
    assert (await house.contact(contact))["state"] == "closed"
    assert await house.kinds(contact) == ["closed"]
    size, _ = await raw(house.node.db, admin, contact)
    assert size == len(b"raw source")
    report = await verify(house.node.db, None)
    assert report["violations"] == []


async def test_a_foreign_admin_cannot_touch_the_quarantine(house: House) -> None:
    mail = house.mail(unreadable="the header has no end")
    contact = int((await house.node.reception.receive(mail)).contacts[0])
    kalle = await house.actor("admin@kela.example")
    assert await list_quarantined(house.node.db, kalle) == []
    with pytest.raises(Refused, match="not_found"):
        await raw(house.node.db, kalle, contact)


async def test_automatic_mail_is_kept_but_does_not_wait(house: House) -> None:
    contact = await house.contact(await house.arrives(automatic=True))
    assert contact["state"] == "closed"
    assert await house.kinds(contact["id"]) == ["closed"]


async def test_text_that_postgres_cannot_hold_is_mended(house: House) -> None:
    contact = await house.arrives(subject="a\x00b", text="x\x00y \ud800")
    message = await house.row("SELECT * FROM message WHERE contact_id = $1", contact)
    assert message["text"] == "x\ufffdy ?"


async def test_a_bad_neighbour_does_not_take_others_along(house: House) -> None:
    poison = msgspec.structs.replace(house.mail(), channel="pigeon")  # the database refuses it
    good = [house.mail() for _ in range(6)]
    answers = await asyncio.gather(
        *(house.node.reception.receive(mail) for mail in [*good[:3], poison, *good[3:]]),
        return_exceptions=True,
    )
    assert [isinstance(answer, Exception) for answer in answers] == [False] * 3 + [True] + [
        False
    ] * 3
    assert len(await house.rows("SELECT 1 FROM contact")) == 6


async def test_a_doors_cursor_is_committed_with_the_contact(house: House) -> None:
    await house.arrives(cursor=Cursor(source="imap:info", value="7:42"))
    assert await house.node.reception.cursor("imap:info") == "7:42"


def _sent_to(mail: Inbound, addresses: tuple[str, ...]) -> Inbound:
    return msgspec.structs.replace(mail, to=addresses)


async def test_who_first_wrote_by_a_form_is_known_by_the_own_mail(house: House) -> None:
    """What a form says of its author proves nothing; the author's own mail says as much as any."""
    form = Sender(kind="email", address="ville@example.org", name="Ville", strength="none")
    found = []
    own = Sender(kind="email", address="ville@example.org", name="Ville Veikkonen")
    for sender in (form, own, form):
        await house.arrives(sender=sender)
        found.append((await house.row("SELECT strength FROM identity"))["strength"])
    assert found == ["none", "asserted", "asserted"]
