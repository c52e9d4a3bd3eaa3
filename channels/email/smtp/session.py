"""One SMTP connection: aiosmtpd's commands, with our own reading of the mail, reply codes and
bounds.

Nothing of a mail or of an address is logged, and no command tells who is known but RCPT, which
must; a peer that tries many addresses is sent away.
"""

from __future__ import annotations

import asyncio
import re
import ssl
from typing import Protocol, cast

from aiosmtpd.smtp import SMTP, Envelope

from channels.email.smtp.data import TooLarge, read_data
from channels.email.smtp.peers import peer_name
from channels.email.smtp.tls import start_tls

MAX_RECIPIENTS, MAX_UNKNOWN = 100, 20
COMMAND_S = 300  # RFC 5321 section 4.5.3.2; also for the whole of one mail's data
_CALLS = {"*": 100, "MAIL": 1 << 40, "RCPT": 1 << 40, "DATA": 1 << 40, "RSET": 1 << 40}
_PATH = re.compile(r"(?:<([^<>\s]{0,320})>|([^<>\s]{1,320}))(?: (.*))?\Z")
_ENHANCED = re.compile(r"[245]\.\d{1,3}\.\d{1,3} ")
_DETAIL = {  # RFC 3463
    "221": "2.0.0", "250": "2.0.0", "252": "2.0.0", "451": "4.3.0", "500": "5.5.2",
    "501": "5.5.4", "502": "5.5.1", "503": "5.5.1", "530": "5.7.0", "538": "5.7.11",
    "552": "5.3.4", "553": "5.1.3", "554": "5.0.0", "555": "5.5.4",
}  # fmt: skip


class Keeper(Protocol):
    """What a connection asks of the door that it belongs to."""

    hostname: str
    max_mail_bytes: int
    tls: ssl.SSLContext | None

    def enters(self, session: SmtpSession, peer: str) -> bool:
        """Whether this connection may stay."""

    def leaves(self, session: SmtpSession, peer: str) -> None:
        """This connection has ended."""

    def minds(self, work: asyncio.Task[None]) -> None:
        """The task that serves a connection has begun."""

    def may_mail(self, peer: str) -> bool:
        """Whether this peer may send one more mail now."""

    async def knows(self, address: str) -> str | None:
        """Our address that mail to this one reaches."""

    async def take(self, envelope: Envelope, raw: bytes) -> str:
        """Take a mail in; the reply to give, after the commit."""

    def failed(self, what: str, error: BaseException) -> None:
        """Note an error, without anything that the peer sent."""


