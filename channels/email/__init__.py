"""The mail channel: in by SMTP, out through a relay or, without one, into a Maildir."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from channels.email import smtp_in
from channels.email.compose import compose
from channels.email.maildir import deliver, read_maildir
from channels.email.reader import Reader
from channels.email.smtp_out import Relay
from contactcenter.addresses import wire_address
from contactcenter.channel import Channel, ChannelSettings, Desk, Inbound, Outbound, Receipt

__all__ = ["EmailChannel", "open_channel", "read_maildir"]

READY_FOR_S = 15.0


def open_channel(settings: ChannelSettings) -> Channel:
    """The channel by these settings; nothing is opened yet."""
    return EmailChannel(settings)


class EmailChannel:
    """Mail, both ways."""

    name = "mail"

    def __init__(self, settings: ChannelSettings) -> None:
        self._settings = settings
        self._relay = Relay(settings) if settings.relay_host else None
        self._ready: tuple[float, tuple[bool, str]] | None = None

    async def listen(self, desk: Desk) -> None:
        """Take mail by SMTP until cancelled."""
        async with Reader(self._settings.authserv_ids) as reader:
            await smtp_in.listen(desk, self._settings, reader)

    async def send(self, outbound: Outbound) -> Receipt:
        """One attempt. A message that would make a wrong mail fails without being tried."""
        try:
            mail = compose(outbound, datetime.now(UTC))
        except ValueError as error:
            return Receipt(outcome="failed", code=f"not sent: {error}")
        if self._relay is not None:
            # The null return path: nobody's machine may answer ours (RFC 3834 section 3.3).
            sender = "" if outbound.automatic else wire_address(outbound.sender)
            return await self._relay.send(sender, wire_address(outbound.to), mail)
        try:
            await asyncio.to_thread(deliver, self._settings.maildir, outbound.send_id, mail)
        except OSError as error:
            return Receipt(outcome="retry", code=f"Maildir: {error.strerror}")
        return Receipt(outcome="sent", code="Maildir")

    async def reread(self, raw: bytes) -> Inbound:
        """A quarantined mail, read again."""
        async with Reader(self._settings.authserv_ids) as reader:
            return await reader.read(raw, to=())

    async def ready(self) -> tuple[bool, str]:
        """Whether mail can leave; the relay is asked at most every 15 s."""
        if self._relay is None:
            return True, "Maildir"
        now = asyncio.get_running_loop().time()
        if self._ready is None or now - self._ready[0] > READY_FOR_S:
            self._ready = (now, await self._relay.ready())
        return self._ready[1]
