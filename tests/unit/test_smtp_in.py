"""The SMTP door, byte by byte: replies, limits, and where a mail ends."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Any

import pytest
from structlog.testing import capture_logs

from channels.email import open_channel
from channels.email.smtp.peers import Peers, peer_name
from contactcenter.channel import ChannelSettings
from contactcenter.errors import Refused
from tests.channels.fake_desk import ADDRESS, FakeDesk

MAIL = b"From: a@b.example\r\nSubject: Asia\r\n\r\nhei\r\n"


class Wire:
    """A client that sends exactly these bytes."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def reply(self) -> str:
        lines = []
        async with asyncio.timeout(10):
            while True:
                line = (await self._reader.readline()).decode()
                lines.append(line)
                if line[3:4] != "-":
                    return "".join(lines).rstrip("\r\n")

    async def say(self, line: str | bytes) -> str:
        self.write(line if isinstance(line, bytes) else line.encode() + b"\r\n")
        return await self.reply()

    def write(self, data: bytes) -> None:
        self._writer.write(data)

    async def mail(self, data: bytes = MAIL, to: str = ADDRESS) -> str:
        await self.say("MAIL FROM:<a@b.example>")
        await self.say(f"RCPT TO:<{to}>")
        assert (await self.say("DATA")).startswith("354")
        return await self.say(data + b".\r\n")

    async def closed(self) -> bool:
        try:
            async with asyncio.timeout(10):
                return await self._reader.read() == b""
        except ConnectionResetError:
            return True

    def close(self) -> None:
        self._writer.close()


class Door:
    """A listening channel and its desk."""

    def __init__(self, **settings: Any) -> None:
        self.desk = FakeDesk()
        self._channel = open_channel(ChannelSettings(smtp_port=0, **settings))
        self._wires: list[Wire] = []
        self._listening: asyncio.Task[None] | None = None
        self._at = ("", 0)

    async def __aenter__(self) -> Door:
        self._listening = asyncio.create_task(self._channel.listen(self.desk))
        self._at = await self.desk.ports.get()
        return self

    async def __aexit__(self, *_: object) -> None:
        for wire in self._wires:
            wire.close()
        assert self._listening is not None
        self._listening.cancel()
        await asyncio.gather(self._listening, return_exceptions=True)

    async def connect(self) -> tuple[Wire, str]:
        wire = Wire(*await asyncio.open_connection(*self._at))
        self._wires.append(wire)
        return wire, await wire.reply()

    async def wire(self) -> Wire:
        wire, _ = await self.connect()
        await wire.say("EHLO client.example")
        return wire


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    async with Door() as door:
        yield door


async def test_a_mail_is_accepted_as_a_contact(door: Door) -> None:
    wire = await door.wire()
    assert await wire.mail() == "250 2.0.0 accepted as 1"
    (inbound,) = door.desk.taken
    assert (inbound.to, inbound.text, inbound.raw) == ((ADDRESS,), "hei", MAIL)
    assert await wire.mail() == "250 2.0.0 accepted as 1"
    assert (await wire.say("QUIT")).startswith("221 2.0.0")
    assert await wire.closed()


async def test_greeting_and_offers() -> None:
    async with Door(hostname="mx.kaupunki.example", max_mail_bytes=5_000) as door:
        wire, greeting = await door.connect()
        assert greeting == "220 mx.kaupunki.example ESMTP"
        offers = (await wire.say("EHLO x")).split("\r\n")
        assert [offer[4:] for offer in offers] == [
            "mx.kaupunki.example", "PIPELINING", "SIZE 5000", "8BITMIME", "ENHANCEDSTATUSCODES",
        ]  # fmt: skip
        assert await wire.say("HELO x") == "250 mx.kaupunki.example"


