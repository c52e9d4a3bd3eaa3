"""Mail that can't be taken is refused with its code; mail that can't be read is kept and shown."""

from __future__ import annotations

import asyncio

import aiosmtplib
import pytest

from tests.flows.product import Product, Relay, letter


async def talk(product: Product, *lines: bytes) -> list[str]:
    """Say lines to the SMTP port; the answers."""
    reader, writer = await asyncio.open_connection("127.0.0.1", product.smtp_port)
    answers = []
    for line in (b"", b"EHLO test\r\n", *lines):
        writer.write(line)
        while True:
            answer = (await reader.readline()).decode()
            if answer[3:4] != "-":
                break
        answers.append(answer.strip())
    writer.close()
    await writer.wait_closed()
    return answers[2:]


async def test_an_unknown_address_is_refused_with_550(standing: Product) -> None:
    with pytest.raises(aiosmtplib.SMTPRecipientsRefused) as refused:
        await standing.mail(letter(to="nobody@mikkeli.example"))
    assert refused.value.recipients[0].code == 550


async def test_too_large_a_mail_is_refused_with_552(standing: Product) -> None:
    answers = await talk(standing, b"MAIL FROM:<v@example.org> SIZE=99000000\r\n")
    assert answers[0].startswith("552")


async def test_too_large_a_mail_without_a_stated_size_is_refused_with_552(
    standing: Product,
) -> None:
    line = b"x" * 998 + b"\r\n"
    answers = await talk(
        standing,
        b"MAIL FROM:<v@example.org>\r\n",
        b"RCPT TO:<neuvonta@mikkeli.example>\r\n",
        b"DATA\r\n",
        b"Subject: x\r\n\r\n" + line * 26_000 + b".\r\n",
    )
    assert answers[-1].startswith("552"), answers


async def test_unreadable_mail_is_kept_and_shown_to_the_admin(standing: Product) -> None:
    raw = (
        b"From: v@example.org\r\nTo: neuvonta@mikkeli.example\r\n"
        + b'Content-Type: multipart/mixed; boundary="b0"\r\n\r\n'
        + b"".join(
            b'--b%d\r\nContent-Type: multipart/mixed; boundary="b%d"\r\n\r\n' % (n, n + 1)
            for n in range(300)
        )
        + b".\r\n"
    )
    answers = await talk(
        standing,
        b"MAIL FROM:<v@example.org>\r\n",
        b"RCPT TO:<neuvonta@mikkeli.example>\r\n",
        b"DATA\r\n",
        raw,
    )
    assert answers[-1].startswith("250"), answers
    (contact,) = await standing.export("contacts")
    assert contact["state"] == "quarantined"
    async with standing.agent("admin@mikkeli.example") as admin:
        status, page = await admin.get("/admin/quarantine")
        assert status == 200
        assert contact["id"] in page
        status, source = await admin.get(f"/admin/quarantine/{contact['id']}/raw")
        assert (status, source.encode()) == (200, raw.removesuffix(b".\r\n"))
    async with standing.agent("aino@mikkeli.example") as aino:
        assert (await aino.get("/admin/quarantine"))[0] == 403
        assert (await aino.get(f"/admin/quarantine/{contact['id']}/raw"))[0] == 403
    assert (await standing.verify())["violations"] == []


async def test_nothing_of_a_citizens_can_add_a_header(product: Product, relay: Relay) -> None:
    answers = await talk(
        product,
        b"MAIL FROM:<v@example.org>\r\n",
        b"RCPT TO:<neuvonta@mikkeli.example>\r\n",
        b"DATA\r\n",
        b"From: =?utf-8?q?Ville=0D=0ABcc=3A_x=40evil.example?= <v@example.org>\r\n"
        b"Subject: =?utf-8?q?Hei=0D=0ABcc=3A_x=40evil.example?=\r\n"
        b"Message-ID: <a\tBcc: x@evil.example@example.org>\r\n"
        b"References: <1@example.org>\r\n\tBcc: x@evil.example\r\n\r\nHei\r\n.\r\n",
    )
    assert answers[-1].startswith("250"), answers
    async with product.agent("aino@mikkeli.example") as aino:
        await aino.available()
        contact = (await aino.take())["contact"]["contact"]
        sent = await aino.reply(contact, "Hei.\r\n.\r\nBcc: x@evil.example", "r1")
        await aino.of("delivery", send_id=sent["send_id"], state="sent")
    (mail,) = await relay.received(1)
    assert mail["Bcc"] is None
    assert mail["To"] == "v@example.org"
    assert "Bcc: x@evil.example" in mail.get_content()
