"""What feedback may hold, for how long its link is good, whom to ask by mail, and how marks are
added up. Pure.

Marks are steps from 1 (very badly) to 5 (very well), of two things apart: how the contact was
handled, and how the service works that it was about. A good adviser may have to explain a bad
service.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from contactcenter.errors import Refused
from contactcenter.kernel.mask import storable

STEPS = (1, 2, 3, 4, 5)
ABOUT = ("handling", "service")
MAX_TEXT = 4_000
LEAST = 5  # of fewer no share is told: it would be about somebody (CU-8)
OVER = ("wrap_up", "closed", "abandoned")

# Addresses that say of themselves that nobody reads them.
_UNREAD = re.compile(
    r"(.*[._-])?(no|non|not|never|do[._-]?not|dont|ei|ala|inte)[._-]?"
    r"(reply|replies|respond|response|answer|vastaa|vastata|vastausta|svara|besvara|svar)([._+-].*)?"
    r"|(svara?|vastaa)[._-]?(ej|inte|ei)|(mailer|mail)[._-]?daemon|postmaster|bounces?([._+-].*)?|.*-(bounces|owner|request)|owner-.*"
)


class Given(NamedTuple):
    """What a citizen says: a mark of each, or none of one of them, and a text."""

    handling: int | None
    service: int | None
    text: str = ""


class Spread(NamedTuple):
    """Marks added up: how many there are, how many of each step, and, of enough, the mean and each
    step's share of them."""

    n: int
    counts: tuple[int, ...]
    mean: float | None
    shares: tuple[float, ...] | None


def checked(given: Given) -> Given:
    """As it is stored: masked. Raises Refused with all that is wrong."""
    wrong = [
        Refused("bad_request", "invalid_field", field=name)
        for name in ABOUT
        if getattr(given, name) not in (None, *STEPS)
    ]
    if given.handling is None and given.service is None:
        wrong.append(Refused("bad_request", "feedback_mark", field="handling"))
    text = given.text.replace("\r\n", "\n").strip()
    if len(text) > MAX_TEXT:
        wrong.append(Refused("too_large", "message_long", field="text", most=MAX_TEXT))
    if wrong:
        raise Refused("bad_request", errors=tuple(wrong))
    return given._replace(text=storable(text))


def last_day(ended_at: datetime, days: int, zone: ZoneInfo) -> date:
    """The last day on which a contact's link is good, by the organisation's calendar."""
    return ended_at.astimezone(zone).date() + timedelta(days=days)


def spread(counts: Sequence[int]) -> Spread:
    """`counts`: how many gave each step, from 1 on."""
    n = sum(counts)
    if n < LEAST:
        return Spread(n, tuple(counts), None, None)
    mean = sum(step * count for step, count in zip(STEPS, counts, strict=True)) / n
    return Spread(n, tuple(counts), mean, tuple(count / n for count in counts))


def reads_nothing(address: str) -> bool:
    """Whether a mail address says that nobody reads what is sent to it."""
    return _UNREAD.fullmatch(address.partition("@")[0].lower()) is not None
