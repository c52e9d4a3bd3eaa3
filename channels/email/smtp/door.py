"""Mail in by SMTP and LMTP: each mail's reply is the result of the desk's commit.

250 is said only after `Desk.receive` returned. A lasting "no" is a 5xx, anything else that went
wrong is a 451, and the sender's server keeps the mail and tries again.
"""

from __future__ import annotations

import asyncio
import logging
import traceback
from functools import partial

import structlog
from aiosmtpd.smtp import Envelope

from channels.email.reader import Reader
from channels.email.smtp.lmtp import LmtpSession
from channels.email.smtp.peers import Peers
from channels.email.smtp.session import SmtpSession
from channels.email.smtp.tls import server_tls
from contactcenter.channel import Accepted, ChannelSettings, Desk, Inbound
from contactcenter.errors import Refused

DRAIN_S = 10.0
_REFUSALS = {
    "unknown_queue": "550 5.1.1 no such address here",
    "not_found": "550 5.1.1 no such address here",
    "too_large": "552 5.3.4 the mail is over the size limit",
    "too_many": "451 4.7.1 too much mail, please send again later",
    "unavailable": "451 4.3.0 not now, please send again later",
    "internal": "451 4.3.0 something failed here, please send again later",
}

log = structlog.get_logger("channels.email")


async def listen(desk: Desk, settings: ChannelSettings, reader: Reader) -> None:
    """Take mail until cancelled; then finish the mails at hand and close everything but the
    reader, which the doors share."""
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # aiosmtpd logs addresses
    loop = asyncio.get_running_loop()
    door = SmtpDoor(desk, settings, reader)
    ports = {"smtp": (SmtpSession, settings.smtp_port)}
    if settings.lmtp_port is not None:
        ports = {"lmtp": (LmtpSession, settings.lmtp_port)} | ports
    servers: dict[str, asyncio.Server] = {}
    try:
        for name, (session, port) in ports.items():
            servers[name] = await loop.create_server(
                partial(session, door, loop), settings.smtp_host, port
            )
        for name, server in servers.items():
            host, port = server.sockets[0].getsockname()[:2]
            desk.listening(name, host, port)
        await asyncio.get_running_loop().create_future()
    finally:
        for server in servers.values():
            server.close()
        await door.close()
        for server in servers.values():
            await server.wait_closed()


class SmtpDoor:
    """What the connections share: the desk, the limits, and the mails being taken in."""

    def __init__(self, desk: Desk, settings: ChannelSettings, reader: Reader) -> None:
        self.hostname = settings.hostname
        self.max_mail_bytes = settings.max_mail_bytes
        self.tls = server_tls(settings.smtp_tls_cert, settings.smtp_tls_key)
        self._desk = desk
        self._reader = reader
        self._peers = Peers(
            settings.smtp_connections_per_address, settings.mails_per_minute_per_address
        )
        self._sessions: set[SmtpSession] = set()
        self._tasks: set[asyncio.Task[Accepted] | asyncio.Task[None]] = set()
        self._closing = False

    def enters(self, session: SmtpSession, peer: str) -> bool:
        if self._closing or not self._peers.connects(peer):
            return False
        self._sessions.add(session)
        return True

    def leaves(self, session: SmtpSession, peer: str) -> None:
        self._peers.leaves(peer)
        self._sessions.discard(session)

    def minds(self, work: asyncio.Task[None]) -> None:
        self._tasks.add(work)
        work.add_done_callback(self._done)

    def may_mail(self, peer: str) -> bool:
        return self._peers.mails(peer, asyncio.get_running_loop().time())

    async def knows(self, address: str) -> str | None:
        """The address itself, else without what follows a plus in it (RFC 5233)."""
        address = address.lower()
        if await self._desk.knows(address):
            return address
        local, _, domain = address.rpartition("@")
        plain = f"{local.partition('+')[0]}@{domain}"
        return plain if plain != address and await self._desk.knows(plain) else None

    async def take(self, envelope: Envelope, raw: bytes) -> str:
        try:
            inbound = await self._read(envelope, raw)
            # The peer may hang up meanwhile; what was begun is finished all the same.
            accepted = await asyncio.shield(self._receiving(inbound))
        except Refused as no:
            return _REFUSALS.get(no.code, "554 5.7.0 not taken")
        except Exception as error:
            self.failed("mail_not_taken", error)
            return "451 4.3.0 something failed here, please send again later"
        return f"250 2.0.0 accepted as {' '.join(accepted.contacts[:20])}"

    async def _read(self, envelope: Envelope, raw: bytes) -> Inbound:
        to = tuple(envelope.rcpt_tos)
        mail_from = "" if envelope.mail_from == "<>" else envelope.mail_from
        rcpt = tuple(envelope.rcpt_options)
        return await self._reader.read(raw, to=to, mail_from=mail_from, rcpt=rcpt)

    def _receiving(self, inbound: Inbound) -> asyncio.Task[Accepted]:
        task = asyncio.ensure_future(self._desk.receive(inbound))
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[Accepted] | asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()  # told to the peer, or the peer is gone

    def failed(self, what: str, error: BaseException) -> None:
        """Log where an error arose, and nothing that it says: it may quote the mail."""
        frames = traceback.extract_tb(error.__traceback__)
        at = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else ""
        log.error(what, error=type(error).__name__, at=at)

    async def close(self) -> None:
        """Let the mails at hand get their replies, then end every connection and task."""
        self._closing = True
        for session in tuple(self._sessions):
            session.end()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=DRAIN_S)
        left = tuple(self._tasks)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
