"""The head of a mail as programs write it above what they quote or forward: From, Sent, To …, and
the line between dashes before it. In any language where the labels are known, and after dashes in
every other one as well.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from channels.email.text.quote_words import FORWARDED, LABELS, ORIGINAL

Between = Literal["forwarded", "original", "unknown"]

MAX_LINE, MAX_HEAD = 400, 14
_LABEL = re.compile(r"[ \t*_>|]{0,12}([^\W\d_][^:;<>@\n]{0,24}?)[ \t*\xa0]{0,3}[:\uff1a]")
_DASHED = re.compile(
    r"[ \t*>]{0,8}[-_=~#\u2010-\u2015]{2,}[ \t*]{0,3}([^-_=~#\n]{3,70}?)[ \t*]{0,3}[-_=#]{2,}"
)
_HALF_DASHED = re.compile(r"[ \t*>]{0,8}-{3,} ?([^\W\d_][^-_=~\n]{3,40})\Z")
_RULE = re.compile(r"[ \t*>]{0,8}[-_=~*#\u2010-\u2015\u2500]{3,}[ \t*]*\Z")
_EVIDENCE = re.compile(r"@|(?<!\d)\d{1,2}[:.h]\d{2}(?!\d)|(?<!\d)(?:19|20)\d\d(?!\d)")
_KINDS = {
    label.replace("_", " "): kind for kind, labels in LABELS.items() for label in labels.split()
}
_FIRST_WORD = re.compile(r"[^\W\d_][\w'\u2019-]*")


def between_dashes(line: str) -> Between | None:
    """What words between dashes say, as "-----Original Message-----"; None where there are none
    such. What follows them in the line does not matter."""
    match = _DASHED.match(line[:MAX_LINE]) or _HALF_DASHED.match(line[:MAX_LINE])
    if match is None:
        return None
    words = match[1].lower()
    if says_forwarded(words):
        return "forwarded"
    if any(part in words for part in ORIGINAL):
        return "original"
    return "unknown" if match.re is _DASHED else None


def is_rule(line: str) -> bool:
    """Whether the line is nothing but a rule: dashes, underscores and the like."""
    return len(line) <= MAX_LINE and bool(_RULE.match(line))


def says_forwarded(words: str) -> bool:
    """Whether lower-case words say in some language that something was forwarded."""
    return any(part in words for part in FORWARDED)


def announces_forward(line: str) -> bool:
    """Whether the line is like "Begin forwarded message:"."""
    line = line.strip(" \t>*_\ufeff\ue002").lower()
    return (
        len(line) <= 70
        and line.endswith((":", "\uff1a"))
        and line.count(" ") <= 7
        and says_forwarded(line)
    )


def field_of(line: str) -> str | None:
    """Which field of a head the line is, by its label: from, date, to, cc, subject or other."""
    match = _LABEL.match(line[:MAX_LINE])
    if match is None:
        return None
    label = match[1].strip().lower()
    kind = _KINDS.get(label)
    if kind is None and " " in label:
        first = _FIRST_WORD.match(label)
        kind = _KINDS.get(first[0]) if first and label.count(" ") <= 2 else None
    return kind


def head_at(lines: Sequence[str], start: int, *, whole: bool = False) -> int | None:
    """The line after the head that starts at `start`, where one does: its sender or its date, and
    more, so that nobody's own list of things is taken for one, nor a form that was filled in. It
    must have all four of sender, date, recipient and subject where it is to be `whole`."""
    first = field_of(lines[start])
    if first is None or first in ("cc", "other"):
        return None
    kinds, end, blank, evidence = {first}, start + 1, 0, _told(lines[start])
    for at in range(start + 1, min(len(lines), start + MAX_HEAD)):
        line = lines[at]
        kind = field_of(line)
        if kind is not None:
            kinds.add(kind)
            evidence = evidence or _told(line)
            end, blank = at + 1, 0
        elif not line.strip(" \t>"):
            blank += 1
            if blank > 1:
                break
        elif blank or at - end > 1:
            break  # one line may go on a field
        elif _LABEL.match(line[:MAX_LINE]):
            return None  # a form has fields of its own
        else:
            evidence = evidence or "@" in line[:MAX_LINE]
    if whole and not {"from", "date", "to", "subject"} <= kinds:
        return None
    return end if _is_head(kinds, evidence) else None


def _told(line: str) -> bool:
    return bool(_EVIDENCE.search(line[:MAX_LINE]))


def _is_head(kinds: set[str], evidence: bool) -> bool:
    if "from" not in kinds and not {"date", "to"} <= kinds:
        return False
    return evidence and len(kinds) >= 2


def fields_follow(lines: Sequence[str], start: int) -> bool:
    """Whether a head in whatever language follows: three lines with a label, one of them with an
    address, before anything else."""
    labelled, address = 0, False
    for line in lines[start : start + MAX_HEAD]:
        if not line.strip(" \t>"):
            if labelled:
                break
            continue
        if _LABEL.match(line[:MAX_LINE]) is None:
            break
        labelled += 1
        address = address or "@" in line[:MAX_LINE]
    return address and labelled >= 3
