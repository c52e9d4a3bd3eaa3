"""What stands around the text of a mail: greeting, signature, the answered or passed-on mail. Pure.

The words that an admin may use are filled from a fixed list; nothing in a text is evaluated, and
what was filled in is not looked at again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from contactcenter.kernel.i18n import PLACEHOLDER, Catalogue, pick

WORDS = ("agent", "case", "queue")
MOST_QUOTED = 20_000
MOST_FORWARDED = 200_000
_PREFIXES = re.compile(r"^\s*((re|vs|sv|aw|fwd?|vl)\s*:\s*)+", re.IGNORECASE)
_CUT = "[...]"


def unknown_word(text: str) -> str | None:
    """The first word in braces that is none of ours."""
    return next((word for word in PLACEHOLDER.findall(text) if word not in WORDS), None)


def filled(text: str, words: Mapping[str, str]) -> str:
    """The text with its words in their places."""
    return PLACEHOLDER.sub(lambda found: words.get(found[1], found[0]), text)


def sender_name(names: Mapping[str, str], words: Mapping[str, str], language: str) -> str:
    """The name that a mail comes from, on one line: the one given for it, else the queue's."""
    name = filled(pick(names, language), words) or words["queue"]
    return " ".join("".join(c if c.isprintable() else " " for c in name).split())[:200]


def around(
    greeting: Mapping[str, str],
    signature: Mapping[str, str],
    words: Mapping[str, str],
    language: str,
) -> tuple[str, str]:
    """What stands above and under an answer; "" where nothing is given in its language."""
    return filled(greeting.get(language, ""), words), filled(signature.get(language, ""), words)


def whole(*parts: str) -> str:
    """The parts of a mail, an empty line between them."""
    return "\n\n".join(part.strip("\n") for part in parts if part.strip())


def bare_subject(subject: str) -> str:
    """A subject without what programs put before it: Re, VS, SV, Fwd."""
    return _PREFIXES.sub("", subject).strip()


def quoted(catalogue: Catalogue, language: str, author: str, at: datetime, text: str) -> str:
    """A mail that is answered, as `> ` lines under who wrote it when; bounded. `at` is in the zone
    of whoever reads it."""
    lines = _bounded(text, MOST_QUOTED).splitlines()
    head = catalogue.t(language, "mail.quote", name=author, **_moment(at))
    return "\n".join([head, "", *(f"> {line}".rstrip() for line in lines)])


def forwarded(catalogue: Catalogue, language: str, text: str, *, at: datetime, **head: str) -> str:
    """A mail that is passed on, under its sender, moment, subject and receivers; bounded."""
    moment = catalogue.t(language, "mail.moment", **_moment(at))
    above = catalogue.t(language, "mail.forward", at=moment, **head)
    return f"{above}\n\n{_bounded(text, MOST_FORWARDED)}"


def in_zone(at: datetime, zone: str) -> datetime:
    """A moment by the clocks of an organisation."""
    return at.astimezone(ZoneInfo(zone))


def _bounded(text: str, most: int) -> str:
    text = text.strip("\n")
    return (
        text
        if len(text) <= most
        else f"{text[:most].rpartition(chr(10))[0] or text[:most]}\n{_CUT}"
    )


def _moment(at: datetime) -> dict[str, object]:
    return {
        "day": at.day,
        "month": at.month,
        "year": at.year,
        "hour": at.hour,
        "minute": f"{at.minute:02}",
    }
