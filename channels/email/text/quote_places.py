"""Where in a mail's text something quoted or forwarded begins."""

from __future__ import annotations

import re
from typing import NamedTuple

from channels.email.text.quoted_head import (
    announces_forward,
    between_dashes,
    field_of,
    fields_follow,
    head_at,
    is_rule,
)
from channels.email.text.quotes import INTRODUCES, QUOTE_BELOW, introduction, is_quoted, unquoted

MAX_BLANK, MAX_LOOK, FULL_LINE = 2, 20, 60
MAX_LOOKED = 1_000  # places of a mail that are looked at closely: what follows them is text
_RULES = frozenset("-_=~*#\u2010\u2011\u2012\u2013\u2014\u2015\u2500" + QUOTE_BELOW)
# Without one of these a line can neither be quoted nor cut: nearly all that people write.
_MARKS = ">:\uff1a" + "".join(sorted(_RULES))
_WORTH = re.compile(f"[{re.escape(_MARKS)}]")


class Cut(NamedTuple):
    """Where a quoted or forwarded mail starts below which nothing was written now."""

    at: int
    forwarded: bool
    below: int | None = None  # the line after its introduction


class Block(NamedTuple):
    """Marked lines and their introduction: from `start` to before `end`."""

    start: int
    end: int


class Mail(NamedTuple):
    """What is known beside the text: whether its subject says that it forwards, and whether it
    answers something. A mail that answers nothing quotes only what is surely a quote: a form that
    a program filled in has a sender, a date and a subject, too."""

    forwards: bool
    answers: bool


def find_quotes(lines: list[str], mail: Mail) -> tuple[Cut | None, list[Block]]:
    """The first place below which nothing is ours, and the marked quotes above it."""
    blocks: list[Block] = []
    text = "\n".join(lines)
    if not any(mark in text for mark in _MARKS):
        return None, blocks
    at = looked = 0
    while at < len(lines) and looked < MAX_LOOKED:
        if not _WORTH.search(lines[at]):
            at += 1
            continue
        if is_quoted(lines[at]):
            looked += 1
            block = _block(lines, at)
            if _forwards(lines, at, block.end, mail):
                return Cut(block.start, True), blocks
            if blocks and not written(lines, blocks[-1].end, block.start):
                block = block._replace(start=blocks.pop().start)
            if _is_quote(lines, at, block, mail):
                blocks.append(block)
            at = block.end
            continue
        if _may_cut(lines[at]):
            looked += 1
            cut = _cut(lines, at, mail)
            if cut is not None:
                return cut, blocks
        at += 1
    return None, blocks


def _may_cut(line: str) -> bool:
    """Whether the line is worth a close look: it has a label, ends as an introduction, or begins
    with a rule or a mark."""
    line = line.strip().rstrip(INTRODUCES)
    if not line:
        return False
    start = line[: 200 if "@" in line else 40]
    return line[0] in _RULES or line[-1] in ":\uff1a-*_" or ":" in start or "\uff1a" in start


def _is_quote(lines: list[str], at: int, block: Block, mail: Mail) -> bool:
    """Whether marked lines quote the mail that is answered, rather than something else that the
    writer shows us."""
    if block.start < at or _introduced(lines[at : at + MAX_BLANK + 1]):
        return True
    above = [line for line in lines[max(0, at - 1 - MAX_BLANK) : at] if line.strip()]
    return mail.answers and not (above and above[-1].rstrip().endswith(":"))


def _introduced(lines: list[str]) -> bool:
    """Whether marked lines begin with an introduction, as some programs mark that, too."""
    own = [unquoted(line) for line in lines if unquoted(line).strip()]
    return any(introduction(own, at, quote_follows=False) is not None for at in range(len(own)))


def _cut(lines: list[str], at: int, mail: Mail) -> Cut | None:
    """The cut at an unmarked line, where there is one."""
    line, forwarded = lines[at], mail.forwards
    if line.startswith(QUOTE_BELOW):
        return Cut(_rule_above(lines, at), forwarded)
    if announces_forward(line):
        return Cut(at, True)
    said = between_dashes(line)
    if said == "forwarded":
        return Cut(at, True)
    if said == "original" or (said and fields_follow(lines, at + 1)):
        return Cut(_rule_above(lines, at), forwarded)
    if field_of(line) and head_at(lines, at, whole=not mail.answers) is not None:
        return Cut(_rule_above(lines, at), forwarded)
    if not _quote_follows(lines, at + 1):
        start = introduction(lines, at, quote_follows=False, doubt=mail.answers)
        if start is not None:
            return Cut(_rule_above(lines, start), forwarded, at + 1)
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


def _block(lines: list[str], first: int) -> Block:
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
    return Block(first if start is None else start, end)


def _goes_on(lines: list[str], at: int) -> bool:
    """Whether an unmarked line between marked ones is the end of a quoted line that a program
    broke: what the line above opened is closed here, or it was full and this one begins small."""
    if not (0 < at < len(lines) - 1 and is_quoted(lines[at - 1]) and is_quoted(lines[at + 1])):
        return False
    above, line = lines[at - 1], lines[at].strip()
    if any(above.count(a) > above.count(b) and b in line for a, b in ("()", "[]")):
        return True
    return len(above) >= FULL_LINE and above.rstrip()[-1] not in ".!?:" and line[0].islower()


def _forwards(lines: list[str], start: int, end: int, mail: Mail) -> bool:
    """Whether marked lines are a forwarded mail: their first words say so, or the subject does."""
    for at in range(start, min(end, start + MAX_LOOK)):
        line = unquoted(lines[at])
        if line.strip():
            return mail.forwards or announces_forward(line) or between_dashes(line) == "forwarded"
    return False


def written(lines: list[str], start: int, end: int) -> bool:
    """Whether anything stands in the lines from `start` to before `end`."""
    return any(line.strip() for line in lines[start:end])
