"""The text of a mail of which there is only HTML, with its quotes marked as in plain text.

Mail programs say in HTML what they quote, more surely than words can: by the element, by a class
or an id. These are read from a copy that is never shown. In the text a quoted line begins with
">", and three private characters stand for what plain text can't say: one ends a line that
introduces a quote, one begins a line of a signature, one a line below which all is quoted.
"""

from __future__ import annotations

import re

import nh3

from channels.email.text.html import DROPPED, TAGS, TextWriter, cleaned_by, write
from channels.email.text.quoted_head import field_of, head_at
from channels.email.text.quotes import INTRODUCES, QUOTE_BELOW, introduction
from channels.email.text.signature import SIGNED

MAX_ABOVE, MAX_DEPTH = 4, 10

# Of a program's own mark of a quote, in lower case. Words in a text are found 20 times as fast as
# by an expression that does not mind the case.
_SURE = (
    "divrplyfwdmsg", "outlookmessageheader", "gmail_quote", "yahoo_quoted", "protonmail_quote",
    "type=cite", 'type="cite', "type='cite",
)  # fmt: skip
# Worth the second look: something in the source may be a mark.
_HINT = (
    *_SURE, "<blockquote", "gmail_", "stopspelling", "moz-", "protonmail", "tutanota",
    "zmail_extra", "signature",
)  # fmt: skip
_BORDER = re.compile(r"border-top:\s?solid")
_CLEANER = nh3.Cleaner(
    tags=TAGS,
    clean_content_tags=DROPPED,
    attributes={
        "*": {"class", "id"},
        "a": {"href"},
        "blockquote": {"cite", "class", "id", "style", "type"},
        "div": {"class", "id", "style"},
        "img": {"alt"},
    },
    url_schemes={"http", "https", "mailto", "tel"},
)
_QUOTES = re.compile(
    r'"(?:[^"]*[\s_-])?(?:yahoo_quoted|protonmail_quote|tutanota_quote|zmail_extra)\b'
)
_CITES = re.compile(
    r'\btype="cite"|\bcite="|\bclass="[^"]*quote|\bstyle="[^"]*border-left', re.IGNORECASE
)
_INTRODUCES = re.compile(r'class="(?:[^"]*\s)?(?:gmail_attr|moz-cite-prefix)\b')
_BELOW = re.compile(
    r'(?:id|class)="(?:divRplyFwdMsg|OutlookMessageHeader|stopSpelling|x_divRplyFwdMsg)"'
    r'|style="border:\s?none;\s?border-top:\s?solid [^";]{1,30}; ?padding:\s?3\.0pt 0',
    re.IGNORECASE,
)
_SIGNS = re.compile(
    r'(?:id|class)="(?:[^"]*[\s_-])?(?:gmail_signature|moz-signature|protonmail_signature_block'
    r"|ms-outlook-mobile-signature|signature)\b",
    re.IGNORECASE,
)
_MARKED = frozenset("blockquote div hr p pre table".split())
_OPEN, _CLOSE, _SOFT, _INTRO, _SIGN, _END = "\ue010\ue011\ue012\ue013\ue014\ue015"
_CONTROL = re.compile("[\ue000-\ue015]")


def quoting_text(source: str) -> str | None:
    """The text of HTML with its quotes marked; None where nothing in it looks like a mark, or it
    is too large to be looked through."""
    if not _has(source, _HINT):
        return None
    marked = cleaned_by(_CLEANER, source)
    return None if marked is None else _marked_lines(write(_CONTROL.sub(" ", marked), _Writer()))


def surely_quotes(source: str) -> bool:
    """Whether a mail program's own mark of a quote is in the HTML."""
    return _has(source, _SURE)


def _has(source: str, words: tuple[str, ...]) -> bool:
    low = source.lower()
    if any(word in low for word in words):
        return True
    return "border-top:" in low and _BORDER.search(low) is not None


