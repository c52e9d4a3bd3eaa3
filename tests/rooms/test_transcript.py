"""What was said goes by mail to proven addresses alone, once for each wish, and holds nothing that
the citizen may not see."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from contactcenter.case_page import transcript_words
from contactcenter.case_page.transcript_words import Line
from contactcenter.channel import MailFacts, Sender
from contactcenter.desk import drafts, writing
from contactcenter.errors import Refused
from contactcenter.kernel.i18n import Catalogue
from contactcenter.kernel.sql import Row
from tests.house import GENERAL, House, file
from tests.rooms.answered import answered
from tests.rooms.case_pages import link, look, room
from tests.rooms.chat import Page, hello, taken

VILLE, ULLA = "ville@example.org", "ulla@example.org"


async def mails(house: House, kind: str = "transcript") -> list[Row]:
    return await house.rows("SELECT * FROM outbound WHERE kind = $1 ORDER BY send_id", kind)


async def wish(house: House, contact: int, address: str = "", id_: str = "w1") -> None:
    await room(house).ask_transcript(await link(house, contact), id_, address, "fi")


def proof(mail: Row) -> str:
    """What the link in a mail ends in."""
    (found,) = re.findall(r"/transcript/([A-Za-z0-9_-]{43})\n", mail["text"])
    return str(found)


def caps(house: House, **given: Any) -> None:
    office = room(house).office
    object.__setattr__(office, "post", replace(office.post, **given))


async def chatted(house: House) -> int:
    """A chat with something said on both sides."""
    chat = await hello(house, Page(), name="Ulla")
    await chat.message("c1", "Milloin haku alkaa?")
    aino = await taken(house)
    await writing.reply(house.node.desk, aino, chat.contact, "r1", "Maanantaina.")
    return int(chat.contact)


async def test_to_the_address_that_the_citizen_wrote_from_it_goes_at_once(house: House) -> None:
    of = await answered(house)
    await wish(house, of.contact)
    await wish(house, of.contact)  # a double click
    (row,) = await mails(house)
    assert (row["recipient"], row["case_id"], row["automatic"]) == (VILLE, of.case, True)
    assert row["sender"] == GENERAL
    assert row["reply_to"].startswith("neuvonta+")
    assert "    Milloin kirjasto on auki?" in row["text"]
    assert "    Kirjasto on auki." in row["text"]
    assert await mails(house, "notice") == []
    await wish(house, of.contact, VILLE.upper(), "w2")
    assert len(await mails(house)) == 2


async def test_it_holds_nothing_that_the_citizen_may_not_see(house: House) -> None:
    of = await answered(house)
    desk, agent = house.node.desk, of.agent
    await writing.note(desk, agent, of.contact, "n1", "SALAINEN muistio")
    await drafts.save(desk, agent, of.contact, "SALAINEN luonnos")
    stranger = Sender(kind="email", address="vieras@example.org", name="Vieras")
    await house.arrives(references=(of.message_id,), sender=stranger, text="SALAINEN vieras")
    await wish(house, of.contact)
    (row,) = await mails(house)
    for hidden in ("SALAINEN", "Virtanen", "aino@", "general"):
        assert hidden not in row["text"] + row["subject"]
    assert "Aino," in row["text"]


async def test_another_address_is_proven_by_a_link_first(house: House) -> None:
    contact = await chatted(house)
    assert (await look(house, contact)).proven is None
    await wish(house, contact, ULLA)
    assert await mails(house) == []
    (asked,) = await mails(house, "notice")
    assert (asked["recipient"], asked["case_id"], asked["reply_to"]) == (ULLA, None, None)
    assert "haku" not in asked["text"]
    assert "Maanantaina" not in asked["text"]
    stored = await house.row("SELECT * FROM transcript")
    assert proof(asked).encode() not in stored["token_hash"]
    told = await room(house).look_at_proof(proof(asked))
    assert (told.address, told.organisation_key) == ("u…@example.org", "mikkeli")
    assert await mails(house) == []  # looking sends nothing: mail filters look
    await room(house).prove(proof(asked))
    (row,) = await mails(house)
    assert (row["recipient"], "Milloin haku alkaa?" in row["text"]) == (ULLA, True)
    assert (await look(house, contact)).proven == "u…@example.org"
    await wish(house, contact, ULLA, "w2")
    assert len(await mails(house)) == 2
    assert len(await mails(house, "notice")) == 1


async def test_a_link_is_good_once_and_not_for_long(house: House) -> None:
    contact = await chatted(house)
    await wish(house, contact, ULLA)
    await wish(house, contact, "maija@example.org", "w2")
    first, second = [proof(row) for row in await mails(house, "notice")]
    tries = [room(house).prove(first) for _ in range(4)]
    done = await asyncio.gather(*tries, return_exceptions=True)
    assert [type(one).__name__ for one in done].count("NoneType") == 1
    assert len(await mails(house)) == 1
    await house.rows("UPDATE transcript SET expires_at = now() RETURNING 1")
    for wrong, code in (
        (first, "link_ended"),
        (second, "link_ended"),
        (second[:-1], "not_found"),
        ("A" * 43, "not_found"),
        (await link(house, contact), "not_found"),  # a link of another kind
    ):
        for verb in (room(house).look_at_proof, room(house).prove):
            with pytest.raises(Refused, match=code):
                await verb(wrong)
    assert len(await mails(house)) == 1


async def test_where_the_page_has_ended_so_have_its_links(house: House) -> None:
    contact = await chatted(house)
    await wish(house, contact, ULLA)
    (asked,) = await mails(house, "notice")
    await house.rows("UPDATE message SET at = now() - interval '91 days' RETURNING 1")
    await house.rows("UPDATE contact SET state = 'closed' RETURNING 1")
    with pytest.raises(Refused, match="link_ended"):
        await room(house).prove(proof(asked))
    assert await mails(house) == []


@pytest.mark.parametrize(
    "given",
    [
        {"raw": None},  # typed into a form, or left in a chat
        {"facts": MailFacts(authentication={"dmarc": "fail"})},
        {"facts": MailFacts(authentication={"spf": "softfail", "dmarc": "fail"})},
    ],
    ids=repr,
)
async def test_what_anybody_could_have_typed_proves_nothing(
    house: House, given: dict[str, Any]
) -> None:
    contact = await house.arrives(**given)
    assert (await look(house, contact)).proven is None
    with pytest.raises(Refused, match="invalid_email"):
        await wish(house, contact)
    await wish(house, contact, VILLE)
    assert await mails(house) == []
    assert len(await mails(house, "notice")) == 1


async def test_a_further_mail_of_the_person_proves_its_address(house: House) -> None:
    contact = await house.arrives(raw=None)
    case = (await house.contact(contact))["case_id"]
    (receipt,) = [*await _receipts(house)]
    await house.arrives(references=(receipt["external_id"],), text="Lisäys")
    assert (await house.row("SELECT count(*) AS n FROM contact WHERE case_id = $1", case))["n"] == 1
    assert (await look(house, contact)).proven == "v…@example.org"


async def _receipts(house: House) -> list[Row]:
    await house.node.receipts.run_once()
    return await mails(house, "receipt")


async def test_proof_makes_the_persons_own_address_verified_and_takes_nobody_elses(
    house: House,
) -> None:
    other = await house.arrives(sender=Sender(kind="email", address=ULLA))
    mine = await house.arrives(raw=None)
    for n, address in enumerate((VILLE, ULLA)):
        await wish(house, mine, address, f"w{n}")
        await room(house).prove(proof((await mails(house, "notice"))[-1]))
    rows = await house.rows("SELECT address, strength, person_id FROM identity ORDER BY address")
    persons = {
        n: (await house.contact(contact))["person_id"] for n, contact in ((0, other), (1, mine))
    }
    assert [tuple(row) for row in rows] == [
        (ULLA, "asserted", persons[0]),
        (VILLE, "verified", persons[1]),
    ]


async def test_limits_by_case_are_told_and_those_by_address_are_not(house: House) -> None:
    caps(house, per_case=3, per_address=1)
    contact = await chatted(house)
    for n in range(3):
        await wish(house, contact, ULLA, f"w{n}")
    assert len(await mails(house, "notice")) == 1
    with pytest.raises(Refused, match="too_many"):
        await wish(house, contact, "maija@example.org", "w4")
    other = await house.arrives(raw=None)
    await wish(house, other, ULLA)  # another case's: nobody learns of it
    await wish(house, other, ULLA.replace("@", "+more@"), "w5")  # the same mailbox
    assert len(await mails(house, "notice")) == 1


async def test_our_own_addresses_are_never_written_to(house: House) -> None:
    contact = await chatted(house)
    await wish(house, contact, GENERAL)
    await wish(house, contact, "neuvonta+abc@mikkeli.example", "w2")
    assert await mails(house, "notice") == []


async def test_nothing_said_is_nothing_to_send_and_bad_addresses_are_told(house: House) -> None:
    chat = await hello(house, Page())
    with pytest.raises(Refused, match="transcript_nothing"):
        await wish(house, chat.contact, ULLA)
    await chat.message("c1", "Hei")
    for wrong in ("", "ulla", "ulla@", "a@b.example\r\nBcc: x@y.example"):
        with pytest.raises(Refused, match="invalid_email"):
            await wish(house, chat.contact, wrong)
    await wish(house, chat.contact, ULLA)
    with pytest.raises(Refused, match="request_id_used"):
        await wish(house, chat.contact, "maija@example.org")


async def test_it_is_noted_without_words(house: House) -> None:
    of = await answered(house)
    await wish(house, of.contact)
    (noted,) = await house.rows("SELECT * FROM audit WHERE verb = 'citizen_transcript'")
    assert (noted["object_id"], noted["after"], noted["address"]) == (str(of.contact), None, None)


async def test_files_are_named(house: House) -> None:
    contact = await house.arrives(attachments=(file("kuitti\n1.txt"),))
    await wish(house, contact)
    (row,) = await mails(house)
    assert "    Liitteet: kuitti 1.txt" in row["text"]


def test_no_line_looks_like_the_head_of_another_message() -> None:
    at = datetime(2026, 11, 27, 10, tzinfo=UTC)
    forged = Line(True, "", at, "Hei\nAino, 27.11.2026 klo 12.00:\n    Maksa tänne. {case}")
    _, text = transcript_words.words(
        Catalogue.load(),
        "fi",
        organisation="Mikkeli",
        queue="Neuvonta",
        case=1,
        now=at,
        zone="Europe/Helsinki",
        lines=[forged],
        more=False,
    )
    assert [line for line in text.splitlines() if line.startswith("Aino")] == []
    assert "    Aino, 27.11.2026 klo 12.00:" in text
    assert "{case}" in text


def test_the_newest_are_sent_where_not_all_have_room() -> None:
    at = datetime(2026, 11, 27, 10, tzinfo=UTC)
    lines = [Line(False, "Aino", at, f"{n} " + "x" * 90_000) for n in range(4)]
    _, text = transcript_words.words(
        Catalogue.load(),
        "en",
        organisation="Mikkeli",
        queue="Advice",
        case=1,
        now=at,
        zone="Europe/Helsinki",
        lines=lines,
        more=False,
    )
    assert len(text) < 201_000
    assert ["    2 " in text, "    3 " in text, "    1 " in text] == [True, True, False]
    assert "The oldest messages are left out." in text


async def test_cases_that_ask_at_the_same_moment_count_each_other(house: House) -> None:
    caps(house, per_address=2)
    contacts = [await house.arrives(text=f"Asia {n}") for n in range(24)]
    await asyncio.gather(*(wish(house, one, ULLA) for one in contacts))
    assert len(await mails(house, "notice")) == 2
