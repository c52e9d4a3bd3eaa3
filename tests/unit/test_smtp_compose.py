"""The bytes of what leaves: right for every reader, and no header but ours (S20)."""

from __future__ import annotations

import email
import email.policy
import re
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.email.mime import read_mail
from channels.email.out.compose import compose
from contactcenter.channel import Attachment, Outbound
from tests.texts import texts

DATE = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
OUTBOUND = Outbound(
    send_id="1",
    message_id="<1.secret@kaupunki.example>",
    sender="palaute@kaupunki.example",
    sender_name="Kaupungin palaute",
    to="paivi@citizen.example",
    subject="Vs: Asia",
    text="Hei",
)
HEADERS = [
    "Date", "From", "To", "Subject", "Message-ID", "Content-Language", "MIME-Version",
    "Content-Type", "Content-Transfer-Encoding",
]  # fmt: skip


def made(**fields: Any) -> bytes:
    return compose(msgspec.structs.replace(OUTBOUND, **fields), DATE)


def parsed(raw: bytes) -> Any:
    return email.message_from_bytes(raw, policy=email.policy.default)


def test_a_plain_mail_word_for_word() -> None:
    assert made() == (
        b"Date: Mon, 23 Nov 2026 10:00:00 +0000\r\n"
        b'From: "Kaupungin palaute" <palaute@kaupunki.example>\r\n'
        b"To: paivi@citizen.example\r\n"
        b"Subject: Vs: Asia\r\n"
        b"Message-ID: <1.secret@kaupunki.example>\r\n"
        b"Content-Language: fi\r\n"
        b"MIME-Version: 1.0\r\n"
        b'Content-Type: text/plain; charset="utf-8"\r\n'
        b"Content-Transfer-Encoding: 7bit\r\n"
        b"\r\n"
        b"Hei\r\n"
    )


LONG = "Pitkä otsikko, jossa on ääkkösiä ja 日本語 ja 🙂 " * 8


@pytest.mark.parametrize(
    "subject", ["", "Asia", LONG, "x" * 500, "=?utf-8?q?x?=", '"quoted" <a@b>', "ä"]
)
def test_subject(subject: str) -> None:
    raw = made(subject=subject)
    assert read_mail(raw, to=()).subject == subject.strip()[:500]
    assert all(len(line) <= 90 for line in raw.split(b"\r\n"))


@pytest.mark.parametrize(
    "name", ["", "Palaute", 'Matti "M" \\ O\'Neil', "Työ, Oy; <x>", LONG[:100], "a@b.example"]
)
def test_sender_name(name: str) -> None:
    raw = made(sender_name=name)
    sender = read_mail(raw, to=()).sender
    assert sender.address == "palaute@kaupunki.example"
    assert sender.name == ("" if "@" in name else name.strip())
    (address,) = parsed(raw)["From"].addresses
    assert address.addr_spec == "palaute@kaupunki.example"


@pytest.mark.parametrize(
    "text", ["", "Hei", "Hyvää päivää\n\n.\n\nrivi " + "pitkä " * 300, "a\r\nb\rc"]
)
def test_text(text: str) -> None:
    raw = made(text=text)
    assert raw.isascii()
    assert all(len(line) <= 78 for line in raw.split(b"\r\n"))
    assert not re.search(rb"\r(?!\n)|(?<!\r)\n", raw)
    want = text.replace("\r\n", "\n").replace("\r", "\n")
    assert read_mail(raw, to=()).text == want.strip("\n")
    assert parsed(raw).get_content().replace("\r\n", "\n").rstrip() == want.rstrip()


def test_threading_fields() -> None:
    ids = tuple(f"<{n}.{'x' * 100}@kaupunki.example>" for n in range(10))
    raw = made(in_reply_to="<c@x.example>", references=(*ids, "bare@x.example"))
    got = parsed(raw)
    assert got["In-Reply-To"] == "<c@x.example>"
    assert got["References"].split() == [*ids, "<bare@x.example>"]
    assert b"=?" not in raw