@pytest.mark.parametrize(
    ("command", "reply"),
    [
        ("VRFY palaute@kaupunki.example", "252 2.5.0 send some mail, I'll try"),
        ("VRFY nobody@kaupunki.example", "252 2.5.0 send some mail, I'll try"),
        ("EXPN all", "502 5.5.1 not here"),
        ("AUTH PLAIN AGEAYg==", "502 5.5.1 not here"),
        ("STARTTLS", "502 5.5.1 not here"),
        ("HELP", "214 2.0.0 https://www.rfc-editor.org/rfc/rfc5321"),
        ("NOOP", "250 2.0.0 OK"),
        ("RSET", "250 2.0.0 OK"),
        ("WHAT", '500 5.5.2 Error: command "WHAT" not recognized'),
        ("DATA", "503 5.5.1 need RCPT first"),
        ("RCPT TO:<a@b.example>", "503 5.5.1 Error: need MAIL command"),
        ("MAIL FROM:<a b@c.example>", "553 5.1.3 Error: malformed address"),
        ("MAIL FROM:<a@b.example> SIZE=99999999999", None),
        ("MAIL FROM:<ä@b.example>", "500 5.5.2 Error: strict ASCII mode"),
        ("NOOP " + "x" * 600, "500 5.5.2 Command line too long"),
        ("NOOP " + "x" * 200_000, "500 5.5.2 Command line too long"),
    ],
)
async def test_replies(door: Door, command: str, reply: str | None) -> None:
    wire = await door.wire()
    answer = await wire.say(command)
    assert answer == reply or (reply is None and answer.startswith("552 5.3.4 "))
    assert await wire.mail() == "250 2.0.0 accepted as 1"


@pytest.mark.parametrize(
    ("to", "reply"),
    [
        (ADDRESS.upper(), "250 2.1.5 fine"),
        (ADDRESS.replace("@", "+token@"), "250 2.1.5 fine"),
        ("nobody@kaupunki.example", "550 5.1.1 no such address here"),
        ("", "550 5.1.1 no such address here"),
    ],
)
async def test_recipients(door: Door, to: str, reply: str) -> None:
    wire = await door.wire()
    await wire.say("MAIL FROM:<>")
    assert await wire.say(f"RCPT TO:<{to}>") == reply
    if reply.startswith("250"):
        await wire.say("DATA")
        await wire.say(MAIL + b".\r\n")
        assert door.desk.taken[0].to == (ADDRESS,)
        assert door.desk.taken[0].automatic
        assert door.desk.taken[0].tokens == (("token",) if "+" in to else ())


async def test_an_address_given_twice_counts_once(door: Door) -> None:
    wire = await door.wire()
    await wire.say("MAIL FROM:<a@b.example>")
    await wire.say(f"RCPT TO:<{ADDRESS}>")
    assert await wire.mail() == "250 2.0.0 accepted as 1"
    assert door.desk.taken[0].to == (ADDRESS,)


@pytest.mark.parametrize(
    ("error", "reply"),
    [
        (Refused("unknown_queue"), "550 5.1.1 "),
        (Refused("too_large"), "552 5.3.4 "),
        (Refused("forbidden"), "554 5.7.0 "),
        (Refused("unavailable"), "451 4.3.0 "),
        (Refused("too_many"), "451 4.7.1 "),
        (RuntimeError("secret"), "451 4.3.0 "),
        (TimeoutError("secret"), "451 4.3.0 "),
    ],
)
async def test_what_the_desk_refuses(door: Door, error: Exception, reply: str) -> None:
    wire = await door.wire()
    door.desk.fails = error
    with capture_logs() as logs:
        answer = await wire.mail()
    assert answer.startswith(reply)
    assert "secret" not in answer + str(logs)
    assert bool(logs) is not isinstance(error, Refused)
    door.desk.fails = None
    assert await wire.mail() == "250 2.0.0 accepted as 1"


