"""A door that takes and sends messages, and the house as it sees it."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Protocol

import msgspec

from contactcenter.channel.inbound import Accepted, Inbound
from contactcenter.channel.outbound import Outbound, Receipt
from contactcenter.mailbox_settings import Mailbox
from contactcenter.source import Source


class DkimKey(msgspec.Struct, frozen=True, kw_only=True):
    """By what outgoing mail is signed (RFC 6376): the private key in PEM, and where the public one
    is published."""

    key: bytes
    selector: str
    domain: str

    def __repr__(self) -> str:
        return f"DkimKey({self.selector}._domainkey.{self.domain})"


class ChannelSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What a door may know of the settings."""

    smtp_host: str = "127.0.0.1"
    smtp_port: int = 2525
    lmtp_port: int | None = None
    smtp_tls_cert: Path | None = None
    smtp_tls_key: Path | None = None
    mailboxes: tuple[Mailbox, ...] = ()
    max_mail_bytes: int = 25_000_000
    smtp_connections_per_address: int = 50
    mails_per_minute_per_address: int = 6000
    authserv_ids: tuple[str, ...] = ()
    hostname: str = "localhost"
    relay_host: str | None = None
    relay_port: int = 25
    relay_user: str | None = None
    relay_password: str | None = None
    relay_tls: Literal["implicit", "required", "opportunistic", "never"] = "opportunistic"
    maildir: Path = Path("maildir")
    dkim: DkimKey | None = None


class Desk(Protocol):
    """The house as a door sees it."""

    async def receive(self, inbound: Inbound) -> Accepted:
        """Take it in; returns after the commit. Raises `errors.Refused` where it can't be taken
        for a lasting reason (`unknown_queue`, `too_large`) and any other error where the sender
        should try again later."""

    async def knows(self, address: str) -> bool:
        """Whether mail to this address reaches a queue."""

    async def cursor(self, source: str) -> str | None:
        """The last committed cursor of this source."""

    def source(self, name: str) -> Source:
        """What the house keeps of a mailbox of the settings that a door fetches from."""

    def listening(self, name: str, host: str, port: int) -> None:
        """Told by a door when its port takes connections."""


class Channel(Protocol):
    """One door."""

    name: str

    async def listen(self, desk: Desk) -> None:
        """Take what comes until cancelled; cancelling leaves no socket, task or thread behind."""

    async def send(self, outbound: Outbound) -> Receipt:
        """One attempt to deliver; never raises for what the other side does."""

    async def reread(self, raw: bytes) -> Inbound:
        """Understand again what lay in quarantine, perhaps by a newer release; never raises for
        what the source is, but says `unreadable`."""

    async def ready(self) -> tuple[bool, str]:
        """Whether outbound messages can leave now, with a word of detail, for the health page."""
