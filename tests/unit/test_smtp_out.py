"""What the relay did, and what we make of it: nothing sent twice, nothing said sent that is not."""

from __future__ import annotations

import asyncio
import re
import ssl
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.email import EmailChannel
from channels.email.out import relay
from channels.email.out.relay import stuffed
from contactcenter.channel import ChannelSettings, Outbound, Receipt
from tests.certificate import make_certificate
from tests.channels.sink import HANG, HANG_UP, Sink

OUTBOUND = Outbound(
    send_id="1",
    message_id="<1.secret@kaupunki.example>",
    sender="palaute@kaupunki.example",
    sender_name="Palaute",
    to="paivi@citizen.example",
    subject="Vs: Asia",
    text="Hei\n.\n..\nloppu",
)


def channel(sink: Sink, **settings: object) -> EmailChannel:
    plain = ChannelSettings(relay_host=sink.host, relay_port=sink.port, relay_tls="never")
    return EmailChannel(msgspec.structs.replace(plain, **settings))


async def test_sent() -> None:
    async with Sink() as sink:
        receipt = await channel(sink).send(OUTBOUND)
    assert receipt == Receipt(outcome="sent", code="250 2.0.0 queued as 1")
    (mail,) = sink.mails
    assert re.fullmatch(r"MAIL FROM:<palaute@kaupunki\.example> SIZE=\d+", mail.mail_from)
    assert mail.rcpt_to == ["RCPT TO:<paivi@citizen.example>"]
    assert mail.data.endswith(b"\r\n\r\nHei\r\n.\r\n..\r\nloppu\r\n")
    assert [command[:4] for command in sink.commands][:4] == ["EHLO", "MAIL", "RCPT", "DATA"]
    assert sink.commands[4:] in ([], ["QUIT"])


async def test_automatic_mail_has_the_null_return_path() -> None:
    async with Sink() as sink:
        await channel(sink).send(msgspec.structs.replace(OUTBOUND, automatic=True))
    assert sink.mails[0].mail_from.startswith("MAIL FROM:<> ")
    assert b"\r\nAuto-Submitted: auto-generated\r\n" in sink.mails[0].data


@pytest.mark.parametrize(
    ("script", "outcome", "code"),
    [
        ({"RCPT": "550 5.1.1 no such user"}, "failed", "550 5.1.1 no such user"),
        ({"RCPT": "550-5.1.1 no\r\n550 5.1.1 such user"}, "failed", "550 5.1.1 no 5.1.1 such user"),
        ({"MAIL": "552 5.3.4 too large"}, "failed", "552 5.3.4 too large"),
        ({"DATA": "554 5.7.1 no"}, "failed", "554 5.7.1 no"),
        ({"dot": "550 5.7.1 spam"}, "failed", "550 5.7.1 spam"),
        ({"RCPT": "451 4.7.1 greylisted"}, "retry", "451 4.7.1 greylisted"),
        ({"MAIL": "421 4.3.2 closing"}, "retry", "421 4.3.2 closing"),
        ({"DATA": "450 4.2.0 later"}, "retry", "450 4.2.0 later"),
        ({"dot": "452 4.3.1 full"}, "retry", "452 4.3.1 full"),
        ({"DATA": "250 what"}, "retry", "250 what"),
        ({"greeting": "554 5.3.2 no service"}, "retry", "554 5.3.2 no service"),
        ({"greeting": "421 4.3.2 busy"}, "retry", "421 4.3.2 busy"),
        ({"EHLO": "550 5.0.0 go away"}, "retry", "550 5.0.0 go away"),
        ({"greeting": HANG_UP}, "retry", None),
        ({"MAIL": HANG_UP}, "retry", None),
        ({"RCPT": HANG_UP}, "retry", None),
        ({"DATA": HANG_UP}, "retry", None),
        ({"body": HANG_UP}, "retry", None),
        ({"dot": HANG_UP}, "unknown", None),
        ({"dot": "nonsense"}, "unknown", None),
        ({"dot": "354 what"}, "unknown", "354 what"),
    ],
)
async def test_outcomes(script: dict[str, str], outcome: str, code: str | None) -> None:
    big = msgspec.structs.replace(OUTBOUND, text="x\n" * (2_000_000 if "body" in script else 1))
    async with Sink(script) as sink:
        receipt = await channel(sink).send(big)
    assert receipt.outcome == outcome
    assert receipt.code == code or (code is None and receipt.code)


@pytest.mark.parametrize(
    ("step", "patience", "outcome"),
    [("greeting", "CONNECT_S", "retry"), ("EHLO", "COMMAND_S", "retry"),
     ("RCPT", "COMMAND_S", "retry"), ("DATA", "COMMAND_S", "retry"), ("dot", "DOT_S", "unknown")],
)  # fmt: skip
async def test_silence(
    step: str, patience: str, outcome: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay, patience, 0.1)
    async with Sink({step: HANG}) as sink:
        receipt = await channel(sink).send(OUTBOUND)
    assert receipt.outcome == outcome
    assert "time" in receipt.code.lower()


