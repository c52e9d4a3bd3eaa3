"""What the sender wrote, out of the parts that may hold it."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from channels.email.syntax.charsets import clean, decode
from channels.email.syntax.parts import Leaf
from channels.email.text.html import (
    Allowance,
    from_text,
    harmless,
    stripped,
    to_text,
    without_images,
)
from channels.email.text.html_quotes import quoting_text, surely_quotes
from channels.email.text.reply import Reply, split, split_like, unmarked
from channels.email.text.signature import MAX_SIGNATURE
from contactcenter.files import OCTETS, safe_type

MAX_TEXT = 1_000_000
MAX_BYTES = 8 * MAX_TEXT  # of one part; nothing beyond can come into the text
_CUT = "\n[…]"


class Body(NamedTuple):
    """What was written now, the harmless HTML where the sender sent HTML, and what stands around
    the text: quotes and signature. `whole` is text and rest as they came, and `forwarded` whether
    the text holds a forwarded mail."""

    text: str
    html: str | None
    rest: str
    whole: str
    forwarded: bool


class _Piece(NamedTuple):
    """One part: its source, and for HTML what of it may be shown (None: it can't be)."""

    source: str
    is_html: bool
    html: str | None

    def text(self) -> str:
        if not self.is_html:
            return clean(self.source)
        if self.html is None:
            return clean(stripped(self.source))
        return quoting_text(self.source) or to_text(self.html)


def is_body(leaf: Leaf, number: int) -> bool:
    """Whether a leaf is something written rather than a file. The first one may bear a name
    among its Content-Type's parameters: some programs name the text itself."""
    if not leaf.body or leaf.media_type not in ("text/plain", "text/html"):
        return False
    if safe_type(OCTETS, leaf.content) != OCTETS:
        return False  # whatever it says to be
    return number == 0 or not leaf.file_name


def read_body(leaves: Iterable[Leaf], subject: str = "", *, answers: bool = True) -> Body:
    """The pieces in their order, their text apart as `reply.split` does. Of a
    multipart/alternative the plain text is the text and the HTML is the HTML; where only one is
    there, it serves as both."""
    texts: list[str] = []
    shown: list[_Piece] = []
    beside: list[_Piece] = []  # HTML that says the same as plain text
    allowance = Allowance()
    for choice, group in itertools.groupby(leaves, key=lambda leaf: leaf.choice):
        pieces = [_piece(leaf, allowance) for leaf in group]
        html = [piece for piece in pieces if piece.html]
        texts += _texts(pieces, choose=choice is not None)
        shown += html if choice is not None and html else pieces
        beside += html if len(html) < len(pieces) else ()
    text = "\n".join(texts).strip("\n")
    if len(text) > MAX_TEXT:
        text = text[:MAX_TEXT] + _CUT
    reply = split(text, subject, answers=answers)
    reply = _asked_of_html(reply, beside, subject)
    return Body(
        text=reply.text,
        html=_html(shown) if any(piece.html for piece in shown) else None,
        rest=reply.rest,
        whole=unmarked(text),
        forwarded=reply.forwarded,
    )


def _asked_of_html(reply: Reply, pieces: Sequence[_Piece], subject: str) -> Reply:
    """Where the plain text shows no quote, the HTML beside it may: what was cut is no more than a
    signature, and a program's mark is there."""
    if reply.forwarded or reply.rest.count("\n") > MAX_SIGNATURE:
        return reply
    for piece in pieces:
        if surely_quotes(piece.source):
            return split_like(reply, split(quoting_text(piece.source) or "", subject).text)
    return reply


def _piece(leaf: Leaf, allowance: Allowance) -> _Piece:
    is_html = leaf.media_type == "text/html"
    source = decode(leaf.content[:MAX_BYTES], leaf.parameters.get("charset"))
    source = without_images(source) if is_html else source
    shown = harmless(source) if is_html and allowance.takes(source) else None
    return _Piece(source, is_html, shown)


def _html(pieces: Iterable[_Piece]) -> str:
    return "\n".join(piece.html or from_text(piece.text()) for piece in pieces)


def _texts(pieces: Sequence[_Piece], *, choose: bool) -> list[str]:
    """The texts that are not blank; where there is a choice, the plain ones if there are any."""
    if choose:
        plain = [text for piece in pieces if not piece.is_html and (text := piece.text()).strip()]
        if plain:
            return plain
    return [text for piece in pieces if (text := piece.text()).strip()]
