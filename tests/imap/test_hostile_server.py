"""A server that says anything, and settings that hold anything: bounded, clear, and no command of
ours becomes two (S21)."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
import uvloop

from channels.email.imap.errors import ImapError
from channels.email.imap.session import ImapSession, Info, connected
from contactcenter.mailbox_settings import Mailbox
from tests.imap.scripted import Scripted, scripted

MOST = 100_000
INFO = Info(1, 10, None, False)


def mailbox(server: Scripted, **given: object) -> Mailbox:
    """A mailbox on it."""
    values: dict[str, object] = {
        "name": "info",
        "host": "127.0.0.1",
        "port": server.port,
        "tls": "never",
        "user": "me",
        "password": "pw",
        "to": "info@example.org",
    }
    return Mailbox(**values | given)  # type: ignore[arg-type]


@asynccontextmanager
async def session(
    script: dict[str, bytes | Callable[[bytes], bytes]] | None = None,
) -> AsyncIterator[tuple[ImapSession, Scripted]]:
    """A greeted connection to a scripted server."""
    async with scripted(script) as server:
        async with connected(mailbox(server), MOST, 2.0) as imap:
            yield imap, server


EVIL = ["INBOX\r\nA1 DELETE INBOX", "INBOX\nA1 LOGOUT", 'a" b\r\nx', "\0", "INBOX\r"]


@pytest.mark.parametrize("evil", EVIL)
async def test_a_folder_with_a_line_end_adds_no_command(evil: str) -> None:
    async with session() as (imap, server):
        before = list(server.said)
        await imap.open(evil, write=True)
        await imap.noop()
        assert [line.split()[1] for line in server.said[len(before) :]] == [b"SELECT", b"NOOP"]


@pytest.mark.parametrize("evil", EVIL)
async def test_a_password_with_a_line_end_adds_no_command(evil: str) -> None:
    async with session() as (imap, server):
        await imap.login("me", evil)
        await imap.noop()
        assert [line.split()[1] for line in server.said[1:]] == [b"AUTHENTICATE", b"NOOP"]
    async with session({"CAPABILITY": b"* CAPABILITY IMAP4rev1\r\n"}) as (imap, server):
        with pytest.raises(ImapError, match="ASCII passwords only"):
            await imap.login("me", evil)
        await imap.noop()
        assert [line.split()[1] for line in server.said[1:]] == [b"NOOP"]


async def test_a_folder_is_quoted_and_written_in_modified_utf_7() -> None:
    async with session() as (imap, server):
        await imap.open('Työt & "muut"\\', write=True)
        assert server.said[-1].endswith(rb'SELECT "Ty&APY-t &- \"muut\"\\"')


@pytest.mark.parametrize(
    "answer",
    [
        b"* 1 FETCH (UID 1 BODY[] {99999999999}\r\n",
        b"* 1 FETCH (UID 1 BODY[] {200000000}\r\n",
        b"* 1 FETCH (UID 1 " + b"(" * 1000 + b"\r\n",
        b"* 1 FETCH (UID 1 BODY[]\r\n",
        b"* 1 FETCH UID 1\r\n",
        b"* 1 FETCH ((UID) 1)\r\n",
        b'* 1 FETCH (UID 1 BODY[] "unended)\r\n',
    ],
)
async def test_an_answer_that_is_too_much_or_none(answer: bytes) -> None:
    async with session({"UID FETCH": answer}) as (imap, _):
        with pytest.raises(ImapError) as caught:
            assert await imap.fetch(INFO) is not None
        assert caught.value.code == "protocol"


async def test_a_line_without_end_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("channels.email.imap.wire.MAX_LINE", 300_000)
    async with session({"NOOP": lambda tag: b"* " + b"x" * 2_000_000}) as (imap, _):
        with pytest.raises(ImapError, match="size limit"):
            await imap.noop()


async def test_many_lines_are_no_trouble() -> None:
    lines = b"* 1 FETCH (FLAGS ())\r\n" * 20_000
    async with session({"NOOP": lines}) as (imap, _):
        await imap.noop()


async def test_answers_without_end_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("channels.email.imap.connection.MAX_LINE", 300_000)
    lines = b"* 1 FETCH (UID 2 FLAGS ())\r\n" * 20_000
    async with session({"UID FETCH": lines}) as (imap, _):
        with pytest.raises(ImapError, match="size limit"):
            await imap.fetch(INFO)


async def test_a_mail_of_another_uid_is_not_taken_for_ours() -> None:
    wrong = b"* 1 FETCH (UID 2 BODY[] {5}\r\nwrong)\r\n"
    right = b"* 1 FETCH (UID 1 BODY[] {5}\r\nright)\r\n"
    async with session({"UID FETCH": wrong + right + wrong}) as (imap, _):
        assert await imap.fetch(INFO) == b"right"
    async with session({"UID FETCH": wrong}) as (imap, _):
        assert await imap.fetch(INFO) is None


async def test_a_mail_that_is_there_and_not_given_is_not_passed_by() -> None:
    async with session({"UID FETCH": b"* 1 FETCH (UID 1 BODY[] NIL)\r\n"}) as (imap, _):
        with pytest.raises(ImapError, match="content"):
            await imap.fetch(INFO)


async def test_a_mail_may_hold_what_looks_like_the_end() -> None:
    raw = b"c4 OK done\r\n)\r\n* BYE\r\n* 9 EXISTS\r\n"
    answer = b"* 1 FETCH (BODY[] {%d}\r\n%s UID 1 FLAGS (\\Seen))\r\n" % (len(raw), raw)
    async with session({"UID FETCH": answer}) as (imap, _):
        assert await imap.fetch(INFO) == raw


@pytest.mark.parametrize(
    ("script", "code"),
    [
        ({"SELECT": b"* OK [UIDNEXT 3] x\r\n"}, "no_uidvalidity"),
        ({"SELECT": b"* OK [UIDVALIDITY x] x\r\n"}, "no_uidvalidity"),
        ({"SELECT": lambda tag: tag + b" NO none\r\n"}, "folder_missing"),
        ({"SELECT": lambda tag: b"* BYE too much\r\n"}, "cut"),
        ({"SELECT": lambda tag: b""}, "cut"),
        ({"SELECT": lambda tag: tag + b" WHAT\r\n"}, "protocol"),
    ],
)
async def test_opening_that_goes_wrong(
    script: dict[str, bytes | Callable[[bytes], bytes]], code: str
) -> None:
    async with session(script) as (imap, _):
        with pytest.raises(ImapError) as caught:
            await imap.open("INBOX", write=True)
        assert caught.value.code == code


async def test_search_answers() -> None:
    async with session({"UID SEARCH": b"* SEARCH 9 7 8\r\n* SEARCH 12\r\n"}) as (imap, _):
        assert await imap.above(7) == [8, 9, 12]
    async with session({"UID SEARCH": b"* SEARCH x\r\n"}) as (imap, _):
        with pytest.raises(ImapError):
            await imap.above(7)


async def test_a_refused_xoauth2_is_a_refusal_and_no_time_out() -> None:
    script: dict[str, bytes | Callable[[bytes], bytes]] = {
        "CAPABILITY": b"* CAPABILITY AUTH=XOAUTH2 SASL-IR\r\n",
        "AUTHENTICATE": lambda tag: b"+ eyJzdGF0dXMiOiI0MDAifQ==\r\n",
        "": lambda tag: b"c2 NO AUTHENTICATE failed.\r\n",
    }
    async with session(script) as (imap, server):
        with pytest.raises(ImapError) as caught:
            await imap.xoauth2("me", "token")
        assert (caught.value.code, caught.value.detail) == ("login_refused", "AUTHENTICATE failed.")
        assert server.said[-1] == b""


async def test_a_preauthenticated_greeting_does_not_do_without_tls() -> None:
    async with scripted() as server:
        server.greeting = b"* PREAUTH welcome\r\n"
        with pytest.raises(ImapError) as caught:
            async with connected(mailbox(server, tls="starttls"), MOST, 2.0):
                pass
        assert caught.value.code == "refused"


async def test_what_is_said_before_tls_is_not_believed_after_it() -> None:
    """Somebody on the way adds an answer to that of STARTTLS: it must not count as the server's."""
    script: dict[str, bytes | Callable[[bytes], bytes]] = {
        "CAPABILITY": b"* CAPABILITY STARTTLS\r\n",
        "STARTTLS": lambda tag: tag + b" OK go\r\n* CAPABILITY AUTH=PLAIN\r\nc3 OK done\r\n",
    }
    async with scripted(script) as server:
        with pytest.raises(ImapError) as caught:
            async with connected(mailbox(server, tls="starttls"), MOST, 2.0):
                pass
        assert caught.value.code in ("tls", "cut")
        assert not any(b"AUTHENTICATE" in line or b"LOGIN" in line for line in server.said)


async def test_a_greeting_of_another_protocol() -> None:
    async with scripted() as server:
        server.greeting = b"220 mail ESMTP\r\n"
        with pytest.raises(ImapError) as caught:
            async with connected(mailbox(server), MOST, 2.0):
                pass
        assert caught.value.code == "protocol"


def test_a_command_on_a_connection_that_was_reset_is_a_cut() -> None:
    """In the loop that the product runs in, which is stricter there than asyncio's."""

    async def reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"* OK there\r\n")
        await reader.readline()
        writer.write(b"* CAPABILITY IMAP4rev1\r\nc1 OK done\r\n")
        await writer.drain()
        sock = writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()

    async def play() -> str:
        server = Scripted({})
        running = await asyncio.start_server(reset, "127.0.0.1", 0)
        server.port = running.sockets[0].getsockname()[1]
        async with connected(mailbox(server), MOST, 2.0) as imap:
            while imap.wire._reader.exception() is None:  # noqa: ASYNC110 - the kernel tells it
                await asyncio.sleep(0)
            try:
                await imap.noop()
            except ImapError as error:
                return error.code
            except RuntimeError:
                return "house"  # as the poller takes it
            finally:
                running.close()
        return ""

    assert uvloop.run(play()) == "cut"
