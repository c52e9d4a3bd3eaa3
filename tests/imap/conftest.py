"""A Dovecot for the whole run, and a mailbox on it that the house fetches from."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import pytest

from channels.email.imap.intake import Read
from channels.email.imap.poller import Pauses, Poller
from channels.email.mime import read_mail
from contactcenter.channel import Inbound
from contactcenter.kernel.sql import Row
from contactcenter.mailbox_settings import Mailbox
from tests.house import GENERAL, House
from tests.imap.dovecot import Dovecot, running_dovecot
from tests.imap.proxy import Proxy, running_proxy

WAIT_S = 20.0
QUICK = Pauses(
    idle_s=30.0, silence_s=5.0, elsewhere_s=0.05, first_s=0.01, login_s=0.01, most_s=0.05
)


@pytest.fixture(scope="session")
async def dovecot() -> AsyncIterator[Dovecot]:
    """The server of this run."""
    async with running_dovecot() as server:
        yield server


@pytest.fixture
async def proxy(dovecot: Dovecot) -> AsyncIterator[Proxy]:
    """A proxy before it."""
    async with running_proxy(dovecot.port) as opened:
        yield opened


async def read(raw: bytes, *, to: tuple[str, ...]) -> Inbound:
    """Read a mail here and now."""
    return read_mail(raw, to=to)


class Box:
    """A mailbox of the settings, the folder behind it, and the house that fetches from it."""

    def __init__(self, house: House, dovecot: Dovecot) -> None:
        self.house = house
        self.dovecot = dovecot
        self.user = dovecot.new_user()
        self.mailbox = self.set()

    def set(self, **given: Any) -> Mailbox:
        """The mailbox with other settings."""
        values: dict[str, Any] = {
            "name": "general",
            "host": "127.0.0.1",
            "port": self.dovecot.port,
            "tls": "never",
            "user": self.user,
            "password": self.dovecot.password,
            "to": GENERAL,
        }
        self.mailbox = Mailbox(**values | given)
        return self.mailbox

    def put(self, number: int, arrived: datetime | None = None, flags: str = "") -> bytes:
        """Put the mail of this number into the folder."""
        raw = mail(number)
        self.dovecot.put(self.user, raw, arrived, flags)
        return raw

    @asynccontextmanager
    async def fetching(
        self, read: Read = read, pauses: Pauses = QUICK, most: int = 1_000_000
    ) -> AsyncIterator[Poller]:
        """Fetch while the block runs."""
        await self.house.rows("UPDATE mailbox SET stage = NULL")
        poller = Poller(self.house.node.reception, self.mailbox, most, read, pauses)
        task = asyncio.create_task(poller.run())
        try:
            yield poller
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def contacts(self) -> list[Row]:
        """The contacts that came, oldest first by id."""
        return await self.house.rows("SELECT * FROM contact ORDER BY id")

    async def subjects(self) -> list[str]:
        """The subjects of the mails taken in, in the order in which they were."""
        rows = await self.house.rows("SELECT subject FROM message ORDER BY id")
        return [row["subject"] for row in rows]

    async def state(self) -> Row:
        """The mailbox's row."""
        return await self.house.row("SELECT * FROM mailbox WHERE name = $1", self.mailbox.name)

    async def caught_up(self, contacts: int) -> None:
        """Wait until so many contacts are here and nothing waits in the folder."""

        async def done() -> bool:
            rows = await self.house.rows(
                "SELECT (SELECT count(*) FROM contact) AS contacts, stage, waiting FROM mailbox"
                " WHERE name = $1",
                self.mailbox.name,
            )
            if not rows or rows[0]["stage"] not in ("watching", "polling"):
                return False
            return bool(rows[0]["waiting"] == 0 and rows[0]["contacts"] >= contacts)

        await until(done)
        assert len(await self.contacts()) == contacts

    async def failed(self, code: str, times: int = 1) -> Row:
        """Wait until it has failed so often, last for this reason."""

        async def done() -> bool:
            rows = await self.house.rows("SELECT failures, error FROM mailbox")
            return bool(rows) and rows[0]["failures"] >= times and rows[0]["error"] == code

        await until(done)
        return await self.state()


def mail(number: int, text: str = "Milloin kirjasto on auki?") -> bytes:
    """A citizen's mail."""
    return (
        f"From: Ville Veikkonen <ville{number}@example.org>\r\nTo: {GENERAL}\r\n"
        f"Subject: mail {number}\r\nMessage-ID: <{number}@example.org>\r\n"
        f"Date: Thu, 1 Jan 1998 12:00:00 +0200\r\n\r\n{text}\r\n"
    ).encode()


async def until(done: Callable[[], Awaitable[bool]]) -> None:
    """Wait for it."""
    async with asyncio.timeout(WAIT_S):
        while not await done():  # noqa: ASYNC110 - another process changes it
            await asyncio.sleep(0.01)


@pytest.fixture
def box(house: House, dovecot: Dovecot) -> Box:
    """A mailbox that feeds general advice."""
    return Box(house, dovecot)
