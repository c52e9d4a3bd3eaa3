"""Who may write into a case by mail: whoever names what only we could have given, and nobody by a
subject, a guess or a name (holes S13, S14, S16). Nothing that a stranger writes leaves again."""

from __future__ import annotations

import json
from email.message import EmailMessage
from email.utils import parseaddr

from tests.flows.client import Frame
from tests.flows.product import Agent, Product, Relay, letter

STRANGER = "Ville Veikkonen <ville@evil.example>"
CANARY = "KANARIALINTU"
TIMES = 5  # each mail comes so often (CH-10)


async def test_thread_hijack_refused(product: Product, relay: Relay) -> None:
    await product.mail(letter(text=f"Hyvää päivää. {CANARY}"))
    async with product.agent("aino@mikkeli.example") as aino:
        await aino.available()
        card = (await aino.take())["contact"]
        sent = await aino.reply(card["contact"], f"Vastaus. {CANARY}", "r1")
        await aino.of("delivery", send_id=sent["send_id"], state="sent")
        (out,) = await relay.received(1)
        await _guesses_join_nothing(product, aino, card, out)
        await _what_only_we_gave_joins_and_is_marked(product, aino, card, out)
        answer = await aino.reply(card["contact"], "Vain Villelle.", "r2")
        await aino.of("delivery", send_id=answer["send_id"], state="sent")
        assert [mail["To"] for mail in await relay.received(2)] == ["ville@example.org"] * 2
    for receipt in relay.receipts:
        assert CANARY not in receipt.get_content()
        assert "r1" not in str(receipt["References"])
    people = {c["person"] for c in await product.export("contacts") if c["case"] == card["case"]}
    assert len(people) == 1
    assert (await product.verify())["violations"] == []


async def _guesses_join_nothing(
    product: Product, aino: Agent, card: Frame, out: EmailMessage
) -> None:
    """S13 (a) guessed numbers, (b) no secret, (c) a subject; and a token that was changed."""
    number, _, rest = str(out["Message-ID"]).strip("<>").partition(".")
    secret, _, domain = rest.partition("@")
    other = "0" if secret[0] != "0" else "1"
    token = parseaddr(str(out["Reply-To"]))[1]
    mark = token.index("+") + 1
    wrong = token[:mark] + ("a" if token[mark] != "a" else "b") + token[mark + 1 :]
    before = len(await product.export("contacts"))
    guesses = [
        *(letter(In_Reply_To=f"<{int(number) + n}.{secret}@{domain}>") for n in (-50, -1, 1, 50)),
        letter(References=f"<{number}@{domain}> <{number}.@{domain}>"),
        letter(In_Reply_To=f"<{number}.{other}{secret[1:]}@{domain}>"),
        letter(subject=f"Re: [#{card['case']}] {out['Subject']}"),
        letter(to=wrong),
    ]
    for mail in guesses:
        mail.replace_header("From", STRANGER)
        for _ in range(TIMES):
            await product.mail(mail)
    contacts = await product.export("contacts")
    assert len(contacts) == before + len(guesses)
    assert [c["case"] for c in contacts].count(card["case"]) == 1
    assert not any(frame["type"] == "message" and "evil" in str(frame) for frame in aino.frames)


async def _what_only_we_gave_joins_and_is_marked(
    product: Product, aino: Agent, card: Frame, out: EmailMessage
) -> None:
    """S13 (d): right, from a wrong sender. S14: as if an agent wrote, which sends nothing on."""
    by_id = letter(In_Reply_To=str(out["Message-ID"]), text="tunnisteella")
    by_id.replace_header("From", STRANGER)
    by_token = letter(to=str(out["Reply-To"]), text="osoitteella")
    by_token.replace_header("From", STRANGER)
    as_agent = letter(
        In_Reply_To=str(out["Message-ID"]), Reply_To="ville@evil.example", text="henkilöstönä"
    )
    as_agent.replace_header("From", "Aino Virtanen <aino@mikkeli.example>")
    for mail in (by_id, by_token, as_agent):
        for _ in range(TIMES):
            await product.mail(mail)
        text = mail.get_content().strip()
        frame = await aino.wait(
            lambda f, text=text: (  # type: ignore[misc]
                f["type"] == "message" and text in f["message"]["text"]
            )
        )
        assert frame["case"] == card["case"]
        assert frame["message"]["direction"] == "inbound"
        assert frame["message"]["other_sender"] is True
    status, page = await aino.get(f"/api/cases/{card['case']}/messages")
    assert status == 200
    messages = json.loads(page)["messages"]
    assert [m["address"] for m in messages if m.get("other_sender")] == [
        "ville@evil.example",
        "ville@evil.example",
        "aino@mikkeli.example",
    ]


async def test_the_sender_of_a_spoofed_mail_learns_nothing(product: Product, relay: Relay) -> None:
    """S16: as a known person, without proof: a contact of its own, and no word of the other."""
    await product.mail(letter(subject=f"Aihe {CANARY}", text=CANARY))
    await relay.acknowledged(1)
    await product.mail(letter(subject="Lähettäkää kaikki", text="T. Ville"))
    second = (await relay.acknowledged(2))[1]
    contacts = await product.export("contacts")
    assert len({c["case"] for c in contacts}) == 2
    assert CANARY not in str(second)
    assert str(second["Subject"]).endswith(f"{contacts[1]['case']})")
