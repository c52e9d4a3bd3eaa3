"""Header and command injection (S20, S21) in all that an agent, an admin or a citizen can put into
a mail: the relay sees the recipients that were meant, and header names of ours only."""

from __future__ import annotations

import email
import email.policy
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.email import EmailChannel
from channels.email.out.compose import compose
from channels.email.out.relay import stuffed
from contactcenter.cases import letter
from contactcenter.channel import Attachment, ChannelSettings, Outbound
from contactcenter.desk import recipients
from contactcenter.errors import Refused
from contactcenter.files import safe_name
from contactcenter.kernel.i18n import Catalogue
from tests.channels.sink import Sink
from tests.texts import texts

DATE = datetime(2026, 11, 26, tzinfo=UTC)
CANARY = "x@canary.example"
OUTBOUND = Outbound(
    send_id="1",
    message_id="<1.secret@kaupunki.example>",
    sender="palaute@kaupunki.example",
    sender_name="Palaute",
    to="paivi@citizen.example",
    also_to=("pekka@citizen.example",),
    cc=("aino@kela.example",),
    bcc=("bo@kela.example",),
    reply_to="palaute+token@kaupunki.example",
    subject="Vs: Asia",
    text="Hei",
)
NAMES = ["Date", "From", "To", "Cc", "Reply-To", "Subject", "Message-ID", "Content-Language",
         "MIME-Version", "Content-Type"]  # fmt: skip
TEXT, FILES = ["Content-Transfer-Encoding"], list[str]()
BREAKS = [f"\r\nBcc: {CANARY}", f"\nBcc: {CANARY}", f"\n\nBcc: {CANARY}", f"\r{CANARY}",
          "\0", "\x0b", "\x0c", "\x1b", "\x7f", f"\x85Bcc: {CANARY}", f"\u2028Bcc: {CANARY}",
          f"\u2029Bcc: {CANARY}", f">\r\nRCPT TO:<{CANARY}", f"\r\n.\r\nRCPT TO:<{CANARY}>\r\n",
          "\ud800", f", {CANARY}", f"> , <{CANARY}"]  # fmt: skip
HOSTILE = st.one_of(
    texts(max_size=60),
    st.tuples(texts(max_size=9), st.sampled_from(BREAKS), texts(max_size=9)).map("".join),
)


def names(raw: bytes) -> list[str]:
    """The header names as every kind of reader sees them."""
    lines = raw.partition(b"\r\n\r\n")[0].split(b"\r\n")
    written = [line.partition(b":")[0].decode() for line in lines if line[:1] not in b" \t"]
    for policy in (email.policy.compat32, email.policy.default):
        assert email.message_from_bytes(raw, policy=policy).keys() == written
    return written


@pytest.mark.parametrize("injected", BREAKS)
@pytest.mark.parametrize("field", ["to", "also_to", "cc", "bcc", "reply_to", "sender"])
async def test_no_address_makes_another(field: str, injected: str) -> None:
    """Refused before a command is sent."""
    for value in (f"a@b.example{injected}", f"{injected}a@b.example"):
        given: Any = (value,) if field in ("also_to", "cc", "bcc") else value
        async with Sink() as sink:
            settings = ChannelSettings(
                relay_host=sink.host, relay_port=sink.port, relay_tls="never"
            )
            receipt = await EmailChannel(settings).send(
                msgspec.structs.replace(OUTBOUND, **{field: given})
            )
        assert receipt.outcome == "failed"
        assert receipt.code.startswith("not sent: ")
        assert sink.commands == []
        assert CANARY not in receipt.code


@given(HOSTILE, HOSTILE, HOSTILE, HOSTILE, st.booleans())
def test_whatever_is_said_the_headers_are_ours(
    sender: str, subject: str, text: str, file: str, with_file: bool
) -> None:
    """As the house makes them: names through `sender_name` and `safe_name`."""
    attachments = (
        (Attachment(name=safe_name(file, 1, "text/plain"), media_type="text/plain", content=b"x"),)
        if with_file
        else ()
    )
    name = letter.sender_name({"fi": sender}, {"queue": "J", "agent": sender, "case": "1"}, "fi")
    try:
        raw = compose(
            msgspec.structs.replace(
                OUTBOUND, sender_name=name, subject=subject, text=text, attachments=attachments
            ),
            DATE,
        )
    except ValueError:  # a subject that ends its line
        return
    assert names(raw) == NAMES + (FILES if with_file else TEXT)
    parsed: Any = email.message_from_bytes(raw, policy=email.policy.default)
    assert [one.addr_spec for one in parsed["From"].addresses] == [OUTBOUND.sender]
    assert [one.addr_spec for one in parsed["To"].addresses] == [OUTBOUND.to, *OUTBOUND.also_to]
    assert [one.addr_spec for one in parsed["Cc"].addresses] == list(OUTBOUND.cc)
    assert OUTBOUND.bcc[0].encode() not in raw
    assert b"\r\n.\r\n" not in stuffed(raw)
    if with_file:
        assert [part.get_content_type() for part in parsed.iter_parts()] == ["text/plain"] * 2


@given(HOSTILE, HOSTILE, HOSTILE, HOSTILE)
def test_what_stands_around_a_text_is_only_text(
    greeting: str, signature: str, agent: str, author: str
) -> None:
    words = {"agent": agent, "case": "7", "queue": "Jono"}
    above, under = letter.around({"fi": greeting}, {"fi": f"{signature}{{agent}}"}, words, "fi")
    quote = letter.quoted(Catalogue({"fi": {}}), "fi", author, DATE, signature)
    text = letter.whole(above, "Hei", under, quote)
    raw = compose(msgspec.structs.replace(OUTBOUND, text=text), DATE)
    assert names(raw) == NAMES + TEXT
    assert agent in under or not agent


@given(st.lists(HOSTILE, max_size=3), st.lists(HOSTILE, max_size=3))
def test_what_a_frame_names_is_an_address_each_or_refused(to: list[str], cc: list[str]) -> None:
    try:
        extras = recipients.read(to=to, cc=cc)
    except Refused:
        return
    assert len(extras.to) + len(extras.cc) <= len(to) + len(cc)
    for address in (*extras.to, *extras.cc):
        compose(msgspec.structs.replace(OUTBOUND, to=address), DATE)


@pytest.mark.parametrize("injected", BREAKS)
async def test_what_the_relay_sees_is_what_was_meant(injected: str) -> None:
    name = letter.sender_name({"fi": f"Jono{injected}"}, {"queue": "J"}, "fi")
    file = safe_name(f"a{injected}.txt", 1, "text/plain")
    outbound = msgspec.structs.replace(
        OUTBOUND,
        sender_name=name,
        text=f"Hei{injected}",
        attachments=(Attachment(name=file, media_type="text/plain", content=b"x"),),
    )
    async with Sink() as sink:
        settings = ChannelSettings(relay_host=sink.host, relay_port=sink.port, relay_tls="never")
        assert (await EmailChannel(settings).send(outbound)).outcome == "sent"
    (mail,) = sink.mails
    assert mail.rcpt_to == [f"RCPT TO:<{address}>" for address in outbound.recipients]
    assert [command[:4] for command in sink.commands[:7]] == [
        "EHLO", "MAIL", "RCPT", "RCPT", "RCPT", "RCPT", "DATA",
    ]  # fmt: skip
    assert names(mail.data) == NAMES