def test_automatic_mail_says_so() -> None:
    assert "Auto-Submitted" not in parsed(made())
    assert parsed(made(automatic=True))["Auto-Submitted"] == "auto-generated"
    answer = made(automatic=True, in_reply_to="<c@x.example>")
    assert parsed(answer)["Auto-Submitted"] == "auto-replied"
    assert read_mail(made(automatic=True), to=()).automatic


def test_attachments() -> None:
    files = (
        Attachment(name="päätös.pdf", media_type="application/pdf", content=b"%PDF-\0" * 1_000),
        Attachment(name='a";\\.txt', media_type="text/plain\r\nX: y", content=b""),
        Attachment(name="m.eml", media_type="message/rfc822", content=b"From: x\r\n\r\n"),
    )
    raw = made(attachments=files, text="ä")
    got = [(a.get_filename(), a.get_content_type(), a.get_content())
           for a in parsed(raw).iter_attachments()]  # fmt: skip
    assert got == [
        ("päätös.pdf", "application/pdf", b"%PDF-\0" * 1_000),
        ('a";\\.txt', "application/octet-stream", b""),
        ("m.eml", "application/octet-stream", b"From: x\r\n\r\n"),
    ]
    assert read_mail(raw, to=()).text == "ä"


def test_the_same_message_is_the_same_bytes() -> None:
    file = Attachment(name="a", media_type="text/plain", content=b"x")
    assert made(attachments=(file,)) == made(attachments=(file,))


# ---- injection (S20)

BREAKS = ["\r\nBcc: x@canary.example", "\n\nbody", "\rX: y", "\0", "\x0b", "\x0c", "\x1b", "\x7f",
          "\x85X: y", "\u2028X: y", "\u2029X: y", "\ud800"]  # fmt: skip


@pytest.mark.parametrize("injected", BREAKS)
@pytest.mark.parametrize(
    "field",
    ["message_id", "sender", "sender_name", "to", "subject", "in_reply_to", "language"],
)
def test_no_value_makes_a_header(field: str, injected: str) -> None:
    value = getattr(OUTBOUND, field) or "<a@b.example>"
    for text in (value + injected, injected + value, value[:2] + injected + value[2:]):
        with pytest.raises(ValueError, match=field):
            made(**{field: text})


@pytest.mark.parametrize("injected", BREAKS)
def test_no_list_makes_a_header(injected: str) -> None:
    with pytest.raises(ValueError, match="references"):
        made(references=("<a@b.example>", f"<c@d.example>{injected}"))
    file = Attachment(name=f"a{injected}", media_type="text/plain", content=b"")
    with pytest.raises(ValueError, match="name"):
        made(attachments=(file,))


@pytest.mark.parametrize(
    "address",
    ["", "a", "a@", "@b", "a@b@c", "a b@c.example", "a@b.example, c@d.example", "<a@b.example>",
     '"a b"@c.example', "a@b.example>", "ä@b.example", "a@" + "b" * 300, "a@b..example"],
)  # fmt: skip
def test_one_plain_address_only(address: str) -> None:
    with pytest.raises(ValueError, match="to is no address"):
        made(to=address)


def test_a_domain_in_other_letters_goes_out_in_ascii() -> None:
    assert parsed(made(to="a@kääpä.example"))["To"] == "a@xn--kp-viaab.example"


@given(texts(), texts(), texts())
def test_whatever_is_said_the_headers_are_ours(name: str, subject: str, text: str) -> None:
    try:
        raw = made(sender_name=name, subject=subject, text=text)
    except ValueError:
        return
    assert parsed(raw).keys() == HEADERS
    assert not parsed(raw).defects


@given(st.binary(max_size=60), st.binary(max_size=60), st.binary(max_size=60))
def test_whatever_came_in_can_be_answered(ids: bytes, subject: bytes, name: bytes) -> None:
    head = b'From: "%s" <a@b.example>\r\nSubject: %s\r\nMessage-ID: %s\r\nReferences: <%s>\r\n\r\n'
    inbound = read_mail(head % (name, subject, ids, ids), to=())
    made(
        subject=inbound.subject,
        sender_name=inbound.sender.name,
        in_reply_to=inbound.external_id,
        references=inbound.references,
    )
