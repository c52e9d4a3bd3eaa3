"""What was written now, apart from what stands around it: the quoted mail and the signature.

No word of a mail is in neither. A forwarded original belongs to the text. Quotes that are answered
between their lines stay where they are. Where nothing is written above a quote, the quote is
shown: it may be what somebody wants us to read.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from channels.email.syntax import subject_marks
from channels.email.text.quote_places import Block, Cut, Mail, find_quotes, written
from channels.email.text.quotes import INTRODUCES, QUOTE_BELOW
from channels.email.text.signature import SIGNED, signature_start

MAX_TIMES = 4
_WORDS = re.compile(r"\w+")


class Reply(NamedTuple):
    """The text, all the rest, and whether the mail forwards another one."""

    text: str
    rest: str
    forwarded: bool


def split(text: str, subject: str = "", *, answers: bool = True) -> Reply:
    """The text of a mail apart. `subject` tells whether it is a forward, and `answers` whether the
    mail names another one that it answers; the subject may say that as well."""
    answers = answers or subject_marks.answers(subject)
    mail = Mail(subject_marks.forwards(subject, text), answers)
    reply = _split(text, mail)
    again = reply
    for _ in range(MAX_TIMES):
        if not again.rest:
            break
        again = _split(reply.text, mail)  # what was cut may have kept more from being cut
        if again.rest:
            reply = Reply(again.text, f"{again.rest}\n\n{reply.rest}", again.forwarded)
    return reply


def split_like(reply: Reply, written: str) -> Reply:
    """The reply cut once more, where the HTML of the same mail says that only `written` was written
    now and the text begins with just these words."""
    words, at = _WORDS.findall(written), 0
    found = _WORDS.finditer(reply.text)
    for word in words:
        match = next(found, None)
        if match is None or match[0] != word:
            return reply
        at = match.end()
    after = next(found, None)
    if reply.forwarded or not words or after is None:
        return reply
    line = reply.text.find("\n", at, after.start())
    at = line if line >= 0 else at
    rest = f"{reply.text[at:].strip()}\n\n{reply.rest}".rstrip()
    return Reply(reply.text[:at].rstrip(), rest, forwarded=False)


def _split(text: str, mail: Mail) -> Reply:
    lines = text.split("\n")
    cut, blocks = find_quotes(lines, mail)
    if cut is not None and (cut.forwarded or not _written_above(lines, cut.at, blocks)):
        return _whole(lines, cut)
    end = len(lines) if cut is None else cut.at
    hidden = _hidden(lines, end, blocks) + [True] * (len(lines) - end)
    if True not in hidden:
        return Reply(_joined(lines), "", False)
    kept = [line for line, gone in zip(lines, hidden, strict=True) if not gone]
    if not any(line.strip() for line in kept):
        return Reply(_joined(lines), "", False)
    return Reply(_joined(kept), _rest(lines, hidden), False)


def _whole(lines: list[str], cut: Cut) -> Reply:
    """All of it is the text: a forward, or a quote with nothing above. Only the line that
    introduces such a quote goes."""
    after = cut.below
    if cut.forwarded or after is None or not any(line.strip() for line in lines[after:]):
        return Reply(_joined(lines), "", cut.forwarded)
    if find_quotes(lines[after:], Mail(forwards=False, answers=True)) != (None, []):
        return Reply(_joined(lines), "", False)
    hidden = [True] * after + _hidden(lines[after:], len(lines) - after, [])
    kept = [line for line, gone in zip(lines, hidden, strict=True) if not gone]
    return Reply(_joined(kept), _rest(lines, hidden), False)


def _written_above(lines: list[str], end: int, blocks: list[Block]) -> bool:
    """Whether anything but quotes and a signature stands above `end`."""
    own, at = [], 0
    for start, after in (*blocks, Block(end, end)):
        own += lines[at:start]
        at = max(at, after)
    return written(own, 0, signature_start(own, may_be_all=True, closings=False))


def _hidden(lines: list[str], end: int, blocks: list[Block]) -> list[bool]:
    """Which of the first `end` lines are not to be shown at once."""
    hidden, last, blocks = [False] * end, end, list(blocks)
    while True:
        own = blocks[-1].end if blocks else 0
        signed = own + signature_start(lines[own:last], may_be_all=bool(blocks))
        hidden[signed:last] = [True] * (last - signed)
        if not blocks or written(lines, own, signed):
            break
        last = blocks.pop().start  # nothing follows the quote
        hidden[last:signed] = [True] * (signed - last)
    if len(blocks) == 1 and not written(lines, 0, blocks[0].start):
        start, after = blocks[0]  # the answer stands below the one quote
        hidden[start:after] = [True] * (after - start)
    return hidden


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
    return unmarked("\n".join(line for line in lines[start:end] if line != QUOTE_BELOW))


def unmarked(text: str) -> str:
    """The text without the private characters that stand for marks of HTML."""
    for mark in (QUOTE_BELOW, INTRODUCES, SIGNED):
        text = text.replace(mark, "")
    return text
