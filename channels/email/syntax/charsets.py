"""Bytes to text, whatever the label says.

Labels lie: programs call Windows-1252 ISO-8859-1, and call UTF-8 whatever their system was set
to. So the bytes are asked first. Only codecs listed here are ever used: Python has others
(`punycode`, `unicode_escape`, `zip`) that a label must not reach.
"""

from __future__ import annotations

import re
from functools import lru_cache

from channels.email.syntax.mojibake import repaired

_WESTERN = {
    "usascii": "cp1252", "ascii": "cp1252", "ansix341968": "cp1252", "iso88591": "cp1252",
    "latin1": "cp1252", "windows1252": "cp1252", "cp1252": "cp1252", "ansi": "cp1252",
    "iso885915": "iso8859-15", "latin9": "iso8859-15",
}  # fmt: skip
_WIDE = {
    "utf16": "utf-16", "utf16le": "utf-16-le", "utf16be": "utf-16-be",
    "utf32": "utf-32", "utf32le": "utf-32-le", "utf32be": "utf-32-be",
}  # fmt: skip
_SHIFTED = {
    "utf7": "utf-7", "unicode11utf7": "utf-7", "iso2022jp": "iso2022_jp_ext",
    "csiso2022jp": "iso2022_jp_ext", "iso2022kr": "iso2022_kr", "hzgb2312": "hz",
}  # fmt: skip
_OTHER = {
    "gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "cp936": "gb18030",
    "big5": "big5hkscs", "big5hkscs": "big5hkscs", "shiftjis": "cp932", "sjis": "cp932",
    "xsjis": "cp932", "windows31j": "cp932", "eucjp": "euc_jp", "euckr": "cp949",
    "ksc56011987": "cp949", "cp949": "cp949", "koi8r": "koi8_r", "koi8u": "koi8_u",
    "tis620": "cp874", "windows874": "cp874", "macintosh": "mac_roman", "macroman": "mac_roman",
    "cp437": "cp437", "ibm437": "cp437", "cp850": "cp850", "ibm850": "cp850", "cp865": "cp865",
    "iso88598i": "iso8859-8", "xmaccyrillic": "mac_cyrillic", "maccyrillic": "mac_cyrillic",
    **{f"iso8859{n}": f"iso8859-{n}" for n in (2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 16)},
    **{f"windows125{n}": f"cp125{n}" for n in (0, 1, 3, 4, 5, 6, 7, 8)},
    **{f"cp125{n}": f"cp125{n}" for n in (0, 1, 3, 4, 5, 6, 7, 8)},
}  # fmt: skip

_MARKS = (  # the longer first: one begins like another
    (b"\xff\xfe\0\0", "utf-32"), (b"\0\0\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"),
)  # fmt: skip
_EURO = re.compile(r"(?<=\d)(\s?)\xa4|\xa4(?=\s?\d)")
_C1 = re.compile(rb"[\x80-\x9f]")
_C0 = bytes(c for c in range(32) if c not in b"\t\n") + b"\x7f"


def decode(data: bytes, label: str | None) -> str:
    """The text of `data`, which says to be in charset `label` (None: it does not say).

    Never raises; a byte that means nothing becomes U+FFFD. What was encoded twice is repaired
    where that is certain.
    """
    return repaired(_decoded(data, label))


def _decoded(data: bytes, label: str | None) -> str:
    key = _key(label[:40]) if label else ""
    if key in _SHIFTED:
        return data.decode(_SHIFTED[key], "replace")
    for mark, codec in _MARKS:
        if data.startswith(mark) and b"\0" in data:
            return data.decode(codec, "replace")
    if key in _WIDE and (b"\0" in data or not data.isascii()):
        return data.decode(_WIDE[key], "replace").removeprefix("\ufeff")
    if data.isascii():
        return data.decode("ascii")
    if key in _OTHER:
        return _other(data, _OTHER[key])
    return _western(data, _WESTERN.get(key, "utf-8"))


@lru_cache(maxsize=200)
def _key(label: str) -> str:
    return re.sub(r"[^a-z0-9]", "", label.lower())


def _other(data: bytes, codec: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode(codec, "replace")


def _western(data: bytes, codec: str) -> str:
    """UTF-8 where the bytes are UTF-8 (chance hardly makes that), else the label's or 1252."""
    try:
        return data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError:
        pass
    if codec == "utf-8":
        guess = data.decode("utf-8", "replace")
        broken = guess.count("\ufffd")
        if len(data) - len(guess) > broken:  # mostly right UTF-8 with some damage
            return guess
        codec = "cp1252"
    if codec == "iso8859-15" and _C1.search(data):
        codec = "cp1252"  # these bytes are letters and quotes only there
    text = data.decode(codec, "replace")
    if codec == "cp1252" and "\xa4" in text and not _C1.search(data):
        # ISO-8859-15 by another name: nobody writes the currency sign beside a number.
        return _EURO.sub(lambda found: f"{found[1] or ''}\u20ac", text)
    return text


def clean(text: str) -> str:
    """Text that a database and a screen can take: LF line ends, no other control characters
    but the tab, no lone surrogates."""
    data = text.encode("utf-8", "replace").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return data.translate(None, _C0).decode("utf-8")