class _Writer(TextWriter):
    """Puts a control character where a marked element begins and ends."""

    def __init__(self) -> None:
        super().__init__()
        self._open: list[tuple[str, str]] = []

    def open(self, tag: str, attributes: str) -> None:
        super().open(tag, attributes)
        if tag not in _MARKED:
            return
        mark = _mark(tag, attributes)
        if mark == QUOTE_BELOW:
            self._control(QUOTE_BELOW)
            self._break_line()
            mark = ""
        elif mark:
            self._control(mark)
        if tag != "hr":
            self._open.append((tag, {_OPEN: _CLOSE, "": ""}.get(mark, _END)))

    def close(self, tag: str) -> None:
        super().close(tag)
        while tag in _MARKED and self._open:
            opened, mark = self._open.pop()
            if mark:
                self._control(mark)
            if opened == tag:
                break

    def _control(self, mark: str) -> None:
        """A mark at the beginning of a line, which counts as no word."""
        self._line(1)
        self._out.append(mark)

    def _break_line(self) -> None:
        self._out.append("\n")


def _mark(tag: str, attributes: str) -> str:
    if not attributes.strip():
        return _SOFT if tag == "blockquote" else ""
    if tag == "blockquote":
        return _OPEN if _CITES.search(attributes) or _QUOTES.search(attributes) else _SOFT
    if _BELOW.search(attributes):
        return QUOTE_BELOW
    if _QUOTES.search(attributes):
        return _OPEN
    if _INTRODUCES.search(attributes):
        return _INTRO
    return _SIGN if _SIGNS.search(attributes) else ""


class _Lines:
    """The lines of a marked text, and where elements begin that may quote."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.maybe: list[tuple[int, int]] = []
        self._depth = self._signed = self._introduces = 0
        self._begun: list[tuple[str, int]] = []

    def take(self, line: str) -> None:
        """One more line, with its control characters."""
        words = line.lstrip(_CONTROLS)
        for mark in line[: len(line) - len(words)]:
            self._control(mark)
        if self._depth:
            words = f"{'> ' * min(self._depth, MAX_DEPTH)}{words}".rstrip()
        elif self._signed and words:
            words = SIGNED + words
        elif self._introduces and words:
            words += INTRODUCES
        self.lines.append(words)

    def _control(self, mark: str) -> None:
        if mark == QUOTE_BELOW:
            self.lines.append(mark)
        elif mark in (_CLOSE, _END):
            self._ended(mark)
        else:
            self._begun.append((mark, len(self.lines)))
            self._count(mark, 1)

    def _ended(self, mark: str) -> None:
        if not self._begun:
            return
        begun, start = self._begun.pop()
        self._count(begun, -1)
        if begun == _SOFT:
            self.maybe.append((start, len(self.lines)))

    def _count(self, mark: str, by: int) -> None:
        if mark == _OPEN:
            self._depth += by
        elif mark == _SIGN:
            self._signed += by
        elif mark == _INTRO:
            self._introduces += by


_CONTROLS = QUOTE_BELOW + _OPEN + _CLOSE + _SOFT + _INTRO + _SIGN + _END


def _marked_lines(text: str) -> str:
    taken = _Lines()
    for line in text.split("\n"):
        taken.take(line)
    lines = taken.lines
    quoted = len(lines) + 1
    for start, end in reversed(taken.maybe):  # those around others first
        if end <= quoted and _quotes(lines, start, end):
            lines[start:end] = [f"> {line}".rstrip() for line in lines[start:end]]
            quoted = start
    for at in range(len(lines) - 1):
        if lines[at] and not lines[at].strip("> ") and not lines[at + 1].startswith(">"):
            lines[at] = ""  # space below a quote
    return "\n".join(lines)


def _quotes(lines: list[str], start: int, end: int) -> bool:
    """Whether an element that indents is a quote: it is introduced, or begins like one. Programs
    and people also use it for nothing but an indent."""
    above = [at for at in range(max(0, start - MAX_ABOVE), start) if lines[at].strip()]
    if above and introduction(lines, above[-1], quote_follows=True) is not None:
        return True
    first = [at for at in range(start, min(end, start + MAX_ABOVE)) if lines[at].strip()]
    return any(introduction(lines, at, quote_follows=False) is not None for at in first) or (
        bool(first) and bool(field_of(lines[first[0]])) and head_at(lines, first[0]) is not None
    )
