"""Lines of a quote, and the line that introduces it ("On … wrote:"), in any language.

Such a line is known by its build, not by its wording: an address, a moment and a word for "wrote",
two of the three and in their usual places. Only the first characters of a line are looked at and
no pattern can go back over them, so the work is linear whatever a stranger sends.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from channels.email.text.quote_words import ON, WROTE

# Begin or end a line of a text that was made from HTML; see html_quotes.py.
QUOTE_BELOW, INTRODUCES = "\ue000", "\ue002"

MAX_LINE, MAX_LINES, MAX_INTRODUCTION, MAX_NAMES = 300, 4, 320, 6

_QUOTED = re.compile(r"[ \t]{0,4}>")
_MBOX = re.compile(r">From [^ ]")
_TAIL = re.compile(r"> ?(?:wrote|kirjoitti|skrev|schrieb|écrit) ?:")
_ADDRESS = re.compile(r"[^\s<>()\[\]\"',;:@]{1,64}@[^\s<>()\[\]\"',;:@]{1,253}")
_BRACKETED = re.compile(r"[<(\[][^<>()\[\]@]{0,80}@[^<>()\[\]@]{1,253}[>)\]]")
_CLOCK = re.compile(r"(?<!\d)\d{1,2}[:.h]\d{2}(?!\d)")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_DATE = re.compile(r"(?<!\d)\d{1,4}[./-]\d{1,2}[./-]\d{1,4}(?!\d)")
_WORD = re.compile(r"[^\W\d_]+\.?")
_ENDS = re.compile(r"(?:[:\uff1a]|-{3,})[\s*_\ue002]*\Z")
_SAID = re.compile(r"(?<![^\W\d_])([^\W\d_]+):[ \t\xa0]{2,}\S")
_EDGES = re.compile(r"\A[\s*_\-\u200e\u200f\ufeff]{0,80}")
_ON = frozenset(ON)
_WROTE = frozenset(WROTE)
_WROTE_IN = ("写道", "寫道", "작성", "wrote")  # words that stand without a space beside a name
_PIECES = re.compile(r"[^\W\d_]+")


def is_quoted(line: str) -> bool:
    """Whether a mail program marked the line as quoted."""
    return bool(_QUOTED.match(line)) and not _MBOX.match(line) and not _TAIL.match(line)


def unquoted(line: str) -> str:
    """The line without its marks."""
    return line.lstrip(" \t>")


def introduction(
    lines: Sequence[str], end: int, *, quote_follows: bool, doubt: bool = True
) -> int | None:
    """Where the introduction of a quote starts whose last line is `lines[end]`; None where that
    line ends none. Where no marked quote follows, less is taken for one, since all that follows
    counts as quoted then; and where there may be no `doubt`, it must have an address."""
    if quote_follows and lines[end].endswith(INTRODUCES):
        while end and lines[end - 1].endswith(INTRODUCES):
            end -= 1
        return end
    text, said = "", None
    for start in range(end, max(-1, end - MAX_LINES), -1):
        line = lines[start][:MAX_LINE].strip()
        if not line or (start < end and is_quoted(lines[start])):
            break
        text = f"{line} {text}".strip()
        if len(text) > MAX_INTRODUCTION:
            break
        if _introduces(text, quote_follows):
            if quote_follows and not (_moment(text) or _ADDRESS.search(text)):
                said = start if said is None else said  # the line before may tell more
                continue
            return _start(lines, start, text) if doubt or _ADDRESS.search(text) else None
    return said


def _start(lines: Sequence[str], start: int, text: str) -> int:
    """Further up, where a name or the moment stands on a line before."""
    if start and lines[start - 1][-MAX_LINE:].rstrip().endswith(("<", "(")):
        start -= 1
        text = lines[start][:MAX_LINE] + text
    if _moment(text):
        return start
    for above in range(start - 1, max(-1, start - 1 - MAX_LINES), -1):
        line = lines[above][:MAX_LINE].strip()
        if _PIECES.search(line):
            whole = _moment(line) and _begins(line) and line[-1] not in ".!?:"
            return above if whole else start
    return start


def _introduces(text: str, quote_follows: bool) -> bool:
    said = _SAID.search(text)
    if said and said[1].lower() in _WROTE and _begins(text):
        text = text[: said.end(1) + 1]  # the quote begins in the same line
    ends = bool(_ENDS.search(text))
    text = _EDGES.sub("", text).rstrip(" \t*_-:\uff1a" + INTRODUCES)
    if not text or not (ends or quote_follows):
        return False
    moment, address = _moment(text), _ADDRESS.search(text)
    wrote = _wrote(text)
    begins = _begins(text)
    if quote_follows:
        if not begins and len(_PIECES.findall(_ADDRESS.sub(" ", text[: wrote or 0]))) > MAX_NAMES:
            return False
        return bool(
            (wrote is not None and (ends or moment or address))
            or (moment and address)
            or (ends and moment and begins)
        )
    bracketed = _last(text)
    if wrote is None:
        return bool(moment and bracketed and begins and len(text) - bracketed <= 30)
    if moment and begins:
        return True
    before, after = text[:wrote], text[wrote:]
    words = len(_PIECES.findall(_ADDRESS.sub(" ", before)))
    return bool(
        bracketed and words <= MAX_NAMES and (moment or len(after) < 20) and "," not in after[:12]
    )


def _last(text: str) -> int:
    """Where the last address in brackets ends; 0 where there is none."""
    end = 0
    for match in _BRACKETED.finditer(text):
        end = match.end()
    return end


def _wrote(text: str) -> int | None:
    """Where the word for "wrote" stands."""
    lowered = text.lower()
    for match in _PIECES.finditer(lowered):
        if match[0] in _WROTE or match[0].endswith(_WROTE_IN):
            return match.start()
    return None


def _moment(text: str) -> bool:
    return bool(_CLOCK.search(text) or _YEAR.search(text) or _DATE.search(text))


def _begins(text: str) -> bool:
    """Whether it begins with a moment: a number, or a word as "On" or a weekday and a number soon
    after, with no word for "wrote" between."""
    text = _EDGES.sub("", text)
    pieces = text[:60].split()[:5]
    if not pieces:
        return False
    if pieces[0][0].isdigit():
        return True
    first = pieces[0].lower().rstrip(",")
    if first not in _ON and first.rstrip(".") not in _ON:
        return False
    for piece in pieces[1:]:
        if piece[0].isdigit():
            return True
        if piece.lower().rstrip(":") in _WROTE:
            return False
    return False
