"""Several recipients, of whom the relay takes some; and attempts that came too late."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import pytest

from channels.email import EmailChannel
from channels.email.out import relay
from contactcenter.channel import Attachment, ChannelSettings, Outbound, Receipt, Refusal
from tests.channels.sink import HANG_UP, Sink

A, B, C, D = "a@citizen.example", "b@kela.example", "c@kela.example", "d@secret.example"
OUTBOUND = Outbound(
    send_id="1",
    message_id="<1.secret@kaupunki.example>",
    sender="palaute@kaupunki.example",
    sender_name="Palaute",
    to=A,
    also_to=(B,),
    cc=(C,),
    bcc=(D,),
    subject="Vs: Asia",
    text="Hei",
)


def channel(sink: Sink) -> EmailChannel:
    return EmailChannel(
        ChannelSettings(relay_host=sink.host, relay_port=sink.port, relay_tls="never")
    )


def no(address: str, code: str = "550 5.1.1 no such user") -> Refusal:
    return Refusal(address=address, code=code, lasting=code.startswith("5"))


async def tried(sink: Sink, **fields: Any) -> Receipt:
    return await channel(sink).send(msgspec.structs.replace(OUTBOUND, **fields))


def named(sink: Sink) -> list[str]:
    return [line[9:-1] for line in sink.commands if line.startswith("RCPT")]


async def test_all_get_it_and_nobody_sees_the_blind_copy() -> None:
    async with Sink() as sink:
        assert await tried(sink) == Receipt(outcome="sent", code="250 2.0.0 queued as 1")
    assert named(sink) == [A, B, C, D]
    (mail,) = sink.mails
    assert b"\r\nTo: a@citizen.example,\r\n b@kela.example\r\nCc: c@kela.example\r\n" in mail.data
    assert b"secret.example" not in mail.data


async def test_nobody_gets_it_twice_who_stands_there_twice() -> None:
    async with Sink() as sink:
        await tried(sink, cc=(A, C), bcc=(C,))
    assert named(sink) == [A, B, C]


async def test_the_others_get_it_where_some_are_refused() -> None:
    script = {f"RCPT {B}": "550 5.1.1 no such user", f"RCPT {D}": "451 4.7.1 greylisted"}
    async with Sink(script) as sink:
        receipt = await tried(sink)
    assert receipt.outcome == "sent"
    assert receipt.refused == (no(B), no(D, "451 4.7.1 greylisted"))
    assert sink.mails[0].rcpt_to == [f"RCPT TO:<{A}>", f"RCPT TO:<{C}>"]


async def test_only_those_are_named_who_lack_it_and_the_mail_says_the_same() -> None:
    async with Sink() as sink:
        await tried(sink)
        await tried(sink, envelope=(B,))
    assert named(sink) == [A, B, C, D, B]
    heads = [mail.data.partition(b"\r\n")[2] for mail in sink.mails]  # without the date
    assert heads[0] == heads[1]


@pytest.mark.parametrize(
    ("answers", "outcome", "code"),
    [
        (["550 x", "553 y"], "failed", "550 x"),
        (["550 x", "451 y"], "retry", "451 y"),
        (["450 x", "451 y"], "retry", "450 x"),
    ],
)
async def test_refused_to_all(answers: list[str], outcome: str, code: str) -> None:
    script = dict(zip([f"RCPT {A}", f"RCPT {B}"], answers, strict=True))
    async with Sink(script) as sink:
        receipt = await tried(sink, cc=(), bcc=())
    assert (receipt.outcome, receipt.code) == (outcome, code)
    assert receipt.refused == (no(A, answers[0]), no(B, answers[1]))
    assert sink.mails == []
    assert not any(line.startswith("DATA") for line in sink.commands)


@pytest.mark.parametrize(
    ("step", "reply", "outcome"),
    [("dot", HANG_UP, "unknown"), ("dot", "554 spam", "failed"), ("DATA", "451 later", "retry")],
)
async def test_what_comes_later_is_about_the_others(step: str, reply: str, outcome: str) -> None:
    async with Sink({f"RCPT {B}": "550 5.1.1 no such user", step: reply}) as sink:
        receipt = await tried(sink)
    assert receipt.outcome == outcome
    assert receipt.refused == (no(B),)


async def test_a_relay_that_closes_says_nothing_about_the_rest() -> None:
    script = {f"RCPT {B}": "550 5.1.1 no such user", f"RCPT {C}": "421 4.3.2 closing"}
    async with Sink(script) as sink:
        receipt = await tried(sink)
    assert (receipt.outcome, receipt.code) == ("retry", "421 4.3.2 closing")
    assert receipt.refused == (no(B),)
    assert named(sink) == [A, B, C]


async def test_nothing_is_delivered_that_is_no_longer_ours() -> None:
    """As in a process that was stopped while it sent: another may have sent it since (F24)."""
    async with Sink() as sink:
        receipt = await tried(sink, is_ours=lambda: False)
        assert receipt == Receipt(outcome="retry", code="timed out")
        assert sink.mails == []
        assert (await tried(sink, is_ours=lambda: True)).outcome == "sent"


async def test_a_relay_that_answers_byte_by_byte_gets_one_copy() -> None:
    async with Sink(drip_s=0.002) as sink:
        assert (await tried(sink)).outcome == "sent"
    assert len(sink.mails) == 1


async def test_a_relay_that_reads_too_slowly_is_left_before_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its buffers are full: the mail was not ended, so it can't have arrived (F23)."""
    monkeypatch.setattr(relay, "COMMAND_S", 0.3)
    got, over = bytearray(), asyncio.Event()

    async def slow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 slow\r\n")
        while not got and (line := await reader.readline()):
            writer.write(b"354 go\r\n" if line == b"DATA\r\n" else b"250 fine\r\n")
            if line == b"DATA\r\n":
                got.extend(await reader.read(1))
        await over.wait()
        writer.close()

    server = await asyncio.start_server(slow, "127.0.0.1", 0, limit=1024)
    async with server:
        port = server.sockets[0].getsockname()[1]
        settings = ChannelSettings(relay_host="127.0.0.1", relay_port=port, relay_tls="never")
        file = Attachment(name="a", media_type="application/pdf", content=b"x" * 20_000_000)
        receipt = await EmailChannel(settings).send(
            msgspec.structs.replace(OUTBOUND, attachments=(file,))
        )
        over.set()
    assert receipt == Receipt(outcome="retry", code="timed out")
