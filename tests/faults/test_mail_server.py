"""The checker's IMAP server, as the product's own client finds it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from channels.email.imap.errors import ImapError
from channels.email.imap.session import ImapSession, Info, connected
from contactcenter.mailbox_settings import Mailbox
from tests.faults.mail_server import PASSWORD, Folder, Lying, MailServer

RAW = b"Subject: Hei\r\n\r\nHei.\r\n"
LONG_AGO = datetime.now(UTC).replace(microsecond=0) - timedelta(days=3)


@pytest.fixture
async def server() -> AsyncIterator[MailServer]:
    """One with a user."""
    server = MailServer()
    server.folders["me"] = Folder()
    await server.open()
    yield server
    await server.close()


@asynccontextmanager
async def logged_in(server: MailServer) -> AsyncIterator[ImapSession]:
    """A client with the folder open."""
    box = Mailbox(
        name="box", host="127.0.0.1", port=server.port, tls="never", user="me", to="a@b.example"
    )
    async with connected(box, 100_000, 5.0) as imap:
        await imap.login("me", PASSWORD)
        await imap.ask_capabilities()
        await imap.open("INBOX", write=True)
        yield imap


async def test_a_mail_is_found_given_and_marked(server: MailServer) -> None:
    told: list[tuple[str, list[int]]] = []

    async def reads(user: str, mails: list[Lying]) -> None:
        told.append((user, [mail.uid for mail in mails]))

    server.reads = reads
    server.folders["me"].put(RAW, LONG_AGO)
    async with logged_in(server) as imap:
        assert await imap.above(0) == [1]
        info = Info(1, len(RAW), LONG_AGO, False)
        assert await imap.infos([1]) == {1: info}
        assert await imap.fetch(info) == RAW
        assert not server.folders["me"].mails[0].seen
        await imap.mark_seen([1])
        assert (await imap.infos([1]))[1].seen
        assert await imap.above(1) == []
    assert told == [("me", [1])]


async def test_who_waits_is_told_of_a_new_mail(server: MailServer) -> None:
    async with logged_in(server) as imap:
        waiting = asyncio.create_task(imap.wait(30))
        while not server.folders["me"].idling:
            await asyncio.sleep(0)
        server.folders["me"].put(RAW)
        await waiting
        assert await imap.above(0) == [1]


async def test_it_numbers_anew_and_takes_mails_back(server: MailServer) -> None:
    folder = server.folders["me"]
    folder.put(RAW)
    folder.put(RAW)
    del folder.mails[0]
    async with logged_in(server) as imap:
        before = await imap.open("INBOX", write=True)
        folder.renumber()
        after = await imap.open("INBOX", write=True)
    assert (before.next_uid, after.next_uid) == (3, 2)
    assert before.validity != after.validity


async def test_it_refuses_what_it_is_told_to(server: MailServer) -> None:
    async with logged_in(server) as imap:
        server.says = {"SEARCH": "NO later"}
        with pytest.raises(ImapError, match="later"):
            await imap.above(0)
        server.says = {"SEARCH": ""}
        with pytest.raises(ImapError, match="cut"):
            await imap.above(0)
    assert server.refused == 2
    server.says, server.locked = {}, {"me"}
    with pytest.raises(ImapError, match="not you"):
        async with logged_in(server):
            pass
