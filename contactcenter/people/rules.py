"""When two persons may be taken for one, and what they wrote that says so; values in, values out.

No merge rests on weak identity alone (who merely knows a name or an address is not yet the one
whose it is), and none is made by the machine: an agent does it, and can take it back.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Literal

import phonenumbers

from contactcenter.addresses import SPEC
from contactcenter.kernel.phone import HOME

# Strongest first. `proven`: one has proven an address (a link sent there was used) that is the
# other's; `given`: gave it, for an answer or a call; `written`: it stands in what they wrote;
# `name`: both go by the same name, which is nothing by itself.
Ground = Literal["proven", "given", "written", "name"]
GROUNDS: tuple[Ground, ...] = ("proven", "given", "written", "name")
Checked = Literal["document", "answers"]  # an identity document seen; questions answered rightly

MOST_TEXT = 2000  # characters of a message that are looked through
MOST_WORD = 320  # characters of a word in which an address is looked for
MOST_FOUND = 50  # of each kind, for one person

_EMAIL = re.compile(SPEC)
# No part of a longer word, nor the day of birth that a masked code keeps (131052-****).
_NUMBER = re.compile(r"(?<![\w+])\+?[0-9][0-9 ()./\u00a0-]{4,18}[0-9](?!\w|-?\*)", re.ASCII)


@dataclass(frozen=True)
class Claim:
    """An address that a person has to do with, and how."""

    kind: str
    address: str
    ground: Ground


def enough(grounds: Collection[str], checked: str | None) -> bool:
    """Whether two persons may be merged on these grounds: one of them proved it, or the agent made
    sure. Name and address together are not enough: who knows the one often knows the other."""
    return checked is not None or "proven" in grounds


def same_name(one: str, other: str) -> bool:
    """Whether two names are the same whatever their letters' case and the order of their words
    (Meikäläinen Matti). A single word is no name: Matti is many."""
    mine, theirs = (sorted(name.casefold().replace(",", " ").split()) for name in (one, other))
    return len(mine) > 1 and mine == theirs


def written(texts: Iterable[str]) -> list[Claim]:
    """The mail addresses and telephone numbers in what a person wrote, the first of them. What it
    costs is bounded, whatever was written to make it cost."""
    heads = [text[:MOST_TEXT] for text in texts]
    words = (word for text in heads for word in text.split() if "@" in word[:MOST_WORD])
    numbers = (match[0] for text in heads for match in _NUMBER.finditer(text))
    claims = [*_emails(islice(words, MOST_FOUND)), *_numbers(islice(numbers, MOST_FOUND))]
    return list(dict.fromkeys(claims))


def _emails(words: Iterable[str]) -> Iterator[Claim]:
    for word in words:
        for match in _EMAIL.finditer(word[:MOST_WORD]):
            yield Claim("email", match[0].lower(), "written")


def _numbers(written: Iterable[str]) -> Iterator[Claim]:
    for text in written:
        try:
            read = phonenumbers.parse(text, HOME)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(read):
            form = phonenumbers.PhoneNumberFormat.E164
            yield Claim("phone", phonenumbers.format_number(read, form), "written")


def usual(values: Iterable[str | None]) -> str | None:
    """The most frequent value, of equals the first; None where there is none."""
    counted = Counter(value for value in values if value)
    return counted.most_common(1)[0][0] if counted else None


def in_order(grounds: Iterable[str]) -> list[str]:
    """The grounds, strongest first."""
    given = set(grounds)
    return [ground for ground in GROUNDS if ground in given]
