"""What the page of a case shows, to whom, and for how long."""

from __future__ import annotations

import asyncio

import pytest

from contactcenter.channel import Inbound, Sender
from contactcenter.desk import forwarding, handling, recipients, writing
from contactcenter.errors import Refused
from contactcenter.kernel.links import Links
from tests.house import KELA, House, file
from tests.rooms.calls import ask, sound
from tests.rooms.case_pages import link, look, room, texts
from tests.rooms.chat import Page, hello, settle, taken
from tests.rooms.test_mailing import in_hand, reply

VILLE = "ville@example.org"


async def test_a_mail_that_waits(house: House) -> None:
    first = await house.arrives()
    second = await house.arrives(sender=Sender(kind="email", address="b@example.org"))
    view = await look(house, second)
    assert (view.story, view.place, view.waits, view.over) == ("waiting", 2, True, False)
    assert (view.subject, view.language, view.mailbox) == ("Kysymys", "fi", "b…@example.org")
    assert view.offers == ("callback",)
    (said,) = view.messages
    assert (said.mine, said.text, said.files) == (True, "Milloin kirjasto on auki?", ())
    assert (await look(house, first)).place == 1


async def test_it_is_followed_to_its_end(house: House) -> None:
    aino, contact = await in_hand(house, attachments=(file("kuva.png"),))
    view = await look(house, contact)
    assert (view.story, view.agent, view.place) == ("handled", "Aino", None)
    (shown,) = view.messages[0].files
    assert (shown["name"], shown["url"][:6]) == ("kuva.png", "/file/")
    await reply(house, aino, contact)
    await handling.wrap_up(house.node.desk, aino, contact, "answered")
    view = await look(house, contact)
    assert (view.story, view.over, view.agent) == ("answered", True, "")
    assert [(m.mine, m.who) for m in view.messages] == [(True, "Ville"), (False, "Aino")]


async def test_nothing_of_the_house_is_shown(house: House) -> None:
    """Notes, drafts, what agents write to others and what those answer, what machines write."""
    aino, contact = await in_hand(house)
    desk = house.node.desk
    await writing.note(desk, aino, contact, "n1", "SALAINEN muistio")
    to = recipients.read(to=["hanna.huolto@mikkeli.example"])
    await forwarding.forward(desk, aino, contact, "f1", "SALAINEN pyyntö", to)
    await writing.reply(desk, aino, contact, "r9", "SALAINEN kysymys", to)
    sent = await house.row("SELECT external_id FROM outbound WHERE kind = 'forward'")
    hanna = Sender(kind="email", address="hanna.huolto@mikkeli.example", name="Hanna Huolto")
    named = (sent["external_id"],)
    await house.arrives(sender=hanna, text="SALAINEN vastaus", references=named)
    await house.arrives(text="Olen lomalla", automatic=True, references=named)
    await writing.reply(desk, aino, contact, "r1", "Kello 8.")
    view = await look(house, contact)
    assert [m.text for m in view.messages] == ["Milloin kirjasto on auki?", "Kello 8."]
    assert "SALAINEN" not in repr(view)
    assert "huolto" not in repr(view)


async def test_another_with_the_same_number_is_not_shown(house: House) -> None:
    asked = await ask(house, matter="Minun asiani")
    joined = await ask(house, matter="Toisen asia", request_id="r2")
    assert joined.joined
    assert await texts(house, asked.contact) == ["Minun asiani"]
    assert (await house.node.callbacks.status(joined.token)).case is None
    own = await house.node.callbacks.status(asked.token)
    assert own.case == (await house.contact(asked.contact))["case_id"]


async def test_a_promised_call(house: House) -> None:
    window = (await house.node.callbacks.open_windows("general"))[0]
    asked = await ask(house, window=window)
    view = await look(house, asked.contact)
    assert (view.story, view.promise, view.offers) == ("promised", window, ("mail",))


async def test_only_our_own_links_lead_there(house: House) -> None:
    contact = await house.arrives()
    token = await link(house, contact)
    case = (await house.contact(contact))["case_id"]
    for other in ("callback", "feedback", "file"):
        with pytest.raises(Refused, match="not_found"):
            await room(house).look(await Links(house.node.db, other).token(case))
    changed = ("B" if token[-2] == "A" else "A") + token[-1]
    for wrong in (token[:-1], token + "A", token[:-2] + changed, "", "x" * 43, "é" * 43):
        with pytest.raises(Refused, match="not_found"):
            await room(house).look(wrong)
    elsewhere = await Links(house.node.db, "case").token(case + 1)
    with pytest.raises(Refused, match="not_found"):
        await room(house).look(elsewhere)


