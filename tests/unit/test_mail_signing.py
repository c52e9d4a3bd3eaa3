"""DKIM: what leaves verifies by the published key, and nothing can be added to it."""

from __future__ import annotations

import base64
import functools
import re
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import dkim
import msgspec
import pytest

from channels.email import EmailChannel
from channels.email.out.compose import compose
from channels.email.out.signing import signed
from contactcenter.channel import Attachment, ChannelSettings, DkimKey, Outbound
from tests.channels.sink import Sink

OUTBOUND = Outbound(
    send_id="1",
    message_id="<1.secret@kaupunki.example>",
    sender="palaute@kaupunki.example",
    sender_name="Kaupungin palaute, ääkkösin",
    to="paivi@citizen.example",
    cc=("aino@kela.example", "bo@kela.example"),
    reply_to="palaute+abc@kaupunki.example",
    subject="Vs: Pitkä asia, jossa on ääkkösiä ja muuta sellaista, niin että rivi taittuu",
    text="Hei  \n\n.\n..\n-- \nTerveisin\nÄiti\n\n",
    in_reply_to="<a@b.example>",
    references=("<x@b.example>", "<a@b.example>"),
)
pytestmark = pytest.mark.needs_package("openssl")
NAME = b"k2026._domainkey.kaupunki.example."


@functools.cache
def key() -> DkimKey:
    made = subprocess.run(["openssl", "genrsa", "2048"], capture_output=True, check=True)
    return DkimKey(key=made.stdout, selector="k2026", domain="kaupunki.example")


@functools.cache
def published() -> bytes:
    public = subprocess.run(
        ["openssl", "rsa", "-pubout", "-outform", "DER"],
        input=key().key, capture_output=True, check=True,
    ).stdout  # fmt: skip
    return b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)


def dns(name: bytes, timeout: int = 5) -> bytes | None:
    return published() if name == NAME else None


def verifies(mail: bytes, dnsfunc: Callable[..., bytes | None] = dns) -> bool:
    return bool(dkim.verify(mail, dnsfunc=dnsfunc))


def made(**fields: Any) -> bytes:
    outbound = msgspec.structs.replace(OUTBOUND, **fields)
    return signed(compose(outbound, datetime(2026, 11, 26, tzinfo=UTC)), key())


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"cc": (), "reply_to": None, "references": (), "in_reply_to": None},
        {"text": ""},
        {"automatic": True},
        {
            "attachments": (
                Attachment(name="ä.pdf", media_type="application/pdf", content=b"x" * 9),
            )
        },
    ],
    ids=["all", "least", "empty", "automatic", "file"],
)
def test_what_leaves_verifies(fields: dict[str, Any]) -> None:
    mail = made(**fields)
    assert mail.startswith(b"DKIM-Signature: ")
    assert verifies(mail)
    assert not verifies(mail, lambda name, timeout=5: None)


@pytest.mark.parametrize(
    "added",
    [b"From: evil@elsewhere.example", b"Subject: Muu", b"Cc: a@b.example", b"Reply-To: a@b.example",
     b"To: a@b.example"],
)  # fmt: skip
@pytest.mark.parametrize("cc", [OUTBOUND.cc, ()])
def test_nothing_shown_can_be_added(added: bytes, cc: tuple[str, ...]) -> None:
    mail = made(cc=cc, reply_to=None)
    assert verifies(mail)
    assert not verifies(added + b"\r\n" + mail)
    head, _, body = mail.partition(b"\r\n\r\n")
    assert not verifies(head + b"\r\n" + added + b"\r\n\r\n" + body)


def test_it_holds_where_a_relay_takes_spaces_away() -> None:
    mail = made()
    assert b"Hei" in mail
    assert verifies(re.sub(rb"[ \t]+\r\n", b"\r\n", mail))


def test_nothing_can_be_changed() -> None:
    mail = made()
    assert not verifies(mail.replace(b"Terveisin", b"Terveisia"))
    assert not verifies(mail.replace(b"paivi@citizen", b"pirjo@citizen"))


def test_a_key_that_is_none_is_named_without_telling_it() -> None:
    wrong = DkimKey(key=b"nonsense", selector="k", domain="kaupunki.example")
    with pytest.raises(ValueError, match="DKIM") as caught:
        signed(b"From: a@b.example\r\n\r\n", wrong)
    assert "nonsense" not in f"{caught.value} {wrong}"


async def test_what_the_relay_gets_verifies() -> None:
    """Over the wire, with dots doubled and undone."""
    async with Sink() as sink:
        settings = ChannelSettings(
            relay_host=sink.host, relay_port=sink.port, relay_tls="never", dkim=key()
        )
        receipt = await EmailChannel(settings).send(OUTBOUND)
    assert receipt.outcome == "sent"
    assert verifies(sink.mails[0].data)
