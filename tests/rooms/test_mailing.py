"""What agents put into mail: recipients, files, quotes, forwards, and the paper of the queue."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import Any

import pytest

from channels.loopback import Loopback
from contactcenter.accounts.authorise import Actor
from contactcenter.cases import reply_token, uploads
from contactcenter.delivery.loop import Sender
from contactcenter.desk import (
    drafts,
    forwarding,
    handling,
    mailing,
    recipients,
    uploading,
    writing,
)
from contactcenter.errors import Refused
from contactcenter.kernel import blobs
from contactcenter.kernel.sql import Row
from contactcenter.queue import store as queue
from contactcenter.stats.verify import verify
from tests.house import House, file

VILLE = "ville@example.org"


async def in_hand(
    house: House, email: str = "aino@mikkeli.example", **mail: Any
) -> tuple[Actor, int]:
    contact = await house.arrives(**mail)
    actor = await house.on_duty(email)
    await house.route()
    (offer,) = await house.offers(actor)
    await handling.accept(house.node.desk, actor, offer)
    return actor, contact


async def reply(
    house: House, actor: Actor, contact: int, text: str = "Kello 8.", **beside: Any
) -> Row:
    extras = recipients.read(**beside)
    await writing.reply(house.node.desk, actor, contact, "r1", text, extras)
    return await sent(house, contact)


async def sent(house: House, contact: int, kind: str = "reply") -> Row:
    return await house.row(
        "SELECT * FROM outbound WHERE contact_id = $1 AND kind = $2", contact, kind
    )


async def on_paper(house: House, **texts: dict[str, str]) -> None:
    for column in ("from_name", "greeting", "signature"):
        await house.rows(
            f"UPDATE queue SET {column} = $1 WHERE key = 'general' RETURNING 1",
            json.dumps(texts.get(column, {})),
        )


async def upload(house: House, contact: int, actor: Actor, content: bytes = b"x") -> str:
    id_, blob = await house.node.ids.take(2)
    async with house.node.db.transaction() as conn:
        await blobs.put(conn, house.node.db.seals, blob, content)
        await uploads.SQL.add.run(
            conn, id=id_, contact=contact, organisation_id=actor.organisation_id,
            user_id=actor.user_id, blob_id=blob, name="a.pdf", media_type="application/pdf",
            size=len(content),
        )  # fmt: skip
    return str(id_)


async def card(house: House, contact: int) -> Row:
    async with house.node.db.connection() as conn:
        (row,) = await queue.cards(conn, [contact])
    return row


async def test_the_mail_has_more_than_the_message(house: House) -> None:
    await on_paper(
        house,
        from_name={"fi": "Mikkelin {queue}"},
        greeting={"fi": "Hei!", "sv": "Hej!"},
        signature={"fi": "Terveisin\n{agent}, asia {case}"},
    )
    actor, contact = await in_hand(house)
    row = await reply(house, actor, contact)
    case = (await house.contact(contact))["case_id"]
    top, _, quote = row["text"].partition("\n\nVille Veikkonen kirjoitti ")
    assert top == f"Hei!\n\nKello 8.\n\nTerveisin\nAino Virtanen, asia {case}"
    assert quote.endswith(":\n\n> Milloin kirjasto on auki?")
    assert row["sender_name"] == "Mikkelin Yleinen neuvonta"
    message = await house.row("SELECT * FROM message WHERE id = $1", row["message_id"])
    assert (message["text"], message["facts"]) == ("Kello 8.", None)


async def test_a_language_without_texts_gets_none_of_another(house: House) -> None:
    await on_paper(house, greeting={"sv": "Hej!"}, signature={"sv": "Hälsningar"})
    actor, contact = await in_hand(house)
    row = await reply(house, actor, contact, quote=False)
    assert (row["text"], row["sender_name"]) == ("Kello 8.", "Yleinen neuvonta")


async def test_words_are_filled_once_and_nothing_is_evaluated(house: House) -> None:
    await on_paper(house, signature={"fi": "{agent} {unknown} {agent.name} %s {0}"})
    await house.rows(
        "UPDATE users SET name = '{case}' WHERE email = 'aino@mikkeli.example' RETURNING 1"
    )
    actor, contact = await in_hand(house)
    row = await reply(house, actor, contact, quote=False)
    assert row["text"].endswith("{case} {unknown} {agent.name} %s {0}")


async def test_answers_come_back_to_an_address_that_names_the_case(house: House) -> None:
    actor, contact = await in_hand(house)
    row = await reply(house, actor, contact)
    local, _, domain = row["reply_to"].partition("@")
    async with house.node.db.connection() as conn:
        key = await reply_token.signing_key(conn)
    assert local.partition("+")[0] + "@" + domain == "neuvonta@mikkeli.example"
    assert reply_token.check(key, local.partition("+")[2]) == row["case_id"]


async def test_without_tokens_answers_go_to_the_queue(house: House) -> None:
    actor, contact = await in_hand(house)
    desk = replace(house.node.desk, reply_tokens=False)
    await writing.reply(desk, actor, contact, "r1", "Hei")
    assert (await sent(house, contact))["reply_to"] is None


async def test_what_leaves_has_its_files(house: House) -> None:
    actor, contact = await in_hand(house)
    big = b"%PDF-" + bytes(600_000)  # several chunks
    one = await upload(house, contact, actor, big)
    await reply(house, actor, contact, attachments=[one])
    door = Loopback()
    door.name = "mail"
    await house.node._alive.hold()
    post = Sender(house.node.db, house.node.publisher, door, house.node._alive)
    await post.run_once()
    await post.finish(30)
    (outbound,) = door.sent.values()
    (file_,) = outbound.attachments
    assert (file_.name, file_.media_type, file_.content) == ("a.pdf", "application/pdf", big)


async def test_copies_and_who_sees_them(house: House) -> None:
    actor, contact = await in_hand(house)
    row = await reply(
        house, actor, contact, cc=["Aino@Kela.EXAMPLE", VILLE.title()], bcc=["bo@kela.example"]
    )
    assert (row["recipient"], row["cc"], row["bcc"]) == (
        VILLE, ["Aino@kela.example"], ["bo@kela.example"],
    )  # fmt: skip
    frame = (await house.told(actor, "message"))[-1]["message"]
    assert frame["mail"] == {
        "to": [{"address": VILLE}],
        "cc": [{"address": "Aino@kela.example"}],
        "bcc": [{"address": "bo@kela.example"}],
    }


async def test_to_somebody_else(house: House) -> None:
    actor, contact = await in_hand(house)
    row = await reply(house, actor, contact, to=["a@x.example", "b@x.example"])
    assert (row["recipient"], row["also_to"]) == ("a@x.example", ["b@x.example"])


HOSTILE = [
    "a@b.example\r\nBcc: x@canary.example", "a@b.example\n", "a@b.example,c@d.example",
    "Aino <a@b.example>", "a@b.example>", "a@b.example\u2028", "a@b.example\x85", "a b@c.example",
    "a@b.example> NOTIFY=NEVER", "", "a", "a@", "@b", "a@b..c", '"a"@b.example', "a@[127.0.0.1]",
    "a@b.example ", "a\0@b.example", "x" * 65 + "@b.example", "a@" + "b" * 260 + ".example",
]  # fmt: skip


@pytest.mark.parametrize("address", HOSTILE)
@pytest.mark.parametrize("field", ["to", "cc", "bcc"])
def test_an_address_is_one_address_or_refused(field: str, address: str) -> None:
    with pytest.raises(Refused, match="invalid_recipient") as caught:
        recipients.read(**{field: ["good@b.example", address]})  # type: ignore[arg-type]
    assert caught.value.field == f"{field}[1]"


def test_so_many_and_no_more() -> None:
    many = [f"a{n}@b.example" for n in range(21)]
    assert len(recipients.read(to=many[:10], cc=many[10:20]).cc) == 10
    with pytest.raises(Refused, match="too_many_recipients"):
        recipients.read(to=many[:10], cc=many[10:20], bcc=many[20:])


def test_who_stands_twice_gets_it_once() -> None:
    extras = recipients.read(
        to=["a@b.example"], cc=["A@B.example", "c@b.example"], bcc=["c@b.example"]
    )
    assert (extras.to, extras.cc, extras.bcc) == (("a@b.example",), ("c@b.example",), ())


async def test_files_go_along_and_stand_with_the_message(house: House) -> None:
    actor, contact = await in_hand(house)
    one = await upload(house, contact, actor)
    row = await reply(house, actor, contact, attachments=[one])
    files = await house.rows("SELECT * FROM attachment WHERE message_id = $1", row["message_id"])
    assert [str(each["id"]) for each in files] == [one]
    assert await house.rows("SELECT 1 FROM upload") == []
    frame = (await house.told(actor, "message"))[-1]["message"]
    assert [each["id"] for each in frame["attachments"]] == [one]
    again = recipients.read(attachments=[one])
    await writing.reply(house.node.desk, actor, contact, "r1", "Kello 8.", again)  # told again
    assert len(await house.rows("SELECT 1 FROM outbound")) == 1


async def test_a_file_of_another_contact_is_not_sent(house: House) -> None:
    actor, contact = await in_hand(house)
    other = await house.arrives()
    foreign = await upload(house, other, actor)
    with pytest.raises(Refused, match="unknown_upload"):
        await reply(house, actor, contact, attachments=[foreign])
    assert len(await house.rows("SELECT 1 FROM upload")) == 1
    assert await house.rows("SELECT 1 FROM outbound") == []


async def test_of_many_files_at_once_no_more_are_kept_than_may_be(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MOST_WAITING", 2)
    actor, contact = await in_hand(house)
    added = await asyncio.gather(
        *(uploading.add(house.node.desk, actor, contact, "a", "", b"x") for _ in range(6)),
        return_exceptions=True,
    )
    assert len([one for one in added if isinstance(one, Refused)]) == 4
    assert len(await house.rows("SELECT 1 FROM upload")) == 2


async def test_files_too_large_together_are_refused_and_kept(house: House) -> None:
    actor, contact = await in_hand(house)
    one = await upload(house, contact, actor)
    await house.rows("UPDATE upload SET size = $1 RETURNING 1", uploads.MOST_BYTES + 1)
    with pytest.raises(Refused, match="files_too_large"):
        await reply(house, actor, contact, attachments=[one])
    assert len(await house.rows("SELECT 1 FROM upload")) == 1


async def test_a_mail_is_passed_on_with_its_files(house: House) -> None:
    actor, contact = await in_hand(house, attachments=(file(),), rest="> vanhaa")
    extras = recipients.read(to=["rakennus@x.example"], cc=["b@x.example"])
    await forwarding.forward(house.node.desk, actor, contact, "f1", "Teille.", extras)
    row = await sent(house, contact, "forward")
    assert (row["recipient"], row["cc"], row["subject"]) == (
        "rakennus@x.example", ["b@x.example"], "Fwd: Kysymys",
    )  # fmt: skip
    assert (row["in_reply_to"], row["refs"]) == (None, [])
    assert row["text"].startswith("Teille.\n\n")
    assert "Lähettäjä: Ville Veikkonen <ville@example.org>" in row["text"]
    assert row["text"].endswith("Milloin kirjasto on auki?\n\n> vanhaa")
    note = (await house.told(actor, "message"))[-1]["message"]
    assert (note["direction"], note["text"], note["mail"]["forwarded"]) == ("note", "Teille.", 1)
    assert [each["name"] for each in note["attachments"]] == ["liite.txt"]
    blob = {each["blob_id"] for each in await house.rows("SELECT blob_id FROM attachment")}
    assert len(blob) == 1
    audited = await house.row("SELECT * FROM audit WHERE verb = 'forward'")
    assert json.loads(audited["after"]) == {"seq": 1, "recipients": 2}
    state = await house.contact(contact)
    assert (state["state"], state["unread"]) == ("active", 1)  # it answers nobody
    await forwarding.forward(house.node.desk, actor, contact, "f1", "Teille.", extras)
    assert len(await house.rows("SELECT 1 FROM outbound")) == 1
    assert (await verify(house.node.db, None))["violations"] == []


async def test_only_what_a_citizen_wrote_is_passed_on(house: House) -> None:
    actor, contact = await in_hand(house)
    await writing.note(house.node.desk, actor, contact, "n1", "Sisäinen.")
    extras = recipients.read(to=["a@x.example"])
    for seq in (2, 9):
        with pytest.raises(Refused, match="not_found"):
            await forwarding.forward(house.node.desk, actor, contact, "f1", "", extras, seq=seq)
    await forwarding.forward(house.node.desk, actor, contact, "f1", "", extras, files=False)
    assert "Sisäinen" not in (await sent(house, contact, "forward"))["text"]


async def test_nobody_passes_on_what_is_not_theirs(house: House) -> None:
    _, contact = await in_hand(house)
    other = await house.on_duty("bjorn@mikkeli.example")
    extras = recipients.read(to=["a@x.example"])
    with pytest.raises(Refused, match="not_yours"):
        await forwarding.forward(house.node.desk, other, contact, "f1", "", extras)


async def test_a_draft_keeps_it_all_for_whoever_goes_on(house: House) -> None:
    actor, contact = await in_hand(house)
    one = await upload(house, contact, actor)
    beside = drafts.Beside(cc=["kela@"], attachments=[one, "999"], quote=False)
    await drafts.save(house.node.desk, actor, contact, "", beside)
    row = await card(house, contact)
    assert json.loads(row["draft_mail"]) == {"cc": ["kela@"], "attachments": [one], "quote": False}
    assert [each["id"] for each in json.loads(row["draft_files"])] == [one]
    await drafts.save(house.node.desk, actor, contact, "")
    assert (await card(house, contact))["draft_mail"] is None
    assert await house.rows("SELECT 1 FROM draft") == []


async def test_what_nobody_sends_goes_after_a_day_but_a_draft_keeps_it(house: House) -> None:
    actor, contact = await in_hand(house)
    kept, gone, fresh = [await upload(house, contact, actor) for _ in range(3)]
    await drafts.save(house.node.desk, actor, contact, "", drafts.Beside(attachments=[kept]))
    await house.rows(
        "UPDATE upload SET at = now() - interval '25 h' WHERE id <> $1 RETURNING 1", int(fresh)
    )
    assert await uploads.drop_unused(house.node.db) == 1
    left = {str(row["id"]) for row in await house.rows("SELECT id FROM upload")}
    assert left == {kept, fresh}
    blobs_left = await house.rows("SELECT 1 FROM blob WHERE data = 'x'")
    assert len(blobs_left) == 2
    assert gone not in left


async def test_a_chat_takes_none_of_it(house: House) -> None:
    actor, contact = await in_hand(house)
    await house.rows("UPDATE contact SET channel = 'chat' WHERE id = $1 RETURNING 1", contact)
    with pytest.raises(Refused, match="only_mail"):
        await reply(house, actor, contact, cc=["a@x.example"])
    with pytest.raises(Refused, match="only_mail"):
        await drafts.save(house.node.desk, actor, contact, "", drafts.Beside(cc=["a@x.example"]))


async def test_a_preview_says_what_would_be_added(house: House) -> None:
    await on_paper(house, greeting={"fi": "Hei!"})
    actor, contact = await in_hand(house)
    async with house.node.db.connection() as conn:
        shown = await mailing.preview(conn, house.node.desk, actor, await house.contact(contact))
    assert (shown["to"], shown["subject"], shown["greeting"]) == ([VILLE], "Re: Kysymys", "Hei!")
    row = await reply(house, actor, contact)
    assert row["text"] == f"Hei!\n\nKello 8.\n\n{shown['quote']}"


def test_a_long_mail_is_quoted_in_part() -> None:
    from datetime import UTC, datetime

    from contactcenter.cases import letter
    from contactcenter.kernel.i18n import Catalogue

    text = "rivi\n" * 10_000
    quote = letter.quoted(Catalogue.load(), "fi", "V", datetime(2026, 1, 2, tzinfo=UTC), text)
    assert quote.startswith("V kirjoitti 2.1.2026 klo 0.00:\n\n> rivi\n")
    assert quote.endswith("> rivi\n> [...]")
    assert len(text) > letter.MOST_QUOTED > len(quote) / 1.5