async def test_a_desk_that_fails_at_rcpt_is_a_451(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(address: str) -> bool:
        raise OSError(f"secret {address}")

    wire = await door.wire()
    await wire.say("MAIL FROM:<a@b.example>")
    monkeypatch.setattr(door.desk, "knows", fail)
    with capture_logs() as logs:
        assert (await wire.say(f"RCPT TO:<{ADDRESS}>")).startswith("451 4.3.0 ")
    assert ADDRESS not in str(logs)
    assert logs[0]["error"] == "OSError"


# ---- where a mail ends (S21)


@pytest.mark.parametrize(
    "end", [b"\n.\n", b"\n.\r\n", b"\r.\r\n", b"\r.\r", b"\r\n.\n", b"\r\n.\r"]
)
async def test_nothing_but_crlf_dot_crlf_ends_a_mail(door: Door, end: bytes) -> None:
    inside = b"MAIL FROM:<x@y.example>\r\nRCPT TO:<" + ADDRESS.encode() + b">\r\nDATA\r\nsmuggled"
    wire = await door.wire()
    reply = await wire.mail(MAIL + b"one" + end + inside + b"\r\n")
    assert reply == "250 2.0.0 accepted as 1"
    assert (await wire.say("NOOP")).startswith("250 ")
    (inbound,) = door.desk.taken
    assert inbound.raw is not None
    assert b"smuggled" in inbound.raw


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (b".\r\n", b""),
        (b"..\r\n.\r\n", b".\r\n"),
        (b"a\r\n..b\r\n.\r\n", b"a\r\n.b\r\n"),
        (b"a\r\n...\r\n..\r\n.\r\n", b"a\r\n..\r\n.\r\n"),
        (b"x" * 100_000 + b"\r\n.\r\n", b"x" * 100_000 + b"\r\n"),
        (b"a\0\xff\n\r\n.\r\n", b"a\0\xff\n\r\n"),
    ],
)
async def test_dots_are_undone(door: Door, sent: bytes, kept: bytes) -> None:
    wire = await door.wire()
    for command in ("MAIL FROM:<a@b.example>", f"RCPT TO:<{ADDRESS}>", "DATA"):
        await wire.say(command)
    assert (await wire.say(sent)).startswith("250 ")
    assert door.desk.taken[0].raw == kept


async def test_the_end_may_come_byte_by_byte_and_with_the_next_commands(door: Door) -> None:
    wire = await door.wire()
    for command in ("MAIL FROM:<a@b.example>", f"RCPT TO:<{ADDRESS}>", "DATA"):
        await wire.say(command)
    for byte in MAIL + b".\r":
        wire.write(bytes([byte]))
        await asyncio.sleep(0)
    wire.write(b"\nNOOP\r\nMAIL FROM:<c@d.example>\r\n")
    assert await wire.reply() == "250 2.0.0 accepted as 1"
    assert await wire.reply() == "250 2.0.0 OK"
    assert await wire.reply() == "250 2.1.0 fine"


async def test_a_mail_cut_off_is_no_mail(door: Door) -> None:
    wire = await door.wire()
    for command in ("MAIL FROM:<a@b.example>", f"RCPT TO:<{ADDRESS}>", "DATA"):
        await wire.say(command)
    wire.write(MAIL)
    wire.close()
    assert await (await door.wire()).mail(MAIL + b"2\r\n") == "250 2.0.0 accepted as 1"
    assert len(door.desk.taken) == 1


async def test_the_peer_hangs_up_while_the_desk_works(door: Door) -> None:
    """What was begun is finished; the sender, who got no answer, sends again: one contact."""
    door.desk.commit.clear()
    wire = await door.wire()
    for command in ("MAIL FROM:<a@b.example>", f"RCPT TO:<{ADDRESS}>", "DATA"):
        await wire.say(command)
    wire.write(MAIL + b".\r\n")
    await door.desk.arrived.wait()
    wire.close()
    door.desk.commit.set()
    assert await (await door.wire()).mail() == "250 2.0.0 accepted as 1"
    assert len(door.desk.taken) == 1


# ---- limits


async def test_mail_over_the_limit() -> None:
    async with Door(max_mail_bytes=20_000) as door:
        wire = await door.wire()
        assert (await wire.say("MAIL FROM:<a@b.example> SIZE=20001")).startswith("552 5.3.4 ")
        assert (await wire.mail(b"x" * 19_998 + b"\r\n")).startswith("250 ")
        assert (await wire.mail(b"x" * 19_999 + b"\r\n")).startswith("552 5.3.4 ")
        assert (await wire.mail(b"x\r\n" * 12_000)).startswith("552 5.3.4 ")
        assert (await wire.mail()).startswith("250 ")
        for command in ("MAIL FROM:<a@b.example>", f"RCPT TO:<{ADDRESS}>", "DATA"):
            await wire.say(command)
        wire.write(b"x" * 100_000)
        assert await wire.closed()
    assert len(door.desk.taken) == 2


