"""One LMTP connection: SMTP with another greeting, and a reply for each recipient."""

from __future__ import annotations

from aiosmtpd.smtp import Envelope

from channels.email.smtp.session import SmtpSession


class LmtpSession(SmtpSession):
    """LMTP (RFC 2033): its own greeting, and a reply for each recipient that was taken. They are
    all alike, since a mail is committed whole or not at all."""

    protocol = "LMTP"

    async def smtp_LHLO(self, hostname: str) -> None:
        await super().smtp_EHLO(hostname)

    async def smtp_EHLO(self, hostname: str) -> None:
        await self.push("500 this is LMTP: LHLO")

    async def smtp_HELO(self, hostname: str) -> None:
        await self.push("500 this is LMTP: LHLO")

    async def _answer(self, envelope: Envelope, reply: str) -> None:
        for _ in envelope.rcpt_options:
            await self.push(reply)
