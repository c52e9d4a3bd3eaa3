"""The mail channel: in by SMTP, LMTP and IMAP; out through a relay, or else into a Maildir.

A mail's way:

1. It is brought to `smtp/`, or `imap/` fetches it. `reader` has it read: a large one by a process
   of its own, `reader_process`.
2. `mime` makes an `Inbound` of its bytes, step by step. `syntax/` finds the head and the parts;
   `contents` sorts these into words and files, and opens with `files/` what they are wrapped in.
3. `text/` tells what was written now from what it quotes; `machines/` whether a person wrote at
   all, or a server about a mail of ours; `authentication`, `facts`, `language` and `fingerprint`
   what else is known.
4. The desk commits it, and only then the sender's server, or the mailbox, is told.
5. The answer leaves by `out/`.

`unfetched` stands for a mail that could not be had. Who may know whom is in pyproject.toml: the
ways in and out know `mime`, `mime` what reads, all of them `syntax/`; never the other way.

The processes that read large mails load this package, too: what only fetching or signing needs is
loaded where it is needed, which halves the time until the first of them reads.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime

import msgspec

from channels.email.out.compose import compose
from channels.email.out.maildir import deliver, read_maildir
from channels.email.out.relay import Relay
from channels.email.reader import Reader
from channels.email.smtp import door
from channels.email.unfetched import why_unfetched
from contactcenter.addresses import wire_address
from contactcenter.channel import (
    Channel,
    ChannelSettings,
    Desk,
    DkimKey,
    Inbound,
    Outbound,
    Receipt,
)

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
        """Take mail by SMTP and LMTP, and fetch it by IMAP, until cancelled."""
        from channels.email.imap.poller import fetch_all

        settings = self._settings
        async with Reader(settings.authserv_ids) as reader:
            try:
                async with asyncio.TaskGroup() as group:
                    group.create_task(door.listen(desk, settings, reader))
                    if settings.mailboxes:
                        most = settings.max_mail_bytes
                        group.create_task(fetch_all(desk, settings.mailboxes, most, reader.read))
            except BaseExceptionGroup as group_error:  # a taken port is an OSError, as elsewhere
                raise group_error.exceptions[0] from None

    async def send(self, outbound: Outbound) -> Receipt:
        """One attempt. A message that would make a wrong mail fails without being tried."""
        try:
            mail = await self._made(outbound)
            to = {wire_address(address): address for address in outbound.recipients}
        except ValueError as error:
            return Receipt(outcome="failed", code=f"not sent: {error}")
        if self._relay is not None:
            # The null return path: nobody's machine may answer ours (RFC 3834 section 3.3).
            sender = "" if outbound.automatic else wire_address(outbound.sender)
            receipt = await self._relay.send(sender, tuple(to), mail, outbound.is_ours)
            return _as_asked(receipt, to)
        try:
            await asyncio.to_thread(deliver, self._settings.maildir, outbound.send_id, mail)
        except OSError as error:
            return Receipt(outcome="retry", code=f"Maildir: {error.strerror}")
        return Receipt(outcome="sent", code="Maildir")

    async def _made(self, outbound: Outbound) -> bytes:
        """The mail's bytes; what takes long is done beside the loop. Raises ValueError."""
        date, key = datetime.now(UTC), self._settings.dkim
        if not outbound.attachments and key is None:
            return compose(outbound, date)
        return await asyncio.to_thread(_finished, outbound, date, key)

    async def reread(self, raw: bytes) -> Inbound:
        """A quarantined mail, read again."""
        async with Reader(self._settings.authserv_ids) as reader:
            inbound = await reader.read(raw, to=())
        why = why_unfetched(raw)
        return inbound if why is None else msgspec.structs.replace(inbound, unreadable=why)

    async def ready(self) -> tuple[bool, str]:
        """Whether mail can leave; the relay is asked at most every 15 s."""
        if self._relay is None:
            return True, "Maildir"
        now = asyncio.get_running_loop().time()
        if self._ready is None or now - self._ready[0] > READY_FOR_S:
            self._ready = (now, await self._relay.ready())
        return self._ready[1]


def _as_asked(receipt: Receipt, asked: Mapping[str, str]) -> Receipt:
    """Who was refused, by the addresses that the house knows."""
    refused = [msgspec.structs.replace(one, address=asked[one.address]) for one in receipt.refused]
    return msgspec.structs.replace(receipt, refused=tuple(refused))


def _finished(outbound: Outbound, date: datetime, key: DkimKey | None) -> bytes:
    from channels.email.out.signing import signed

    mail = compose(outbound, date)
    return mail if key is None else signed(mail, key)