async def test_connections_and_mails_of_one_peer_are_bounded() -> None:
    async with Door(smtp_connections_per_address=2, mails_per_minute_per_address=2) as door:
        first = await door.wire()
        second = await door.wire()
        third, greeting = await door.connect()
        assert greeting == "421 4.7.0 too many connections from your address"
        assert await third.closed()
        await second.say("QUIT")
        assert await second.closed()
        fourth = await door.wire()
        assert (await first.mail()).startswith("250 ")
        assert (await fourth.mail()).startswith("250 ")
        assert (await first.say("MAIL FROM:<a@b.example>")).startswith("451 4.7.1 ")


async def test_guessing_addresses_ends_the_connection(door: Door) -> None:
    wire = await door.wire()
    await wire.say("MAIL FROM:<a@b.example>")
    replies = [await wire.say(f"RCPT TO:<x{n}@kaupunki.example>") for n in range(21)]
    assert {reply[:9] for reply in replies[:-1]} == {"550 5.1.1"}
    assert replies[-1] == "421 4.7.0 too many unknown addresses"
    assert await wire.closed()


async def test_a_flood_of_one_command_ends_the_connection(door: Door) -> None:
    wire = await door.wire()
    wire.write(b"NOOP\r\n" * 101)
    replies = [await wire.reply() for _ in range(101)]
    assert replies[-1].startswith("421 4.7.0 ")
    assert await wire.closed()


async def test_recipients_of_one_mail_are_bounded() -> None:
    async with Door() as door:
        many = [f"q{n}@kaupunki.example" for n in range(101)]
        door.desk.known = set(many)
        wire = await door.wire()
        await wire.say("MAIL FROM:<a@b.example>")
        replies = [await wire.say(f"RCPT TO:<{address}>") for address in many]
        assert {reply[:9] for reply in replies[:100]} == {"250 2.1.5"}
        assert replies[100].startswith("452 4.5.3 ")
        await wire.say("DATA")
        assert (await wire.say(MAIL + b".\r\n")).startswith("250 2.0.0 accepted as 1 2 3 ")


def test_counts_are_forgotten_after_a_minute() -> None:
    peers = Peers(connections=1, mails_per_minute=1)
    assert peers.mails("a", 0.0)
    assert not peers.mails("a", 59.0)
    assert peers.mails("b", 59.0)
    assert peers.mails("a", 60.0)
    assert peers.connects("a")
    assert not peers.connects("a")
    peers.leaves("a")
    assert peers.connects("a")


@pytest.mark.parametrize(
    ("peername", "name"),
    [
        (("192.0.2.1", 25), "192.0.2.1"),
        (("2001:db8:1:2:3::4", 25, 0, 0), "2001:db8:1:2::/64"),
        (("fe80::1%eth0", 25, 0, 2), "fe80::/64"),
        ("/run/socket", ""),
        (None, ""),
    ],
)
def test_what_a_peer_counts_as(peername: object, name: str) -> None:
    assert peer_name(peername) == name


async def test_closing_tells_idle_connections(door: Door) -> None:
    async with Door() as other:
        wire = await other.wire()
        other._wires.clear()
    assert await wire.reply() == "421 4.3.2 closing, please send again later"
    assert await wire.closed()
    wire.close()


async def test_nothing_of_a_mail_is_logged(door: Door, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    wire = await door.wire()
    await wire.mail()
    await wire.say("WHAT secret")
    assert "example" not in caplog.text
    assert "secret" not in caplog.text


async def test_a_taken_port_is_told_as_such() -> None:
    async with Door() as door:
        host, port = door._at
        channel = open_channel(ChannelSettings(smtp_host=host, smtp_port=port))
        with pytest.raises(OSError, match="in use"):
            await channel.listen(FakeDesk())
