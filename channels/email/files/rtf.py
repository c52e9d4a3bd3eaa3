"""RTF as Outlook sends it: decompressed (MS-OXRTFCP), and turned into text (RTF 1.9.1)."""

from __future__ import annotations

import re

from channels.email.syntax.charsets import decode

MAX_BYTES = 300_000  # at some 0.5 µs each
_DICTIONARY = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern "
    b"\\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0"
    b"\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
_RING = 4_096
_TOKEN = re.compile(
    rb"\\'([0-9a-fA-F]{2})|\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\([^a-zA-Z])|([{}])|[\r\n]+"
    rb"|([^\\{}\r\n]+)"
)
_BREAKS = {b"par": "\n", b"line": "\n", b"tab": "\t", b"cell": "\t", b"row": "\n"}
_SIGNS = {
    b"emdash": "\u2014", b"endash": "\u2013", b"lquote": "\u2018", b"rquote": "\u2019",
    b"ldblquote": "\u201c", b"rdblquote": "\u201d", b"bullet": "\u2022",
}  # fmt: skip
_NO_TEXT = frozenset(
    b"fonttbl colortbl stylesheet info pict object themedata listtable listoverridetable header"
    b" footer generator xmlnstbl datastore latentstyles".split()
)


def decompress(data: bytes) -> bytes:
    """The RTF; what could be read where it is damaged, at most 300,000 bytes of it."""
    size, kind = int.from_bytes(data[4:8], "little"), data[8:12]
    if kind == b"MELA":
        return data[16 : 16 + min(size, MAX_BYTES)]
    if kind != b"LZFu":
        return b""
    ring = bytearray(_DICTIONARY.ljust(_RING, b"\0"))
    place, at, out = len(_DICTIONARY), 16, bytearray()
    most = min(size, MAX_BYTES)
    while at < len(data) and len(out) < most:
        flags = data[at]
        at += 1
        for bit in range(8):
            if at >= len(data) or len(out) >= most:
                break
            if not flags >> bit & 1:
                piece = data[at : at + 1]
                at += 1
            else:
                if at + 2 > len(data):
                    return bytes(out)
                word = int.from_bytes(data[at : at + 2], "big")
                at += 2
                start, length = word >> 4, (word & 15) + 2
                if start == place:
                    return bytes(out)
                piece = b""
                for n in range(length):  # it may repeat what it is just writing
                    byte = ring[(start + n) % _RING]
                    ring[(place + n) % _RING] = byte
                    piece += bytes((byte,))
            for n, byte in enumerate(piece):
                ring[(place + n) % _RING] = byte
            place = (place + len(piece)) % _RING
            out += piece
    return bytes(out)


def to_text(rtf: bytes) -> str:
    """What a reader would see, without its looks."""
    out: list[str] = []
    pending = bytearray()  # bytes of the document's own code page
    groups: list[tuple[bool, int]] = []
    hidden, skips, skip, charset = False, 1, 0, "windows-1252"

    def flush() -> None:
        if pending:
            out.append(decode(bytes(pending), charset))
            pending.clear()

    for match in _TOKEN.finditer(rtf[:MAX_BYTES]):
        code, word, number, sign, brace, plain = match.groups()
        if brace == b"{":
            groups.append((hidden, skips))
        elif brace == b"}":
            hidden, skips = groups.pop() if groups else (False, 1)
        elif sign == b"*" or word in _NO_TEXT:
            hidden = True
        elif word == b"uc":
            skips = int(number or 1)
        elif word == b"ansicpg":
            charset = f"windows-{int(number or 1252)}"
        elif hidden:
            continue
        elif word == b"u" and number:
            flush()
            out.append(chr(int(number) & 0xFFFF))  # half of a character perhaps: joined below
            skip = skips
        elif word in _BREAKS or word in _SIGNS:
            flush()
            out.append(_BREAKS.get(word) or _SIGNS[word])
        elif skip and (code or plain):
            pending += (plain or b"")[skip:]
            skip -= min(skip, len(plain) if plain else 1)
        elif code:
            pending.append(int(code, 16))
        elif sign in (b"\\", b"{", b"}"):
            pending += sign
        elif sign == b"~":
            pending += b" "
        elif plain:
            pending += plain
    flush()
    return "".join(out).encode("utf-16", "surrogatepass").decode("utf-16", "replace").strip()
