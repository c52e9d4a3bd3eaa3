"""What was written now, apart from what stands around it: the quoted mail and the signature.

No word of a mail is in neither. A forwarded original belongs to the text. Quotes that are answered
between their lines stay where they are. Where nothing is written above a quote, the quote is
shown: it may be what somebody wants us to read.
"""

from __future__ import annotations

from typing import NamedTuple

from channels.email import forward
from channels.email.quoted_head import (
    announces_forward,
    between_dashes,
    field_of,
    fields_follow,
    head_at,
    is_rule,
)
from channels.email.quotes import (
    INTRODUCES,
    QUOTE_BELOW,
    introduction,
    is_quoted,
    unquoted,
)
from channels.email.signature import SIGNED, signature_start

MAX_BLANK, MAX_LOOK, FULL_LINE = 2, 20, 60
MAX_TIMES = 4
MAX_LOOKED = 2_000  # places of a mail that are looked at closely: what follows them is text
_RULES = frozenset("-_=~*#\u2010\u2011\u2012\u2013\u2014\u2015\u2500" + QUOTE_BELOW)


class Reply(NamedTuple):
    """The text, all the rest, and whether the mail forwards another one."""

    text: str
    rest: str
    forwarded: bool


class _Cut(NamedTuple):
    """Where a quoted or forwarded mail starts that nothing of ours follows."""

    at: int
    forwarded: bool
    below: int | None = None  # the line after its introduction


class _Block(NamedTuple):
    """Marked lines and their introduction: from `start` to before `end`."""

    start: int
    end: int


class _Mail(NamedTuple):
    """What is known beside the text: whether its subject says that it forwards, and whether it
    answers something. A mail that answers nothing quotes only what is surely a quote: a form that
    a program filled in has a sender, a date and a subject, too."""

    forwards: bool
    answers: bool


def split(text: str, subject: str = "", *, answers: bool = True) -> Reply:
    """The text of a mail apart. `subject` tells whether it is a forward, and `answers` whether the
    mail names another one that it answers; the subject may say that as well."""
    mail = _Mail(forward.forwards(subject, text), answers or forward.answers(subject))
    reply = _split(text, mail)
    again = reply
    for _ in range(MAX_TIMES):
        if not again.rest:
            break
        again = _split(reply.text, mail)  # what was cut may have kept more from being cut
        if again.rest:
            reply = Reply(again.text, f"{again.rest}\n\n{reply.rest}", again.forwarded)
    return reply


def _split(text: str, mail: _Mail) -> Reply:
    lines = text.split("\n")
    cut, blocks = _scan(lines, mail)
    if cut is not None and (cut.forwarded or not _written_above(lines, cut.at, blocks)):
        return _whole(lines, cut)
    end = len(lines) if cut is None else cut.at
    hidden = _hidden(lines, end, blocks) + [True] * (len(lines) - end)
    kept = [line for line, gone in zip(lines, hidden, strict=True) if not gone]
    if not any(line.strip() for line in kept):
        return Reply(_joined(lines), "", False)
    return Reply(_joined(kept), _rest(lines, hidden), False)


def _whole(lines: list[str], cut: _Cut) -> Reply:
    """All of it is the text: a forward, or a quote with nothing above. Only the line that
    introduces such a quote goes."""
    after = cut.below
    if cut.forwarded or after is None or not any(line.strip() for line in lines[after:]):
        return Reply(_joined(lines), "", cut.forwarded)
    if _scan(lines[after:], _Mail(forwards=False, answers=True)) != (None, []):
        return Reply(_joined(lines), "", False)
    hidden = [True] * after + _hidden(lines[after:], len(lines) - after, [])
    kept = [line for line, gone in zip(lines, hidden, strict=True) if not gone]
    return Reply(_joined(kept), _rest(lines, hidden), False)


def _scan(lines: list[str], mail: _Mail) -> tuple[_Cut | None, list[_Block]]:
    """The first place below which nothing is ours, and the marked quotes above it."""
    blocks: list[_Block] = []
    at = looked = 0
    while at < len(lines):
        line = lines[at]
        looked += is_quoted(line) or _may_cut(line)
        if looked > MAX_LOOKED:
            break
        if is_quoted(line):
            block = _block(lines, at)
            if _forwards(lines, at, block.end, mail):
                return _Cut(block.start, True), blocks
            if blocks and not _any(lines, blocks[-1].end, block.start):
                block = block._replace(start=blocks.pop().start)
            if mail.answers or block.start < at or _introduced(lines[at]):
                blocks.append(block)
            at = block.end
            continue
        cut = _cut(lines, at, mail) if _may_cut(line) else None
        if cut is not None:
            return cut, blocks
        at += 1
    return None, blocks


def _may_cut(line: str) -> bool:
    """Whether the line is worth a close look: it has a label, ends as an introduction, or begins
    with a rule or a mark."""
    line = line.strip()
    if not line:
        return False
    start = line[:40]
    return line[0] in _RULES or line[-1] in ":\uff1a-*_" or ":" in start or "\uff1a" in start


def _introduced(line: str) -> bool:
    return introduction([unquoted(line)], 0, quote_follows=False) is not None