class SmtpSession(SMTP):
    """The protocol of one connection."""

    protocol = "ESMTP"
    line_length_limit = 65_536  # of the reader; command lines are bounded to 512 bytes

    def __init__(self, keeper: Keeper, loop: asyncio.AbstractEventLoop) -> None:
        self.busy = False  # between the last byte of a mail and the reply to it
        self.ending = False
        self.peer: str | None = None  # None: turned away at the door
        self._keeper = keeper
        self._unknown = 0
        self._secure = False
        super().__init__(
            _Hooks(keeper),
            data_size_limit=keeper.max_mail_bytes,
            hostname=keeper.hostname,
            ident=self.protocol,
            timeout=COMMAND_S,
            command_call_limit=_CALLS,
            loop=loop,
        )

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        peer = peer_name(transport.get_extra_info("peername"))
        if not self._keeper.enters(self, peer):
            _write(transport, b"421 4.7.0 too many connections from your address\r\n")
            transport.close()
            return
        self.peer = peer
        super().connection_made(transport)
        self._keeper.minds(cast("asyncio.Task[None]", self._handler_coroutine))

    def connection_lost(self, error: Exception | None) -> None:
        if self.peer is None:
            return
        super().connection_lost(error)
        self._keeper.leaves(self, self.peer)

    def data_received(self, data: bytes) -> None:
        if self.peer is not None:
            super().data_received(data)

    def eof_received(self) -> bool | None:
        return super().eof_received() if self.peer is not None else False

    def end(self) -> None:
        """Close, after the reply to a mail that is being taken in."""
        self.ending = True
        if not self.busy and self.transport is not None:
            _write(self.transport, b"421 4.3.2 closing, please send again later\r\n")
            self.transport.close()

    async def push(self, status: str | bytes) -> None:
        """Send a reply, with the detail code that ENHANCEDSTATUSCODES promises (RFC 2034)."""
        text = status if isinstance(status, str) else status.decode("ascii", "replace")
        detail = _DETAIL.get(text[:3])
        if detail and text[3:4] == " " and not _ENHANCED.match(text, 4):
            text = f"{text[:4]}{detail} {text[4:]}"
        await super().push(text)
        if text.startswith("421") and self.transport is not None:
            self.transport.close()

    async def smtp_EHLO(self, hostname: str) -> None:
        limit = self._keeper.max_mail_bytes
        offers: tuple[str, ...] = ("PIPELINING", f"SIZE {limit}", "8BITMIME", "ENHANCEDSTATUSCODES")
        if self._keeper.tls is not None and not self._secure:
            offers += ("STARTTLS",)
        await self._greet(hostname, offers, extended=True)

    async def smtp_HELO(self, hostname: str) -> None:
        await self._greet(hostname, (), extended=False)

    async def _greet(self, hostname: str, offers: tuple[str, ...], *, extended: bool) -> None:
        if not hostname or self.session is None:
            await self.push("501 your host name is needed")
            return
        self.envelope = Envelope()
        self.session.extended_smtp = extended
        self.session.host_name = hostname
        *lines, last = (self.hostname, *offers)
        await super().push("".join(f"250-{line}\r\n" for line in lines) + f"250 {last}")

    async def smtp_VRFY(self, arg: str) -> None:
        await self.push("252 2.5.0 send some mail, I'll try")

    async def smtp_EXPN(self, arg: str) -> None:
        await self.push("502 not here")

    async def smtp_HELP(self, arg: str) -> None:
        await self.push("214 2.0.0 https://www.rfc-editor.org/rfc/rfc5321")

    async def smtp_AUTH(self, arg: str) -> None:
        await self.push("502 not here")

    async def smtp_STARTTLS(self, arg: str) -> None:
        """TLS (RFC 3207). What the peer sent before it is forgotten, commands and bytes: nobody on
        the way may put a command before those that come by TLS."""
        if arg or self._keeper.tls is None or self._secure or self.transport is None:
            await self.push("501 STARTTLS takes nothing" if arg else "502 not here")
            return
        secured = await start_tls(self, self._keeper.tls, b"220 2.0.0 begin TLS\r\n")
        if secured is None:
            raise ConnectionResetError("no TLS came about")
        self._secure = True
        self.transport = secured
        self.session = self._create_session()
        self.session.peer = secured.get_extra_info("peername")
        self.session.ssl = secured.get_extra_info("ssl_object")
        self.envelope = Envelope()
        self._reset_timeout()

    async def smtp_DATA(self, arg: str) -> None:
        envelope = self.envelope
        if arg or envelope is None or not envelope.rcpt_tos:
            await self.push("501 DATA takes nothing" if arg else "503 need RCPT first")
            return
        await self.push("354 end with <CR><LF>.<CR><LF>")
        try:
            raw = await read_data(self._reader, self._keeper.max_mail_bytes)
        except TooLarge:
            self.envelope = Envelope()
            await self._answer(envelope, "552 5.3.4 the mail is over the size limit")
            return
        self.busy = True
        try:
            self.envelope = Envelope()
            self._reset_timeout()
            await self._answer(envelope, await self._keeper.take(envelope, raw))
        finally:
            self.busy = False
        if self.ending:
            self.end()

    async def _answer(self, envelope: Envelope, reply: str) -> None:
        """The reply to a mail."""
        await self.push(reply)

    def _getaddr(self, arg: str) -> tuple[str | None, str | None]:
        """The path of MAIL or RCPT and what follows it; aiosmtpd's way takes 0.1 ms."""
        match = _PATH.match(arg)
        if match is None:
            return None, None
        return match[1] or match[2] or "<>", match[3] or ""

    def guessed_wrong(self) -> bool:
        """Count an address that is not ours; whether there were too many."""
        self._unknown += 1
        return self._unknown > MAX_UNKNOWN


def _write(transport: asyncio.BaseTransport, line: bytes) -> None:
    cast(asyncio.WriteTransport, transport).write(line)


class _Hooks:
    """What aiosmtpd calls between the syntax of a command and the reply to it."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper

    async def handle_MAIL(
        self, server: SmtpSession, session: object, envelope: Envelope, address: str, _: list[str]
    ) -> str:
        if not self._keeper.may_mail(server.peer or ""):
            return "451 4.7.1 too many mails in a minute, please send again later"
        envelope.mail_from = address
        return "250 2.1.0 fine"

    async def handle_RCPT(
        self, server: SmtpSession, session: object, envelope: Envelope, address: str, _: list[str]
    ) -> str:
        if len(envelope.rcpt_options) >= MAX_RECIPIENTS:
            return "452 4.5.3 too many recipients"
        ours = await self._keeper.knows(address)
        if ours is None:
            if server.guessed_wrong():
                return "421 4.7.0 too many unknown addresses"
            return "550 5.1.1 no such address here"
        if ours not in envelope.rcpt_tos:
            envelope.rcpt_tos.append(ours)
        # As it was written: what follows a plus may tell the case. We offer no options of RCPT.
        envelope.rcpt_options.append(address)
        return "250 2.1.5 fine"

    async def handle_exception(self, error: Exception) -> str:
        self._keeper.failed("smtp_command_failed", error)
        return "451 4.3.0 something failed here, please send again later"
