"""STARTTLS and LMTP at our own doors: what comes before TLS counts for nothing after it, and each
recipient gets an answer."""

from __future__ import annotations

import asyncio
import smtplib
import ssl
from pathlib import Path

import pytest

from contactcenter.config import SettingsError, load_settings
from contactcenter.errors import Refused
from tests.certificate import make_certificate, trusting
from tests.channels.fake_desk import ADDRESS
from tests.unit.test_smtp_in import MAIL, Door

pytestmark = pytest.mark.needs_package("openssl")
OTHER = "muu@kaupunki.example"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with cert.pem and key.pem."""
    return make_certificate(tmp_path_factory.mktemp("tls"))


def secure(certificate: Path, **settings: object) -> Door:
    """A door that offers STARTTLS."""
    return Door(
        smtp_tls_cert=certificate / "cert.pem", smtp_tls_key=certificate / "key.pem", **settings
    )


async def secured(
    door: Door, certificate: Path, before: bytes = b""
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection with TLS; `before` is sent together with STARTTLS."""
    reader, writer = await asyncio.open_connection(*door._at)
    await reader.readline()
    writer.write(b"EHLO x\r\n")
    while not (line := await reader.readline()).startswith(b"250 "):
        pass
    assert line == b"250 STARTTLS\r\n"
    writer.write(b"STARTTLS\r\n" + before)
    assert (await reader.readline()).startswith(b"220 ")
    await writer.start_tls(trusting(certificate), server_hostname="localhost")
    return reader, writer


async def test_a_mail_by_tls(certificate: Path) -> None:
    async with secure(certificate) as door:
        reader, writer = await secured(door, certificate)
        for command, code in [
            (b"MAIL FROM:<a@b.example>", b"503"),  # the greeting before TLS is forgotten
            (b"EHLO x", b"250"),
            (b"STARTTLS", b"502"),
            (b"MAIL FROM:<a@b.example>", b"250"),
            (f"RCPT TO:<{ADDRESS}>".encode(), b"250"),
            (b"DATA", b"354"),
            (MAIL + b".", b"250"),
            (b"QUIT", b"221"),
        ]:
            writer.write(command + b"\r\n")
            while (line := await reader.readline())[3:4] == b"-":
                assert b"STARTTLS" not in line
            assert line.startswith(code), (command, line)
        writer.close()
    assert [inbound.raw for inbound in door.desk.taken] == [MAIL]


@pytest.mark.parametrize("before", [b"MAIL FROM:<evil@x.example>\r\n", b"NOOP\r\n" * 100])
async def test_commands_sent_before_tls_are_not_heard_after_it(
    certificate: Path, before: bytes
) -> None:
    """CVE-2011-0411. They may also spoil the handshake; what they never do is count."""
    async with secure(certificate) as door:
        try:
            reader, writer = await secured(door, certificate, before)
        except (ssl.SSLError, OSError):
            return
        writer.write(b"EHLO x\r\nMAIL FROM:<a@b.example>\r\n")
        replies = [await reader.readline() for _ in range(6)]
        assert replies[-1].startswith(b"250 2.1.0")
        assert not any(reply.startswith(b"503") for reply in replies)
        writer.close()


async def test_no_tls_without_certificate_and_none_twice(certificate: Path) -> None:
    async with Door() as door:
        wire = await door.wire()
        assert (await wire.say("STARTTLS")).startswith("502 ")
    async with secure(certificate) as door:
        wire = await door.wire()
        assert (await wire.say("STARTTLS now")).startswith("501 ")


async def test_a_peer_that_breaks_the_handshake_leaves_nothing(certificate: Path) -> None:
    async with secure(certificate, smtp_connections_per_address=1) as door:
        wire = await door.wire()
        await wire.say("STARTTLS")
        wire.write(b"this is no TLS\r\n" * 10)
        async with asyncio.timeout(10):
            while True:
                second, greeting = await door.connect()
                if greeting.startswith("220"):
                    break
                await second.closed()


async def test_lmtp_answers_each_recipient(certificate: Path) -> None:
    async with secure(certificate, lmtp_port=0) as door:
        door.desk.known = {ADDRESS, OTHER}
        wire, greeting = await door.connect()
        assert greeting.endswith(" LMTP")
        assert (await wire.say("EHLO x")).startswith("500 ")
        assert (await wire.say("HELO x")).startswith("500 ")
        assert "250 STARTTLS" in (await wire.say("LHLO x"))
        await wire.say("MAIL FROM:<a@b.example>")
        for address, code in [(ADDRESS, "250"), ("no@x.example", "550"), (OTHER, "250")]:
            assert (await wire.say(f"RCPT TO:<{address}>")).startswith(code)
        assert (await wire.say(f"RCPT TO:<{ADDRESS}>")).startswith("250")
        await wire.say("DATA")
        replies = [await wire.say(MAIL + b".\r\n"), await wire.reply(), await wire.reply()]
        assert all(reply.startswith("250 2.0.0 accepted") for reply in replies)
        assert (await wire.say("NOOP")).startswith("250 2.0.0 OK")
    (inbound,) = door.desk.taken
    assert inbound.to == (ADDRESS, OTHER)


