"""An `Outbound` to the bytes of a mail. Pure; the same message at the same time gives the same
bytes.

Fields are written here by hand: the Python we run on folds long References into encoded words
and lets line ends into headers (CVE-2024-6923). A control character in any value is refused
before a byte is made.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from email.header import Header
from email.utils import format_datetime
from hashlib import sha256
from urllib.parse import quote

from channels.email.syntax.message_ids import bracketed
from contactcenter.addresses import wire_address
from contactcenter.channel import Attachment, Outbound

# C0, DEL and C1 (with NEL) and the two Unicode line ends: all end a line for some program.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_MEDIA_TYPE = re.compile(r"[a-z0-9.+-]{1,60}/[a-z0-9.+-]{1,100}")
_LINE = 78
_SPACE_AT_END = re.compile(rb"[ \t]\r\n")
_LINE_END = re.compile(r"\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")


def compose(outbound: Outbound, date: datetime) -> bytes:
    """The mail with CR LF line ends, all of it ASCII. Who gets a blind copy stands nowhere in it.

    Raises ValueError, naming the field, where a value holds what may not stand in a header or
    the address is none.
    """
    head = "".join(f"{name}: {value}\r\n" for name, value in _fields(outbound, date))
    return head.encode("ascii") + _content(outbound)


def _fields(outbound: Outbound, date: datetime) -> Iterator[tuple[str, str]]:
    yield "Date", format_datetime(date)
    yield "From", _mailbox("sender", outbound.sender_name, outbound.sender)
    yield "To", _addresses("to", (outbound.to, *outbound.also_to))
    if outbound.cc:
        yield "Cc", _addresses("cc", outbound.cc)
    if outbound.reply_to:
        yield "Reply-To", _address("reply_to", outbound.reply_to)
    yield "Subject", _text("subject", outbound.subject, len("Subject: "))
    yield "Message-ID", _message_id("message_id", outbound.message_id)
    if outbound.in_reply_to:
        yield "In-Reply-To", _message_id("in_reply_to", outbound.in_reply_to)
    if outbound.references:
        ids = (_message_id("references", one) for one in outbound.references)
        yield "References", "\r\n ".join(ids)
    if outbound.automatic:
        # RFC 3834, 5: an answer of a machine, or a machine's mail that answers nothing.
        yield "Auto-Submitted", "auto-replied" if outbound.in_reply_to else "auto-generated"
    yield "Content-Language", _language(outbound.language)
    yield "MIME-Version", "1.0"


def _plain(field: str, value: str) -> str:
    if _CONTROL.search(value):
        raise ValueError(f"{field} holds a control character")
    return value


def _text(field: str, value: str, used: int) -> str:
    """Unstructured text, in encoded words where it is long or not ASCII (RFC 2047)."""
    value = _plain(field, value)
    if value.isascii() and "=?" not in value and len(value) + used <= _LINE:
        return value
    return _words(value, used)


def _words(value: str, used: int) -> str:
    return Header(value, "utf-8", header_name="x" * used).encode(linesep="\r\n")


def _mailbox(field: str, name: str, address: str) -> str:
    address = _address(field, address)
    name = _plain(f"{field}_name", name).strip()
    if not name:
        return address
    if name.isascii() and len(name) <= 60 and "=?" not in name:
        quoted = name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{quoted}" <{address}>'
    return f"{_words(name, len('From: '))}\r\n <{address}>"


def _address(field: str, address: str) -> str:
    address = _plain(field, address)
    try:
        return wire_address(address)
    except ValueError:
        raise ValueError(f"{field} is no address") from None


def _addresses(field: str, addresses: Iterable[str]) -> str:
    return ",\r\n ".join(_address(field, one) for one in addresses)


def _message_id(field: str, value: str) -> str:
    message_id = bracketed(_plain(field, value))
    if message_id is None:
        raise ValueError(f"{field} is no Message-ID")
    return message_id


def _language(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", value):
        raise ValueError("language is no language tag")
    return value


def _content(outbound: Outbound) -> bytes:
    text = _text_part(outbound.text)
    if not outbound.attachments:
        return text
    # "=_" can't occur in base64 or quoted-printable, and the text is one of the two or short
    # lines that the hash can't be guessed for.
    boundary = "=_" + sha256(f"{outbound.send_id} {outbound.message_id}".encode()).hexdigest()[:40]
    mark = f"--{boundary}\r\n".encode()
    files = b"".join(mark + _file_part(file) for file in outbound.attachments)
    head = f'Content-Type: multipart/mixed; boundary="{boundary}"\r\n\r\n'.encode()
    return head + mark + text + files + f"--{boundary}--\r\n".encode()


def _text_part(text: str) -> bytes:
    """The text as it is where every line is short ASCII without a space at its end, which a relay
    might take away; else in quoted-printable."""
    lines = _LINE_END.split(text)
    body = "\r\n".join(lines).encode("utf-8", "replace")
    if not body.endswith(b"\r\n"):
        body += b"\r\n"
    plain = body.isascii() and b"\0" not in body and not _SPACE_AT_END.search(body)
    if plain and max(map(len, lines)) <= _LINE:
        return _part_head('text/plain; charset="utf-8"', "7bit") + body
    return _part_head('text/plain; charset="utf-8"', "quoted-printable") + binascii.b2a_qp(body)


def _file_part(file: Attachment) -> bytes:
    name = _plain("attachment name", file.name)
    media_type = file.media_type if _MEDIA_TYPE.fullmatch(file.media_type) else ""
    if not media_type or media_type.startswith(("multipart/", "message/")):
        media_type = "application/octet-stream"  # those may not be in base64 (RFC 2046)
    encoded = quote(name.encode("utf-8", "replace")[:300], safe="")
    place = f"Content-Disposition: attachment;\r\n filename*=utf-8''{encoded}\r\n"
    head = _part_head(media_type, "base64", place)
    return head + base64.encodebytes(file.content).replace(b"\n", b"\r\n")


def _part_head(media_type: str, encoding: str, more: str = "") -> bytes:
    head = f"Content-Type: {media_type}\r\n{more}Content-Transfer-Encoding: {encoding}\r\n\r\n"
    return head.encode("ascii")
