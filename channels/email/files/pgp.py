"""PGP in a mail's text (RFC 9580 sections 6 and 7): named, and taken out of what people read."""

from __future__ import annotations

import re
from typing import NamedTuple

from contactcenter.channel import Mark

MAX_BLOCKS = 20
_BEGIN = re.compile(
    r"^-----BEGIN PGP (MESSAGE|SIGNED MESSAGE|PUBLIC KEY BLOCK)-----[ \t]*$", re.MULTILINE
)
_ENCRYPTED = re.compile(r"-----BEGIN PGP (MESSAGE)-----")
_HEADERS = re.compile(r"(?:[A-Za-z-]{1,40}:[^\n]*\n)*[ \t]*\n")
_DASHED = re.compile(r"^- ", re.MULTILINE)


class Plain(NamedTuple):
    """The text without armour, the marks it earns, and the blocks that nobody can read."""

    text: str
    marks: tuple[Mark, ...]
    blocks: tuple[str, ...]


def take_out(text: str, *, html: bool = False) -> Plain:
    """The text as people read it: without keys and what is encrypted; the words of a signed block
    stay, without its signature. In HTML only what is encrypted is looked for."""
    out: list[str] = []
    marks: set[Mark] = set()
    blocks: list[str] = []
    at = 0
    for _ in range(MAX_BLOCKS):
        found = (_ENCRYPTED if html else _BEGIN).search(text, at)
        if found is None:
            break
        if found[1] == "SIGNED MESSAGE":
            words, end = _signed(text, found.end())
        else:
            words, end = "", _past(text, f"-----END PGP {found[1]}-----", found.end())
        if end < 0:
            break
        if found[1] != "SIGNED MESSAGE":
            blocks.append(text[found.start() : end])
        if found[1] != "PUBLIC KEY BLOCK":
            marks.add("encrypted_pgp" if found[1] == "MESSAGE" else "signed_pgp")
        out += (text[at : found.start()], words)
        at = end
    out.append(text[at:])
    return Plain("".join(out).strip("\n"), tuple(sorted(marks)), () if html else tuple(blocks))


def _past(text: str, line: str, at: int) -> int:
    found = text.find(line, at)
    return -1 if found < 0 else found + len(line)


def _signed(text: str, at: int) -> tuple[str, int]:
    """The words of a signed block, and where it ends; -1 where it does not."""
    headers = _HEADERS.match(text, at + 1)
    start = headers.end() if headers else at + 1
    signature = text.find("\n-----BEGIN PGP SIGNATURE-----", start - 1)
    if signature < 0:
        return "", -1
    words = _DASHED.sub("", text[start : max(start, signature)])
    return words, _past(text, "-----END PGP SIGNATURE-----", signature)
