"""Text that was UTF-8, was taken for Windows-1252, and was encoded a second time: `PÃ¤ivÃ¤Ã¤`.

Only what is certain is repaired: letters and signs of northern languages, in lines that have no
such letter right (a person who quotes such a text to complain of it writes the rest well).
"""

from __future__ import annotations

import re

_SURE = "äöåéèüßøæóíáñçš€–—‘’“”…•°§´½×"  # noqa: RUF001 - these very signs
_OTHER = "ÄÖÅÉÜØÆŠŽž\xa0«»"  # a capital with a sign after it may be what it says: "AMANHÃ…"
_RIGHT = re.compile("[äöåÄÖÅ]")
_CP1252 = {
    byte: bytes((byte,)).decode("cp1252", "replace") for byte in range(0x80, 0x100)
}  # fmt: skip


def _wrong(letter: str) -> tuple[str, str]:
    """How it looks when its UTF-8 is taken for Windows-1252, and for ISO-8859-1."""
    data = letter.encode("utf-8")
    signs = ("" if c == "\ufffd" else c for c in (_CP1252[byte] for byte in data))
    return "".join(s or chr(b) for s, b in zip(signs, data, strict=True)), data.decode("latin-1")


_LETTERS = {wrong: letter for letter in _SURE + _OTHER for wrong in _wrong(letter)}
_ANY = re.compile("|".join(map(re.escape, sorted(_LETTERS, key=len, reverse=True))))
_SIGN = re.compile("|".join(re.escape(wrong) for letter in _SURE for wrong in _wrong(letter)))
_FIRSTS = "ÂÃâÅ"  # one of these begins every wrong letter
_FIRST = re.compile(f"[{_FIRSTS}]")


def repaired(text: str) -> str:
    """The text with such lines read right; the same text where nothing is certain."""
    if text.isascii() or not any(sign in text for sign in _FIRSTS) or not _SIGN.search(text):
        return text
    return "\n".join(map(_line, text.split("\n")))


def _line(line: str) -> str:
    if not _FIRST.search(line):
        return line
    rest = _ANY.sub("", line)
    return line if _RIGHT.search(rest) else _ANY.sub(lambda found: _LETTERS[found[0]], line)