@pytest.mark.parametrize(("step", "outcome"), [("RCPT", "retry"), ("dot", "unknown")])
async def test_an_attempt_has_an_end(
    step: str, outcome: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits: dict[float | None, asyncio.Timeout] = {}

    def remembered(seconds: float | None) -> asyncio.Timeout:
        limits[seconds] = asyncio.timeout_at(None if seconds is None else _now() + seconds)
        return limits[seconds]

    monkeypatch.setattr(asyncio, "timeout", remembered)
    async with Sink({step: HANG}) as sink:
        sending = asyncio.create_task(channel(sink).send(OUTBOUND))
        await sink.hanging.wait()
        limits[relay.LONGEST_SEND_S].reschedule(_now())  # four minutes are over
        receipt = await sending
    assert receipt == Receipt(outcome=outcome, code="timed out")  # type: ignore[arg-type]


def _now() -> float:
    return asyncio.get_running_loop().time()


async def test_no_relay_there() -> None:
    async with Sink() as sink:
        pass
    nowhere = channel(sink)
    assert (await nowhere.send(OUTBOUND)).outcome == "retry"
    ready, detail = await nowhere.ready()
    assert not ready
    assert detail


async def test_ready_asks_the_relay_once_in_a_while() -> None:
    async with Sink() as sink:
        asked = channel(sink)
        assert await asked.ready() == (True, f"relay {sink.host}:{sink.port}, not encrypted")
        assert await asked.ready() == (True, f"relay {sink.host}:{sink.port}, not encrypted")
    assert sink.commands.count("EHLO localhost") == 1


async def test_cancelling_closes_the_connection() -> None:
    before = asyncio.all_tasks()
    async with Sink({"DATA": HANG}) as sink:
        sending = asyncio.create_task(channel(sink).send(OUTBOUND))
        await sink.hanging.wait()
        sending.cancel()
        await asyncio.wait([sending])
    assert sending.cancelled()
    assert asyncio.all_tasks() == before


async def test_a_wrong_message_fails_without_being_tried() -> None:
    async with Sink() as sink:
        bad = msgspec.structs.replace(OUTBOUND, to="a@b.example>\r\nRCPT TO:<c@d.example")
        receipt = await channel(sink).send(bad)
        assert receipt == Receipt(outcome="failed", code="not sent: to holds a control character")
        bad = msgspec.structs.replace(OUTBOUND, to="a@b.example> NOTIFY=NEVER")
        assert (await channel(sink).send(bad)).code == "not sent: to is no address"
    assert sink.commands == []


async def test_the_words_of_the_relay_are_cleaned_and_bounded() -> None:
    async with Sink({"RCPT": "550 5.1.1 \x1b[31mred\0\u202e " + "x" * 2_000}) as sink:
        receipt = await channel(sink).send(OUTBOUND)
    assert receipt.code.startswith("550 5.1.1 [31mred xxx")
    assert len(receipt.code) <= 204


# ---- smuggling (S21)


async def test_a_text_can_not_end_the_mail() -> None:
    text = "a\r\n.\r\nMAIL FROM:<x@y.example>\r\nb\n.\nc\r.\rd\x85.\x85e\u2028.\u2028f"
    async with Sink() as sink:
        receipt = await channel(sink).send(msgspec.structs.replace(OUTBOUND, text=text))
        assert receipt.outcome == "sent"
    assert len(sink.mails) == 1
    assert [command[:4] for command in sink.commands][:4] == ["EHLO", "MAIL", "RCPT", "DATA"]
    assert sink.commands[4:] in ([], ["QUIT"])


@given(st.lists(st.sampled_from([b"\r", b"\n", b".", b"a", b"\r\n.\r\n"])).map(b"".join))
def test_stuffed_data_can_not_end_itself(mail: bytes) -> None:
    data = stuffed(mail)
    assert data.endswith(b"\r\n")
    assert not re.search(rb"(?:\A|\r\n)\.(?!\.)", data)
    assert not re.search(rb"\r(?!\n)|(?<!\r)\n", data)


# ---- TLS


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("tls"))


@pytest.mark.needs_package("openssl")
@pytest.mark.parametrize(
    ("mode", "offered", "trusted", "user", "outcome", "code"),
    [
        ("required", True, True, None, "sent", "250 2.0.0 queued as 1"),
        ("required", True, False, None, "retry", "TLS failed"),
        ("required", False, True, None, "retry", "the relay offers no STARTTLS"),
        ("implicit", True, True, None, "sent", "250 2.0.0 queued as 1"),
        ("implicit", True, False, None, "retry", ""),
        ("opportunistic", True, False, None, "sent", "250 2.0.0 queued as 1"),
        ("opportunistic", False, False, None, "sent", "250 2.0.0 queued as 1"),
        ("opportunistic", True, True, "user", "sent", "250 2.0.0 queued as 1"),
        ("opportunistic", True, False, "user", "retry", "TLS failed"),
        ("opportunistic", False, False, "user", "retry", "the relay offers no STARTTLS"),
        ("never", True, True, "user", "sent", "250 2.0.0 queued as 1"),
    ],
)
async def test_tls(
    certificate: Path,
    monkeypatch: pytest.MonkeyPatch,
    mode: str,
    offered: bool,
    trusted: bool,
    user: str | None,
    outcome: str,
    code: str,
) -> None:
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "cert.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    async with Sink(tls=context if offered else None, implicit=mode == "implicit") as sink:
        sending = channel(sink, relay_tls=mode, relay_user=user, relay_password="secret")
        receipt = await sending.send(OUTBOUND)
    assert receipt.outcome == outcome
    assert receipt.code.startswith(code)
    assert "secret" not in receipt.code
    assert bool(sink.mails) is (outcome == "sent")
    assert any(line.startswith("AUTH") for line in sink.commands) is (
        user is not None and outcome == "sent"
    )


async def test_a_wrong_password_is_no_fault_of_the_mail() -> None:
    async with Sink({"AUTH": "535 5.7.8 wrong"}) as sink:
        receipt = await channel(sink, relay_user="u", relay_password="p").send(OUTBOUND)
    assert receipt == Receipt(outcome="retry", code="535 5.7.8 wrong")
