"""Where a signature starts at the end of what somebody wrote: "-- " and what follows, a closing
with a name, the line of a mobile program, a list's footer, a confidentiality notice.

What is doubtful stays: to lose a citizen's words is worse than to show a signature.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from channels.email.text.signature_words import CLOSINGS, DEVICES, PROGRAMS

SIGNED = "\ue001"  # begins a line of what the HTML says is a signature; see html_quotes.py

MAX_SIGNATURES, MAX_SIGNATURE, MAX_CLOSING, MAX_LINE = 12, 20, 9, 90
_DELIMITER = re.compile(r"[ \t*_]{0,3}(?:--|\u2014|\u2013\u2013)[ \t*_]{0,4}\Z")
_RULE = re.compile(r"[ \t*]{0,3}[-_=\u2010-\u2015*]{3,}[ \t]*\Z")
_DASHES = frozenset("-_=*\u2010\u2011\u2012\u2013\u2014\u2015")  # all of both begins with one
_CONTACT = re.compile(r"@|https?:|www\.|\+?\(?\d[\d ()/-]{5,}\d", re.IGNORECASE)
_FIELD = re.compile(
    r"(?!\s*(?:puh|tel|t|m|p|e|gsm|mob|phone|fax|www|web|e-?mail|e-?post|sähköp|s-posti|osoite|adress))"
    r"[^:]{1,40}: ",
    re.IGNORECASE,
)
_REACHED = re.compile(r"@|\d|www\.|https?:", re.IGNORECASE)
_LINK = re.compile(r"\(?<?https?://[^\s<>()]{1,500}>?\)?")
_NAME = re.compile(
    r"[ \t]{0,3}(?:[-~\u2013\u2014]{1,2}|[~\u2013\u2014] |/)"
    r"[^\W\d_][\w.'\u2019-]{0,30}(?: [^\W\d_][\w.'\u2019-]{0,30}){0,2}[ \t]*\Z"
)
_SENT = re.compile(r"sent from (?:my|a|an|the)(?: [\w'\u2019®™.&-]{1,20}){1,5}[.!]?\Z")
_POSTSCRIPT = re.compile(r"[ \t]{0,4}(?:p\.?\s?s\b|ps[.:, ]|nb\b|huom)", re.IGNORECASE)
_WORDS = re.compile(r"[^\W\d_]+")
_CLOSING = frozenset(CLOSINGS)
_CLOSING_WORDS = max(closing.count(" ") for closing in CLOSINGS) + 1
_FIRST = frozenset(closing.partition(" ")[0].rstrip(".:") for closing in CLOSINGS)
_NOTICE = re.compile(
    r"[\s*_(]*(?:this (?:e-?mail|message|communication|transmission)|the (?:information|contents?)"
    r"|confidentiality|disclaimer|notice|tämä (?:viesti|sähköposti)|tämän (?:viestin|sähköposti)"
    r"|viesti ja sen|detta (?:e-?post|meddelande|mejl|mail)|den här e-post"
    r"|diese (?:e-?mail|nachricht)"
    r"|ce (?:message|courriel)|cet e-?mail|este (?:mensaje|correo|e-?mail)|questo messaggio)",
    re.IGNORECASE,
)
_NOTICE_SAYS = (
    ("confid", "luottamuks", "konfiden", "vertraul", "privileged", "riservat", "salassa"),
    ("recipient", "addressee", "intended", "tarkoitettu", "vastaanottaja", "avse", "mottagar",
     "empfänger", "adressat", "destinata", "destinatari"),
    ("error", "mistake", "delete", "erehdy", "virheelli", "tuho", "poist", "hävit", "misstag",
     "felaktig", "rader", "irrtüm", "lösch", "erreur", "détru", "supprim", "elimin", "errore"),
)  # fmt: skip


def signature_start(
    lines: Sequence[str], *, may_be_all: bool = False, closings: bool = True
) -> int:
    """The first line of the signature that ends these lines, or their number where there is none.
    Something always remains above it, unless it `may_be_all`. Without `closings` what a person
    wrote with the own hand is none."""
    start = end = _filled(lines, len(lines))
    for _ in range(MAX_SIGNATURES):
        at = _one(lines, start, closings) if start else start
        if at == start:
            break
        above = _filled(lines, at)
        if not above and not may_be_all:
            break
        start = above
    return len(lines) if start == end else start


def _filled(lines: Sequence[str], end: int) -> int:
    while end and not lines[end - 1].strip(SIGNED).strip():
        end -= 1
    return end


def _one(lines: Sequence[str], end: int, closings: bool) -> int:
    """Where one signature at the end of `lines[:end]` starts; `end` where there is none."""
    if lines[end - 1].startswith(SIGNED):
        return _marked(lines, end)
    if _is_program(lines[end - 1]) or (closings and _is_name(lines, end - 1)):
        return end - 1
    found = _delimited(lines, end)
    if found == end and closings:
        found = _closed(lines, end)
    if found == end:
        found = _notice(lines, end)
    return found


def _marked(lines: Sequence[str], end: int) -> int:
    while end and (lines[end - 1].startswith(SIGNED) or not lines[end - 1].strip()):
        end -= 1
    return end


def _is_program(line: str) -> bool:
    line = line.strip(" \t*_\xa0")
    if len(line) > 300:
        return False
    said = _LINK.sub("", line).strip(" \t*_[]()<>\xa0").lower()
    if not said or len(said) > MAX_LINE or "," in said or "?" in said:
        return False
    if _SENT.match(said):
        return True
    if not said.startswith(PROGRAMS):
        return False
    most = 5 if said.startswith(("lähete", "hanki")) else 11
    return said.count(" ") < most and any(device in said for device in DEVICES)


def _is_name(lines: Sequence[str], at: int) -> bool:
    """A last line as "-Matti" or "/Matti", which is no last point of a list."""
    if not at or not _NAME.match(lines[at]):
        return False
    above = lines[_filled(lines, at) - 1].strip() if _filled(lines, at) else ""
    return bool(above) and above[0] not in "-\u2013\u2014*•/" and above[-1] not in ":,;"


def _delimited(lines: Sequence[str], end: int) -> int:
    """After "--", or after a rule where contact details follow."""
    first = max(0, end - MAX_SIGNATURE)
    if _DASHES.isdisjoint(line.lstrip(" \t")[:1] for line in lines[first:end]):
        return end
    for at in range(end - 1, first - 1, -1):
        line = lines[at]
        if _POSTSCRIPT.match(line):
            return end
        if _DELIMITER.match(line):
            return at
        if _RULE.match(line):
            return (
                at if _is_contact([line for line in lines[at + 1 : end] if line.strip()]) else end
            )
    return end


def _is_contact(lines: list[str]) -> bool:
    """Whether lines are a person's or a list's contact details, and no form or table."""
    if not 0 < len(lines) <= MAX_CLOSING or max(map(len, lines)) > MAX_LINE:
        return False
    return any(map(_CONTACT.search, lines)) and not any(map(_FIELD.match, lines))


def _closed(lines: Sequence[str], end: int) -> int:
    """A closing and the few short lines after it: a name, and then how to reach it."""
    first = max(0, end - 2 * MAX_CLOSING)
    tail = "\n".join([line.strip()[:MAX_LINE] for line in lines[first:end]]).lower()
    if not any(last in tail for last in _LASTS) and not _FIRSTS.search(tail):
        return end  # nearly all mails, and soon
    for at in range(end - 1, first - 1, -1):
        line = lines[at].strip()
        name = _after_closing(line) if line else None
        if name is not None:
            return end if _says_more(lines[at + 1 : end], named=name > 0) else at
        if line and _is_talk(line):
            return end
    return end


def _is_talk(line: str) -> bool:
    """Whether somebody goes on talking, where only a name and contact details may come."""
    words = len(_WORDS.findall(line[:MAX_LINE]))
    if len(line) > MAX_LINE or words > 8 or _POSTSCRIPT.match(line):
        return True
    if _REACHED.search(line):
        return False
    return (
        line[-1] in "?!"
        or (line[-1] in ".:" and words > 4)
        or (line[0].islower() and words > 2)  # no name, and too long for a title
    )


def _says_more(lines: Sequence[str], *, named: bool) -> bool:
    """Whether a paragraph after the one with the name is more than contact details."""
    ended = False
    for line in lines:
        filled = bool(line.strip())
        if filled and ended and len(_WORDS.findall(line)) > 3 and not _REACHED.search(line):
            return True
        named, ended = named or filled, ended or (named and not filled)
    return False


def _after_closing(line: str) -> int | None:
    """How many words follow the closing in its line; None where the line is none."""
    if len(line) > MAX_LINE or "?" in line:
        return None
    low = line.lower().strip(" \t*_.,!-\u2013/")
    first = _CLOSING_SPLIT.split(low, maxsplit=1)[0].rstrip(".:")
    if first and first not in _FIRST and not any(last in low for last in _LASTS):
        return None
    words = [word for word in _CLOSING_SPLIT.split(low) if word]
    for count in range(min(len(words), _CLOSING_WORDS), 0, -1):
        closing = " ".join(words[:count]).rstrip(".:")
        if closing in _CLOSING or (count <= 3 and _LAST.fullmatch(closing)):
            left = len(words) - count
            if len(closing) == 1 and not (0 < left <= 3 and line[0].isalpha()):
                return None
            return left if not left or (left <= 4 and _named(line)) else None
    return None


def _begins(closing: str) -> str:
    """An expression for the first two words of a closing: many lines begin with the first alone
    ("Hyvää päivää")."""
    words = (re.escape(word.rstrip(".:")) for word in closing.split(" ", 2)[:2])
    return r"\.*[\s,!:]+\.*".join(words)


_CLOSING_SPLIT = re.compile(r"[\s,!:]+")
# "Aurinkoisin terveisin", "Varma hälsningar", "Warm regards", "Viele liebe Grüße"
_LAST = re.compile(
    r"(?:\w{3,20}in )?(?:\w{3,20}in )?terveisin|(?:med )?\w{3,15} hälsning(?:ar)?"
    r"|(?:\w{4,12} )?(?:\w{4,12} )?(?:regards|grüße|grüsse|grüßen|gruß|hilsen|groeten)"
)
_LASTS = ("terveisin", "hälsning", "regards", "grüß", "grüss", "gruß", "hilsen", "groeten")
_FIRSTS = re.compile(
    rf"^[ \t*_.,!:\-\u2013/]*(?:{'|'.join(sorted(map(_begins, CLOSINGS)))})", re.MULTILINE
)


def _named(line: str) -> bool:
    """Whether what follows may be a name: its last word begins with a capital."""
    last = line.rstrip(" .,!*_").rpartition(" ")[2]
    return last[:1].isupper() or not last[:1].isalpha()


def _notice(lines: Sequence[str], end: int) -> int:
    """A last paragraph that is a confidentiality notice."""
    start = end
    while start and end - start < MAX_SIGNATURE and lines[start - 1].strip():
        start -= 1
    text = " ".join(lines[start:end])[:3_000].lower()
    if len(text) < 100 or not _NOTICE.match(text):
        return end
    return start if all(any(stem in text for stem in stems) for stems in _NOTICE_SAYS) else end
