"""The other sides of the tested channels: a mail client with a Maildir or a relay, and memory."""

from __future__ import annotations

import asyncio
from email.message import EmailMessage
from hashlib import sha256
from pathlib import Path

import aiosmtplib

from channels.email import EmailChannel
from channels.email.mime import read_mail
from channels.loopback import Loopback
from contactcenter.channel import ChannelSettings, Inbound, Sender
from contactcenter.errors import Refused
from tests.channels.contract import Answer, Approach, Copy
from tests.channels.fake_desk import ADDRESS
from tests.channels.sink import Sink


class MailPeer:
    """A mail program that sends to the channel's port; answers are found in a Maildir, or in the
    sink that plays the relay."""

    def __init__(self, maildir: Path, sink: Sink | None = None) -> None:
        self.channel = EmailChannel(
            ChannelSettings(
                smtp_port=0,
                maildir=maildir,
                relay_tls="never",
                relay_host=sink.host if sink else None,
                relay_port=sink.port if sink else 25,
            )
        )
        self.host, self.port = "127.0.0.1", 0
        self._maildir = maildir
        self._sink = sink

    async def arrive(self, approach: Approach) -> Answer:
        try:
            async with aiosmtplib.SMTP(
                hostname=self.host, port=self.port, start_tls=False, timeout=10
            ) as client:
                await client.sendmail(approach.sender, [ADDRESS], mail_of(approach))
        except aiosmtplib.SMTPResponseException as error:
            return "later" if error.code < 500 else "never"
        return "taken"

    async def copies(self) -> list[Copy]:
        if self._sink is not None:
            raw = [mail.data for mail in self._sink.mails]
        else:
            raw = [path.read_bytes() for path in (self._maildir / "new").iterdir()]
        mails = [read_mail(one, to=()) for one in raw]
        return [Copy(mail.external_id or "", mail.text) for mail in mails]

    async def reachable(self) -> bool:
        try:
            _, writer = await asyncio.open_connection(self.host, self.port)
        except OSError:
            return False
        writer.close()
        return True


def mail_of(approach: Approach) -> bytes:
    """The approach as a mail, with a charset label that may be wrong."""
    sender = f"From: {approach.sender}\r\n" if approach.sender else ""
    head = (
        f"Received: from {approach.hop}.example by mx.kaupunki.example;\r\n"
        f"\tMon, 23 Nov 2026 10:00:00 +0200\r\n"
        f"{sender}To: {ADDRESS}\r\n"
        f"Message-ID: {approach.external_id}\r\n"
        f"Subject: Asia\r\nMIME-Version: 1.0\r\n"
    )
    part = f"Content-Type: text/plain; charset={approach.label}\r\n\r\n".encode()
    text = part + approach.text.encode(approach.charset)
    if approach.attachment is None:
        return head.encode() + text + b"\r\n"
    file = EmailMessage()
    file.set_content(
        approach.attachment.content,
        maintype="application",
        subtype="octet-stream",
        filename=approach.attachment.name,
    )
    return b"\r\n".join(
        (
            head.encode() + b'Content-Type: multipart/mixed; boundary="x x"\r\n',
            b"--x x",
            text,
            b"--x x",
            file.as_bytes(),
            b"--x x--\r\n",
        )
    )


class LoopbackPeer:
    """Memory: what a door would have read off the wire is handed over as it is."""

    def __init__(self) -> None:
        self.channel = Loopback()

    async def arrive(self, approach: Approach) -> Answer:
        try:
            await self.channel.arrive(_inbound(approach))
        except Refused:
            return "never"
        except (Exception, asyncio.CancelledError):
            return "later"
        return "taken"

    async def copies(self) -> list[Copy]:
        return [Copy(sent.message_id, sent.text) for sent in self.channel.sent.values()]

    async def reachable(self) -> bool:
        return False


def _inbound(approach: Approach) -> Inbound:
    digest = sha256(approach.text.encode()).hexdigest()
    return Inbound(
        channel="mail",
        to=(ADDRESS,),
        fingerprint=f"{approach.external_id} {digest}",
        sender=Sender(
            kind="email",
            address=approach.sender,
            strength="asserted" if approach.sender else "none",
        ),
        external_id=approach.external_id,
        text=approach.text,
        attachments=(approach.attachment,) if approach.attachment else (),
    )
