"""Finnish personal identity codes in a text, by shape and a plausible date.

DDMMYYSNNNC: the day of birth, a sign for the century (new ones since 2023), a number and a check
character (Government Decree 128/2010, section 2, as changed by 690/2022). The check character
decides only where the shape is weak: printed examples and typing errors fail it and still name a
person.
"""

from __future__ import annotations

import re
from calendar import monthrange

_CHECKS = "0123456789ABCDEFHJKLMNPRSTUVWXY"
_CENTURY = {"+": 1800} | dict.fromkeys("-YXWVU", 1900) | dict.fromkeys("ABCDEF", 2000)
_DASHES = "\\-\u2010\u2011\u2012\u2013\u2014\u2212"
_GAP = "[ \t\u00a0\u00ad\u2009\u200b-\u200d\u202f\u2060\ufeff]{0,2}"  # what is hardly seen
_CODE = re.compile(
    r"(?:(?<![0-9A-Za-z])(?<![0-9][-/.])|(?<=%[0-9A-Fa-f]{2}))"  # or behind a %20 of a link
    r"(?P<date>(?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-2])[0-9]{2})"
    rf"(?:{_GAP}(?P<dash>[+{_DASHES}]){_GAP}|(?P<letter>[A-FU-Ya-fu-y])|(?P<none>{_GAP}))"
    rf"(?P<number>[0-9]{{3}}){_GAP}(?P<check>[0-9A-FHJ-NPR-Ya-fhj-npr-y])"
    r"(?![0-9A-Za-z]|[-/][0-9])"
)
_MAYBE = re.compile(r"[0-3][0-9][01][0-9]{3}")  # begins every code, and is soon found to be missing
# What stands before numbers of another kind. Heeded only where four digits follow that fail the
# check: nothing else can tell "040123-4567" from a code.
_OTHER = re.compile(
    r"(?:puh|tel|gsm|phone|mob|lasku|faktura|invoice|viite|referens|reference|tilaus|order|num|nro|nr|no)"
    r"[\w.:]*[\s:.]*(?:\+[0-9]{1,3}[ -]?)?$",
    re.IGNORECASE,
)


def mask_identity_codes(text: str) -> str:
    """The text with each code's number hidden: 131052-****."""
    return _CODE.sub(_masked, text) if _MAYBE.search(text) else text


def check_character(date: str, number: str) -> str:
    """The last character of a code: the remainder by 31 of its nine digits."""
    return _CHECKS[int(date + number) % 31]


def _masked(found: re.Match[str]) -> str:
    date, number, check = found["date"], found["number"], found["check"].upper()
    right = check_character(date, number) == check
    if found["none"] is not None:
        is_code = right and check.isalpha() and _is_date(date, None)
    else:
        sign = (found["letter"] or found["dash"]).upper()
        is_code = _is_date(date, _CENTURY.get(sign, 1900))
        if is_code and not right and found["letter"] is None and check.isdigit():
            is_code = (
                _OTHER.search(found.string[max(0, found.start() - 24) : found.start()]) is None
            )
    return f"{date}{found['letter'] or '-'}****" if is_code else found[0]


def _is_date(date: str, century: int | None) -> bool:
    """Whether there was such a day, in any century where none is told."""
    day, month, year = int(date[:2]), int(date[2:4]), int(date[4:])
    centuries = (1900, 2000) if century is None else (century,)
    return any(day <= monthrange(one + year, month)[1] for one in centuries)
