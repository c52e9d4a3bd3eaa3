"""kill -9 at named points: what was acknowledged is there once, the rest can be sent again."""

from __future__ import annotations

import asyncio

import pytest

from tests.flows.product import Product, Relay, letter


@pytest.mark.parametrize("point", ["intake.before_commit", "intake.after_commit"])
async def test_server_killed_midshift_while_taking_mail_in(
    product: Product, relay: Relay, point: str
) -> None:
    await product.stop()
    await product.start(CONTACTCENTER_FAIL=f"{point}:2")
    mails = [letter(subject=f"Viesti {n}") for n in range(12)]
    answers = await asyncio.gather(*(product.mail(mail) for mail in mails), return_exceptions=True)
    await product.ended()
    refused = [m for m, answer in zip(mails, answers, strict=True) if isinstance(answer, Exception)]
    assert refused, "it was not killed in time"
    await product.start()
    for mail in refused:
        await product.mail(mail)
    for mail in mails:  # and once more what had been acknowledged
        await product.mail(mail)
    contacts = await product.export("contacts")
    assert sorted(c["external_id"] for c in contacts) == sorted(m["Message-ID"] for m in mails)
    verified = await product.verify()
    assert (verified["violations"], verified["received"]) == ([], 12)


async def test_server_killed_midshift_after_data_before_sent(
    product: Product, relay: Relay
) -> None:
    await product.stop()
    await product.start(CONTACTCENTER_FAIL="delivery.after_send:1")
    await product.mail(letter(X_Auto_Response_Suppress="All"))  # the first to be sent is the reply
    async with product.agent("aino@mikkeli.example") as aino:
        await aino.available()
        contact = (await aino.take())["contact"]["contact"]
        await aino.send(type="reply", contact=contact, client_id="r1", text="Vastaus")
        await product.ended()
    await relay.received(1)
    await product.start()
    async with product.agent("aino@mikkeli.example") as aino:
        assert aino.snapshot["state"]["value"] == "available"
        (mine,) = aino.snapshot["contacts"]
        (delivery,) = mine["deliveries"]
        if delivery["state"] != "unknown":
            await aino.of("delivery", send_id=delivery["send_id"], state="unknown")
        assert len(relay.mails) == 1  # nothing is sent again unasked
        await aino.send(type="resend", send_id=delivery["send_id"])
        await aino.of("delivery", send_id=delivery["send_id"], state="sent")
        first, second = await relay.received(2)
        assert first["Message-ID"] == second["Message-ID"]
    assert (await product.verify())["violations"] == []


async def test_a_refused_mail_is_shown_as_failed(product: Product, relay: Relay) -> None:
    relay.answer = "550 5.1.1 no such person"
    await product.mail(letter())
    async with product.agent("aino@mikkeli.example") as aino:
        await aino.available()
        contact = (await aino.take())["contact"]["contact"]
        sent = await aino.reply(contact, "Vastaus", "r1")
        failed = await aino.of("delivery", send_id=sent["send_id"], state="failed")
        assert failed["code"].startswith("550 5.1.1")
        notice = await aino.of("notice", notice="undelivered", send_id=sent["send_id"])
        assert notice["recipient"] == "ville@example.org"
    async with product.agent("aino@mikkeli.example") as aino:
        assert [one["send_id"] for one in aino.snapshot["notices"]] == [sent["send_id"]]
        await aino.send(type="resend", send_id=sent["send_id"])
        await aino.of("notice_ended", send_id=sent["send_id"], why="resent")


async def test_redis_wiped_midshift(product: Product) -> None:
    for n in range(8):
        await product.mail(letter(subject=f"Viesti {n}"))
    order = [
        c["external_id"] for c in sorted(await product.export("contacts"), key=lambda c: c["rank"])
    ]
    async with product.agent("aino@mikkeli.example") as aino:
        await aino.available()
        first = await aino.take()
        await product.wipe_redis()
        seen = [first["contact"]["contact"]]
        for _ in range(7):
            await aino.send(type="wrap_up", contact=seen[-1], disposition="answered")
            seen.append((await aino.take())["contact"]["contact"])
    contacts = {c["id"]: c["external_id"] for c in await product.export("contacts")}
    assert [contacts[contact] for contact in seen] == order
    verified = await product.verify()
    assert verified["violations"] == []
