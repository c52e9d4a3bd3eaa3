"""winmail.dat: what Outlook puts a mail into when it takes the receiver for one of its own
(MS-OXTNEF, Transport Neutral Encapsulation Format). Nothing in it is decompressed but its RTF,
which is bounded; everything else is a piece of the input.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

from channels.email.files.tnef_properties import Values, read_properties
from channels.email.syntax.charsets import decode

MAGIC = b"\x78\x9f\x3e\x22"
MAX_FILES, MAX_ATTRIBUTES, MAX_DEPTH = 500, 20_000, 3

_ATTRIBUTE = struct.Struct("<BII")  # level, id, length; a checksum of 2 bytes follows the data
_BODY, _MESSAGE, _CODEPAGE = 0x0002800C, 0x00069003, 0x00069007
_NEW_FILE, _TITLE, _DATA, _FILE = 0x00069002, 0x00018010, 0x0006800F, 0x00069005

# Properties (MS-OXPROPS).
_TEXT, _HTML, _RTF, _CPID, _SUBJECT = 0x1000, 0x1013, 0x1009, 0x3FDE, 0x0037
_LONG_NAME, _NAME, _SHOWN_NAME, _TYPE, _CONTENT_ID, _CONTENT = (
    0x3707, 0x3704, 0x3001, 0x370E, 0x3712, 0x3701,
)  # fmt: skip
_AN_OBJECT = 16  # the id of an interface before what is embedded


class File(NamedTuple):
    """A file in it, its name as written."""

    name: str
    media_type: str
    content: bytes
    content_id: str


class Tnef(NamedTuple):
    """What it holds. The bodies are "" or b"" where it has none; `rtf` is compressed still."""

    files: tuple[File, ...]
    text: str
    html: bytes
    html_charset: str
    rtf: bytes


def read_tnef(data: bytes) -> Tnef | None:
    """What can be read of it; None where it is none. Never raises for what the bytes are."""
    return _read(data, 0) if data.startswith(MAGIC) else None


def _read(data: bytes, depth: int) -> Tnef:
    charset = "windows-1252"
    text, html, html_charset, rtf = "", b"", "", b""
    files: list[dict[str, bytes | Values]] = []
    for attribute, value in _attributes(data):
        if attribute == _CODEPAGE and len(value) >= 4:
            charset = _charset(int.from_bytes(value[:4], "little"))
        elif attribute == _BODY:
            text = decode(value.rstrip(b"\0"), charset)
        elif attribute == _MESSAGE:
            values = read_properties(value, charset)
            text = values.text(_TEXT) or text
            html, rtf = values.data(_HTML) or values.text(_HTML).encode(), values.data(_RTF)
            html_charset = _charset(values.number(_CPID)) if values.data(_HTML) else "utf-8"
        elif attribute == _NEW_FILE:
            if len(files) == MAX_FILES:
                break
            files.append({})
        elif files and attribute == _TITLE:
            files[-1]["title"] = value.rstrip(b"\0")
        elif files and attribute == _DATA:
            files[-1]["data"] = value
        elif files and attribute == _FILE:
            files[-1]["values"] = read_properties(value, charset)
    found = [file for raw in files for file in _files(raw, charset, depth)]
    return Tnef(tuple(found[:MAX_FILES]), text, html, html_charset, rtf)


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 6  # past the magic and a key that nobody uses
    for _ in range(MAX_ATTRIBUTES):
        if at + _ATTRIBUTE.size > len(data):
            return
        _, attribute, length = _ATTRIBUTE.unpack_from(data, at)
        at += _ATTRIBUTE.size
        yield attribute, data[at : at + length]
        at += length + 2


def _files(raw: dict[str, bytes | Values], charset: str, depth: int) -> Iterator[File]:
    values, title, content = raw.get("values"), raw.get("title", b""), raw.get("data", b"")
    values = values if isinstance(values, Values) else Values({}, charset)
    name = next(filter(None, map(values.text, (_LONG_NAME, _NAME, _SHOWN_NAME))), "")
    if not name and isinstance(title, bytes):
        name = decode(title, charset)
    content = content if isinstance(content, bytes) and content else values.data(_CONTENT)
    embedded = content[_AN_OBJECT:]
    if embedded.startswith(MAGIC) and depth < MAX_DEPTH:
        yield from _embedded(_read(embedded, depth + 1), name)
    elif content or name:
        media_type = values.text(_TYPE).strip().lower()
        yield File(name, media_type, content, values.text(_CONTENT_ID))


def _embedded(mail: Tnef, name: str) -> Iterator[File]:
    """A mail in it: its text as a file, and its files."""
    if mail.html:
        yield File(f"{name}.html", "text/html", mail.html, "")
    elif mail.text:
        yield File(f"{name}.txt", "text/plain", mail.text.encode("utf-8", "replace"), "")
    yield from mail.files


def _charset(codepage: int) -> str:
    known = {65001: "utf-8", 20127: "us-ascii", 28591: "iso-8859-1", 28605: "iso-8859-15"}
    return known.get(codepage) or f"windows-{codepage or 1252}"
