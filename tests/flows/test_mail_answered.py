"""A mail in, answered from the console's socket, out again, and back into its case."""

from __future__ import annotations

from tests.flows.product import Product, Relay, letter


async def test_mail_answered(product: Product, relay: Relay) -> None:
    mail = letter()
    mail.add_attachment("sisältö", subtype="plain", filename="päätös.txt")
    assert (await product.mail(mail)).startswith("2.0.0")
    async with product.agent("aino@mikkeli.example") as aino:
        assert aino.snapshot["state"]["value"] == "offline"
        await aino.available()
        taken = await aino.take()
        card, (message,) = taken["contact"], taken["messages"]
        assert card["person"]["name"] == "Ville Veikkonen"
        assert "Äijä Öhman" in message["text"]
        assert message["attachments"][0]["name"] == "päätös.txt"
        status, content = await aino.get(f"/api/attachments/{message['attachments'][0]['id']}")
        assert (status, content.strip()) == (200, "sisältö")

        sent = await aino.reply(card["contact"], "Hei Ville, haku päättyy 31.3.", "r1")
        again = await aino.reply(card["contact"], "Hei Ville, haku päättyy 31.3.", "r1")
        assert sent == again
        await aino.of("delivery", send_id=sent["send_id"], state="sent")
        (out,) = await relay.received(1)
        assert out["To"] == "ville@example.org"
        assert out["In-Reply-To"] == mail["Message-ID"] == out["References"]
        text = out.get_content().replace("\r\n", "\n")
        top, _, quote = text.partition("\nVille Veikkonen kirjoitti ")
        assert top == (
            "Hei,\n\nHei Ville, haku päättyy 31.3.\n\n"
            "Ystävällisin terveisin\nAino Virtanen\nMikkelin kaupunki, Yleinen neuvonta\n"
        )
        assert "\n> Hyvää päivää, milloin haku päättyy?" in quote

        await aino.send(type="note", contact=card["contact"], client_id="n1", text="vain meille")
        await aino.of("message")
        back = letter(subject="Kiitos", text="Kiitos!", In_Reply_To=str(out["Message-ID"]))
        await product.mail(back)
        joined = await aino.wait(
            lambda f: f["type"] == "message" and f["message"]["direction"] == "inbound"
        )
        assert (joined["case"], joined["message"]["seq"]) == (card["case"], 4)

        await aino.send(type="wrap_up", contact=card["contact"], disposition="answered")
        await aino.wait(lambda f: f["type"] == "contact" and f["contact"]["state"] == "closed")
        await aino.send(type="resolve", case=card["case"])
        await aino.wait(
            lambda f: f["type"] == "contact" and f["contact"]["case_state"] == "resolved"
        )
        await product.mail(letter(text="Vielä yksi asia", References=str(out["Message-ID"])))
        reopened = await aino.take()
        assert reopened["contact"]["case"] == card["case"]
        assert reopened["contact"]["contact"] != card["contact"]
        assert reopened["contact"]["case_state"] == "reopened"
    (receipt,) = await relay.acknowledged(1)
    assert receipt["In-Reply-To"] == mail["Message-ID"]
    assert receipt["Auto-Submitted"] == "auto-replied"
    assert card["case"] in receipt["Subject"]
    verified = await product.verify()
    assert verified["violations"] == []
    assert verified["received"] == 2
    assert sum(verified["outbound"].values()) == 2
    messages = await product.export("messages")
    assert [m["seq"] for m in messages] == [1, 2, 3, 4, 5]
    assert all("vain meille" not in str(m) for m in relay.mails)


async def test_a_subject_alone_never_joins_a_case(product: Product) -> None:
    await product.mail(letter(subject="[#1] Re: sama"))
    await product.mail(letter(subject="[#1] Re: sama", In_Reply_To="<1.2@mikkeli.example>"))
    contacts = await product.export("contacts")
    assert len({c["case"] for c in contacts}) == 2
