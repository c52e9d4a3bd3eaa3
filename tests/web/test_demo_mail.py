"""The demo's citizen: writes to our own port, reads what came, answers it. And the quarantine."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default as modern
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from contactcenter.accounts.authorise import Actor, require
from contactcenter.kernel.db import Database
from contactcenter.kernel.sql import Row
from contactcenter.web.services import DemoMail
from tests.web.edge import ADMIN, AGENT, SUPERVISOR, Edge


class Sink:
    """A mail server that keeps what it gets."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, list[str], EmailMessage]] = []

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """aiosmtpd's hook."""
        if not address.endswith("@city.example"):
            return "550 5.1.1 no such queue"
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """aiosmtpd's hook."""
        assert isinstance(envelope.content, bytes)
        mail = BytesParser(policy=modern).parsebytes(envelope.content)
        assert isinstance(mail, EmailMessage)
        self.mails.append((envelope.mail_from or "", envelope.rcpt_tos, mail))
        return "250 taken"


@asynccontextmanager
async def _demo(edge: Edge, maildir: Path) -> AsyncIterator[Sink]:
    sink, loop = Sink(), asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(sink, hostname="cc.example", loop=loop), "127.0.0.1", 0
    )

    async def addresses() -> Sequence[tuple[str, dict[str, str]]]:
        return [("neuvonta@city.example", {"fi": "Neuvonta"})]

    port = server.sockets[0].getsockname()[1]
    edge.services.demo_mail = DemoMail(maildir, "127.0.0.1", port, addresses)
    try:
        yield sink
    finally:
        server.close()
        await server.wait_closed()


def _reply(subject: str = "Re: Kysymys") -> bytes:
    mail = EmailMessage()
    mail["From"] = "Neuvonta <neuvonta@city.example>"
    mail["To"] = "Maija <maija@example.org>"
    mail["Subject"] = subject
    mail["Message-ID"] = "<9.secret@city.example>"
    mail["References"] = "<first@example.org> <second@city.example>"
    mail.set_content("Hyvää päivää,\n<b>vastaus</b> on 7.")
    return mail.as_bytes()


async def test_writing(edge: Edge, tmp_path: Path) -> None:
    async with _demo(edge, tmp_path) as sink:
        browser = await edge.browser()
        page = await browser.get("/demo/mail")
        assert page.status == 200
        assert "neuvonta@city.example" in page.text
        form = {
            "name": "Maija Meikäläinen",
            "sender": "maija@example.org",
            "to": "neuvonta@city.example",
            "subject": "Äänestys",
            "text": "Missä äänestetään?",
        }
        answer = await browser.post("/demo/mail", form)
        assert (answer.status, answer.header("Location")) == (303, "/demo/mail?done=sent")
        ((sender, recipients, mail),) = sink.mails
        assert (sender, recipients) == ("maija@example.org", ["neuvonta@city.example"])
        assert mail["From"].addresses[0].display_name == "Maija Meikäläinen"
        assert mail["Subject"] == "Äänestys"
        assert mail["Message-ID"]
        assert mail.get_content().strip() == "Missä äänestetään?"
        refused = await browser.post("/demo/mail", form | {"to": "nobody@elsewhere.example"})
        assert refused.status == 400
        assert "550" in refused.text
        assert "Missä äänestetään?" in refused.text


async def test_headers_can_not_be_injected(edge: Edge, tmp_path: Path) -> None:
    async with _demo(edge, tmp_path) as sink:
        browser = await edge.browser()
        good = {
            "sender": "maija@example.org",
            "to": "neuvonta@city.example",
            "text": "x\r\n.\r\nMAIL FROM:<evil@x>\n.\n",
        }
        for field in ("name", "subject", "sender", "to"):
            bad = good | {field: "x@city.example\r\nBcc: canary@x.example"}
            assert (await browser.post("/demo/mail", bad)).status == 400
        assert sink.mails == []
        assert (await browser.post("/demo/mail", good)).status == 303
        assert len(sink.mails) == 1


