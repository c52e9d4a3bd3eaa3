"""Mail out through a real Postfix: what it refuses is shown, what it hands on is signed, arrives
and comes back into its case, and what it could not deliver is said."""

from __future__ import annotations

import email
import os
from pathlib import Path

import aiosmtplib
import dkim
import pytest

from tests.flows.product import Agent, Product, letter
from tests.flows.test_uploads import taken_mail, upload
from tests.ports import free_port
from tests.postfix import LATER, REFUSED, Postfix, running_postfix
from tests.unit.test_mail_signing import dns, key

pytestmark = [
    pytest.mark.needs_package("postfix", "openssl"),
    pytest.mark.skipif(os.geteuid() != 0, reason="Postfix starts as root only"),
]
KELA = "asiakaspalvelu@kela.example"


async def test_through_postfix(tmp_path: Path) -> None:
    (tmp_path / "dkim.pem").write_bytes(key().key)
    port = free_port()
    async with running_postfix(port) as postfix:
        product = Product(
            tmp_path / "home",
            CONTACTCENTER_SMTP_PORT=str(port),
            CONTACTCENTER_RELAY=f"smtp://127.0.0.1:{postfix.port}?starttls=never",
            CONTACTCENTER_DKIM_KEY_FILE=str(tmp_path / "dkim.pem"),
            CONTACTCENTER_DKIM_SELECTOR=key().selector,
            CONTACTCENTER_DKIM_DOMAIN=key().domain,
        )
        product.smtp_port = port
        await product.start()
        try:
            await product.mail(letter())
            async with (
                product.agent("aino@mikkeli.example") as aino,
                product.agent("kirsi@kela.example") as kirsi,
            ):
                contact = await taken_mail(aino)
                status, file = await upload(product, aino, contact, "../ohje.pdf", b"%PDF-1.7 ohje")
                assert (status, file["name"], file["media_type"]) == (
                    201, "ohje.pdf", "application/pdf",
                )  # fmt: skip
                await partly_refused(aino, contact, file["id"])
                await kirsi.available()
                reply_to = await arrived_signed(product, kirsi)
                await answered_by_token(postfix, aino, contact, reply_to)
                await bounced(aino, contact)
            assert (await product.verify())["violations"] == []
        finally:
            await product.stop()


async def partly_refused(aino: Agent, contact: str, file: str) -> None:
    await aino.send(
        type="reply", contact=contact, client_id="r1", text="Vastaus.",
        cc=[KELA, REFUSED], bcc=[LATER], attachments=[file],
    )  # fmt: skip
    message = (await aino.of("message"))["message"]
    assert [one["name"] for one in message["attachments"]] == ["ohje.pdf"]
    waits = await aino.wait(lambda f: f["type"] == "delivery" and "next_at" in f)
    assert waits["code"].startswith("451 4.7.1")
    assert waits["refused"] == [{"address": REFUSED, "code": f"550 5.1.1 <{REFUSED}>: "
                                 "Recipient address rejected: nobody"}]  # fmt: skip
    assert waits["taken"] == ["ville@example.org", KELA]


async def arrived_signed(product: Product, kirsi: Agent) -> str:
    """At another authority's queue, with files and a signature that holds; where answers go."""
    taken = await kirsi.take()
    (message,) = taken["messages"]
    assert message["text"].startswith("Hei,\n\nVastaus.")
    assert [one["name"] for one in message["attachments"]] == ["ohje.pdf"]
    case = taken["contact"]["case"]
    place = f"{product.url}/api/messages/{case}/1/raw"
    async with product.agent("admin@kela.example") as admin, admin.http.get(place) as answer:
        raw = await answer.read()
    assert dkim.verify(raw, dnsfunc=dns)
    assert LATER.encode() not in raw
    return str(email.message_from_bytes(raw)["Reply-To"])


async def answered_by_token(postfix: Postfix, aino: Agent, contact: str, reply_to: str) -> None:
    """Somebody else answers, by a program that names no Message-ID."""
    mail = letter(to=reply_to, text="Kelan kanta.")
    mail.replace_header("From", "Kirsi <kirsi@elsewhere.example>")
    await aiosmtplib.send(mail, hostname="127.0.0.1", port=postfix.port, start_tls=False)
    joined = await aino.wait(
        lambda f: f["type"] == "message" and f["message"]["direction"] == "inbound"
    )
    assert (joined["contact"], joined["message"]["text"]) == (contact, "Kelan kanta.")
    assert joined["message"]["other_sender"]


async def bounced(aino: Agent, contact: str) -> None:
    """Nobody has this address at the next server: Postfix says so to our own door."""
    await aino.send(
        type="reply", contact=contact, client_id="r2", text="Toinen.", to=["nobody@y.example"]
    )
    sent = (await aino.of("message"))["message"]["send_id"]
    failed = await aino.of("delivery", send_id=sent, state="failed")
    assert failed["code"].startswith("5.1.1")