@pytest.mark.parametrize("code", ["unavailable", "too_large"])
async def test_lmtp_refuses_for_each_recipient(certificate: Path, code: str) -> None:
    async with Door(lmtp_port=0) as door:
        door.desk.known = {ADDRESS, OTHER}
        door.desk.fails = Refused(code)
        wire, _ = await door.connect()
        await wire.say("LHLO x")
        await wire.say("MAIL FROM:<>")
        for address in (ADDRESS, OTHER):
            await wire.say(f"RCPT TO:<{address}>")
        await wire.say("DATA")
        replies = [await wire.say(MAIL + b".\r\n"), await wire.reply()]
        assert len({reply[:3] for reply in replies}) == 1
        assert (await wire.say("NOOP")).startswith("250 ")


async def test_too_large_a_mail_by_lmtp_is_answered_for_each() -> None:
    async with Door(lmtp_port=0, max_mail_bytes=1000) as door:
        door.desk.known = {ADDRESS, OTHER}
        wire, _ = await door.connect()
        await wire.say("LHLO x")
        await wire.say("MAIL FROM:<>")
        for address in (ADDRESS, OTHER):
            await wire.say(f"RCPT TO:<{address}>")
        await wire.say("DATA")
        replies = [await wire.say(b"x" * 1500 + b"\r\n.\r\n"), await wire.reply()]
        assert [reply[:9] for reply in replies] == ["552 5.3.4"] * 2


async def test_a_real_client_delivers_by_lmtp_with_tls(certificate: Path) -> None:
    async with secure(certificate, lmtp_port=0) as door:
        host, port = door._at

        def deliver() -> dict[str, tuple[int, bytes]]:
            with smtplib.LMTP(host, port) as client:
                client._host = "localhost"  # type: ignore[attr-defined]
                client.starttls(context=trusting(certificate))
                return client.sendmail("a@b.example", [ADDRESS, "no@x.example"], MAIL)

        refused = await asyncio.to_thread(deliver)
    assert set(refused) == {"no@x.example"}
    assert len(door.desk.taken) == 1


SMUGGLED = b"\r\nMAIL FROM:<evil@x.example>\r\nRCPT TO:<" + ADDRESS.encode() + b">\r\nDATA\r\n"


@pytest.mark.parametrize(
    "end", [b"\n.\n", b"\n.\r\n", b"\r.\r", b"\r.\r\n", b"\r\n.\n", b"\r\n.\r", b"\r\n\0.\r\n"]
)
async def test_no_line_end_but_the_right_one_smuggles_a_mail_by_lmtp(end: bytes) -> None:
    async with Door(lmtp_port=0) as door:
        wire, _ = await door.connect()
        await wire.say("LHLO x")
        reply = await wire.mail(MAIL + b"one" + end + SMUGGLED + b"From: evil@x\r\n\r\nhei\r\n")
        assert reply.startswith("250 ")
        assert (await wire.say("NOOP")).startswith("250 2.0.0 OK")
    (inbound,) = door.desk.taken
    assert inbound.raw is not None
    assert b"evil@x" in inbound.raw


@pytest.mark.parametrize(
    "command",
    [
        b"MAIL FROM:<a@b.example>\rRCPT TO:<x@y.example>",
        b"MAIL FROM:<a\r@b.example>",
        b"MAIL FROM:<a@b.example>\0",
        b"MAIL FROM:<a@b.example> SIZE=1\rX",
    ],
)
async def test_a_lone_cr_in_a_command_makes_no_second_one(command: bytes) -> None:
    async with Door() as door:
        wire = await door.wire()
        reply = await wire.say(command + b"\r\n")
        assert reply[0] == "5"
        assert (await wire.say("NOOP")).startswith("250 2.0.0 OK")


def test_a_certificate_that_is_none_is_told_at_the_start(tmp_path: Path) -> None:
    for name in ("cert", "key"):
        (tmp_path / f"{name}.pem").write_text("nothing")
    with pytest.raises(SettingsError, match="smtp_tls_cert"):
        load_settings(
            {
                "CONTACTCENTER_HOME": str(tmp_path),
                "CONTACTCENTER_SMTP_TLS_CERT": str(tmp_path / "cert.pem"),
                "CONTACTCENTER_SMTP_TLS_KEY": str(tmp_path / "key.pem"),
            }
        )