async def test_a_mail_to_two_organisations_is_two_pages(house: House) -> None:
    mail: Inbound = house.mail(subject="Yhteinen")
    two = await house.node.reception.receive(
        Inbound(
            channel="mail",
            to=(*mail.to, KELA),
            fingerprint="both",
            sender=mail.sender,
            text="Sama teksti",
        )
    )
    await house.node.reception.idle()
    ours, theirs = map(int, two.contacts)
    await room(house).write(await link(house, ours), "w1", "Vain kaupungille")
    assert await texts(house, ours) == ["Sama teksti", "Vain kaupungille"]
    assert await texts(house, theirs) == ["Sama teksti"]
    rows = await house.rows("SELECT DISTINCT organisation_id FROM message WHERE text LIKE 'Vain%'")
    assert [row["organisation_id"] for row in rows] == [
        (await house.contact(ours))["organisation_id"]
    ]


async def test_the_link_ends(house: House) -> None:
    contact = await house.arrives()
    token = await link(house, contact)
    old = "UPDATE message SET at = now() - interval '91 days' RETURNING 1"
    await house.rows(old)
    assert (await room(house).look(token)).story == "waiting"
    await room(house).cancel(token)
    with pytest.raises(Refused, match="link_ended"):
        await room(house).look(token)
    with pytest.raises(Refused, match="link_ended"):
        await room(house).write(token, "w1", "Vielä yksi")
    await house.rows("UPDATE message SET at = now() - interval '89 days' RETURNING 1")
    assert (await room(house).look(token)).story == "cancelled"


async def test_a_block_is_of_mail_and_told_by_no_page(house: House) -> None:
    """Anybody may type anybody's address into a form: none of what follows says who is blocked."""
    aino = await house.actor("aino@mikkeli.example")
    views = []
    for blocked in (False, True):
        if blocked:
            await house.rows(
                "INSERT INTO blocked_sender (organisation_id, address, user_id)"
                " VALUES ($1, $2, $3) RETURNING 1",
                aino.organisation_id,
                VILLE,
                aino.user_id,
            )
        contact = await house.arrives(raw=None, fingerprint=f"form {blocked}")
        token = await link(house, contact)
        await room(house).write(token, "w1", "Hei taas")
        view = await room(house).look(token)
        views.append((view.story, view.offers, len(view.messages), view.over))
        assert (await house.contact(contact))["aside"] is None
        mailed = await house.contact(await house.arrives(fingerprint=f"mail {blocked}"))
        assert mailed["aside"] == ("blocked" if blocked else None)
    assert views[0] == views[1]


async def test_that_it_was_opened_is_known_to_the_minute(house: House) -> None:
    aino, contact = await in_hand(house)
    case = (await house.contact(contact))["case_id"]

    async def card() -> object:
        await handling.hold(house.node.desk, aino, contact, True)
        await handling.hold(house.node.desk, aino, contact, False)
        return (await house.told(aino, "contact"))[-1]["contact"].get("page")

    assert await card() is None
    await room(house).give(case)
    assert await card() == {"seen_at": None}
    await asyncio.gather(*(room(house).seen(case) for _ in range(5)))
    at = (await house.row("SELECT page_seen_at FROM cases WHERE id = $1", case))["page_seen_at"]
    assert at is not None
    assert (at.second, at.microsecond) == (0, 0)
    shown = await card()
    assert isinstance(shown, dict)
    assert shown["seen_at"] is not None


async def test_a_chats_end_gives_the_link(house: House) -> None:
    page = Page()
    talk = await hello(house, page)
    await talk.message("c1", "Hei")
    aino = await taken(house)
    await handling.close(house.node.desk, aino, talk.contact)
    await settle(house)
    (closed,) = page.of("closed")
    token = closed["case_url"].rpartition("/case/")[2]
    assert (await room(house).look(token)).messages[0].text == "Hei"
    assert (await house.row("SELECT has_page FROM cases"))["has_page"]
    await sound(house)