def _cut(lines: list[str], at: int, mail: _Mail) -> _Cut | None:
    """The cut at an unmarked line, where there is one."""
    line, forwarded = lines[at], mail.forwards
    if line.startswith(QUOTE_BELOW):
        return _Cut(_rule_above(lines, at), forwarded)
    if announces_forward(line):
        return _Cut(at, True)
    said = between_dashes(line)
    if said == "forwarded":
        return _Cut(at, True)
    if said == "original" or (said and fields_follow(lines, at + 1)):
        return _Cut(_rule_above(lines, at), forwarded)
    if field_of(line) and head_at(lines, at, whole=not mail.answers) is not None:
        return _Cut(_rule_above(lines, at), forwarded)
    if not _quote_follows(lines, at + 1):
        start = introduction(lines, at, quote_follows=False, doubt=mail.answers)
        if start is not None:
            return _Cut(_rule_above(lines, start), forwarded, at + 1)
    return None


def _rule_above(lines: list[str], at: int) -> int:
    """A rule above what was found belongs to it."""
    for above in range(at - 1, max(-1, at - 1 - MAX_BLANK), -1):
        if lines[above].strip():
            return above if is_rule(lines[above]) else at
    return at


def _quote_follows(lines: list[str], at: int) -> bool:
    for line in lines[at : at + 1 + MAX_BLANK]:
        if line.strip():
            return is_quoted(line)
    return False


def _block(lines: list[str], first: int) -> _Block:
    """The marked lines from `first` on, with blank lines between them, and their introduction."""
    end = at = first
    while at < len(lines):
        if is_quoted(lines[at]):
            end = at + 1
        elif lines[at].strip() and not _goes_on(lines, at):
            break
        at += 1
    above = first - 1
    while above >= 0 and first - above <= MAX_BLANK and not lines[above].strip():
        above -= 1
    start = introduction(lines, above, quote_follows=True) if above >= 0 else None
    return _Block(first if start is None else start, end)


def _goes_on(lines: list[str], at: int) -> bool:
    """Whether an unmarked line between marked ones is the end of a quoted line that a program
    broke: what the line above opened is closed here, or it was full and this one begins small."""
    if not (0 < at < len(lines) - 1 and is_quoted(lines[at - 1]) and is_quoted(lines[at + 1])):
        return False
    above, line = lines[at - 1], lines[at].strip()
    if any(above.count(a) > above.count(b) and b in line for a, b in ("()", "[]")):
        return True
    return len(above) >= FULL_LINE and above.rstrip()[-1] not in ".!?:" and line[0].islower()


def _forwards(lines: list[str], start: int, end: int, mail: _Mail) -> bool:
    """Whether marked lines are a forwarded mail: their first words say so, or the subject does."""
    for at in range(start, min(end, start + MAX_LOOK)):
        line = unquoted(lines[at])
        if line.strip():
            return mail.forwards or announces_forward(line) or between_dashes(line) == "forwarded"
    return False


def _written_above(lines: list[str], end: int, blocks: list[_Block]) -> bool:
    """Whether anything but quotes and a signature stands above `end`."""
    own, at = [], 0
    for start, after in (*blocks, _Block(end, end)):
        own += lines[at:start]
        at = max(at, after)
    return _any(own, 0, signature_start(own, may_be_all=True))


def _hidden(lines: list[str], end: int, blocks: list[_Block]) -> list[bool]:
    """Which of the first `end` lines are not to be shown at once."""
    hidden, last, blocks = [False] * end, end, list(blocks)
    while True:
        own = blocks[-1].end if blocks else 0
        signed = own + signature_start(lines[own:last], may_be_all=bool(blocks))
        hidden[signed:last] = [True] * (last - signed)
        if not blocks or _any(lines, own, signed):
            break
        last = blocks.pop().start  # nothing follows the quote
        hidden[last:signed] = [True] * (signed - last)
    if len(blocks) == 1 and not _any(lines, 0, blocks[0].start):
        start, after = blocks[0]  # the answer stands below the one quote
        hidden[start:after] = [True] * (after - start)
    return hidden


def _any(lines: list[str], start: int, end: int) -> bool:
    return any(line.strip() for line in lines[start:end])


def _rest(lines: list[str], hidden: list[bool]) -> str:
    """The lines that are not shown, what stood apart with a blank line between."""
    pieces: list[list[str]] = []
    shown = True
    for line, gone in zip(lines, hidden, strict=True):
        if gone:
            if shown:
                pieces.append([])
            pieces[-1].append(line)
        shown = not gone
    return "\n\n".join(text for piece in pieces if (text := _joined(piece)))


def _joined(lines: list[str]) -> str:
    """The lines as text, without marks of ours and without blank lines around."""
    start, end = 0, len(lines)
    while start < end and not unmarked(lines[start]).strip():
        start += 1
    while end > start and not unmarked(lines[end - 1]).strip():
        end -= 1
    return unmarked("\n".join(lines[start:end]))


def unmarked(text: str) -> str:
    """The text without the private characters that stand for marks of HTML."""
    for mark in (QUOTE_BELOW, INTRODUCES, SIGNED):
        text = text.replace(mark, "")
    return text