async def test_reading_and_answering(edge: Edge, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "abc123").write_bytes(_reply("Re: <script>alert(1)</script>"))
    (tmp_path / "new" / "broken").write_bytes(b"\xff\xfe\x00 no mail at all")
    async with _demo(edge, tmp_path) as sink:
        browser = await edge.browser()
        page = await browser.get("/demo/mail")
        assert "&lt;b&gt;vastaus&lt;/b&gt; on 7." in page.text
        assert "<script>alert" not in page.text
        form = {"letter": "abc123", "text": "Kiitos!"}
        assert (await browser.post("/demo/mail/answer", form)).status == 303
        ((sender, recipients, mail),) = sink.mails
        assert (sender, recipients) == ("maija@example.org", ["neuvonta@city.example"])
        assert mail["In-Reply-To"] == "<9.secret@city.example>"
        assert mail["References"].split() == [
            "<first@example.org>",
            "<second@city.example>",
            "<9.secret@city.example>",
        ]
        for letter in ("../../schema.sql", "..", ".", "", "nothing", "new/abc123"):
            form = {"letter": letter, "text": "x"}
            assert (await browser.post("/demo/mail/answer", form)).status in (400, 404)
        assert len(sink.mails) == 1


async def test_outside_it_needs_signing_in_and_without_the_demo_it_is_not_there(
    edge: Edge, tmp_path: Path
) -> None:
    browser = await edge.browser()
    assert (await browser.get("/demo/mail")).status == 404
    async with _demo(edge, tmp_path):
        outside = {"X-Forwarded-For": "203.0.113.5"}
        assert (await browser.get("/demo/mail", headers=outside)).status == 303
        agent = await edge.signed_in(AGENT)
        assert (await agent.get("/demo/mail", headers=outside)).status == 200


class Kept:
    """A quarantine with one contact."""

    def __init__(self, rows: list[Row]) -> None:
        self.rows = rows

    async def list_quarantined(self, db: Database, actor: Actor) -> list[Row]:
        """As the intake's."""
        require(actor, "read_quarantine")
        return self.rows

    async def raw(
        self, db: Database, actor: Actor, contact_id: int
    ) -> tuple[int, AsyncIterator[bytes]]:
        """As the intake's."""
        require(actor, "read_raw")

        async def chunks() -> AsyncIterator[bytes]:
            yield b"<script>"
            yield b"\x00\xff"

        return 10, chunks()

    async def reject(self, db: Database, actor: Actor, contact: int) -> None:
        """As the intake's."""
        require(actor, "read_quarantine")
        self.rows = []


async def quarantined(edge: Edge) -> list[Row]:
    """Its row."""
    return await edge.rows(
        "SELECT 7::bigint AS id, 'mail' AS channel, 'general' AS queue, now() AS first_arrival,"
        " '<i>no header</i>' AS why, 10::bigint AS size"
    )


async def test_quarantine(edge: Edge) -> None:
    admin, asked = await edge.signed_in(ADMIN), []
    assert (await admin.get("/admin/quarantine")).status == 404
    rows = await quarantined(edge)

    async def retry(actor: Actor, contact: int) -> bool:
        asked.append((actor.user_id, contact))
        return len(asked) > 1

    edge.services.quarantine, edge.services.retry = Kept(rows), retry
    page = await admin.get("/admin/quarantine")
    assert "&lt;i&gt;no header" in page.text
    assert "Viestiä ei voitu lukea." in page.text
    places: list[Any] = [
        (await admin.post("/admin/quarantine/7/retry")).header("Location") for _ in range(2)
    ]
    assert places == ["/admin/quarantine?done=unreadable", "/admin/quarantine?done=read"]
    assert asked == [(edge.users[ADMIN], 7)] * 2
    raw = await admin.get("/admin/quarantine/7/raw")
    assert raw.header("Content-Disposition") == 'attachment; filename="contact-7.eml"'
    assert raw.header("Content-Type") == "application/octet-stream"
    assert "sandbox" in raw.header("Content-Security-Policy")
    assert raw.header("Cache-Control") == "no-store"
    done: Any = (await admin.post("/admin/quarantine/7/reject")).header("Location")
    assert done == "/admin/quarantine?done=rejected"
    assert "&lt;i&gt;no header" not in (await admin.get(done)).text
    supervisor = await edge.signed_in(SUPERVISOR)
    assert (await supervisor.get("/admin/quarantine")).status == 403
    assert (await supervisor.post("/admin/quarantine/7/retry")).status == 403
    assert len(asked) == 2
