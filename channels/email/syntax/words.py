"""Header text: RFC 2047 encoded words, and what a single line on a screen may hold."""

from __future__ import annotations

import binascii
import re

from channels.email.syntax.charsets import clean, decode

_WORD = re.compile(r"=\?([^?*\s]{1,40})(?:\*[^?\s]{0,40})?\?([bBqQ])\?([^?]*)\?=")
_SPACE = re.compile(r"\s+")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")
# Directions overridden, and characters of no width: what is shown must be what is there.
_HIDDEN = re.compile(
    "[\u0080-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)


def decode_words(value: str) -> str:
    """The value with its encoded words decoded (RFC 2047 section 6.2).

    Neighbouring words of one charset are joined before decoding, since many programs split a
    character over two words. Words are also decoded inside quotes, against the letter of the
    RFC, because programs put them there.
    """
    if "=?" not in value:
        return value
    out: list[str] = []
    run: list[tuple[str, bytes]] = []
    at = 0
    for match in _WORD.finditer(value):
        gap = value[at : match.start()]
        if not run or gap.strip():
            out += (_decode_run(run), gap)
            run = []
        run.append((match[1].lower(), _word_bytes(match[2], match[3])))
        at = match.end()
    return "".join((*out, _decode_run(run), value[at:]))


def _decode_run(run: list[tuple[str, bytes]]) -> str:
    if not run:
        return ""
    out: list[str] = []
    charset, joined = "", b""
    for label, data in run:
        if label != charset:
            out.append(decode(joined, charset))
            charset, joined = label, b""
        joined += data
    return "".join((*out, decode(joined, charset)))


def _word_bytes(kind: str, text: str) -> bytes:
    data = text.encode("utf-8", "replace")
    if kind in "qQ":
        return binascii.a2b_qp(data, header=True)
    return decode_base64(data)


def decode_base64(data: bytes | memoryview) -> bytes:
    """The bytes of base64 text; what is no base64 in it is passed over, as RFC 2045 asks."""
    try:
        return binascii.a2b_base64(data)
    except binascii.Error:
        pass
    data = _NOT_BASE64.sub(b"", bytes(data))
    data = data[: len(data) - (len(data) % 4 == 1)]
    return binascii.a2b_base64(data + b"=" * (-len(data) % 4))


def one_line(text: str, limit: int) -> str:
    """The text as one line of at most `limit` characters, with nothing hidden in it."""
    return _SPACE.sub(" ", _HIDDEN.sub("", clean(text))).strip()[:limit].rstrip()
