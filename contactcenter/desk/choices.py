"""Short answers that an agent lets a chatting citizen press instead of typing. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from unicodedata import category

from contactcenter.cases.rules import one_line
from contactcenter.errors import Refused

MOST, LONGEST = 6, 60
_UNSEEN = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})  # an emoji newer than our tables is not: Cn


def read(given: Sequence[str]) -> tuple[str, ...]:
    """As they are stored: each on one line, masked, once. Raises Refused naming the field:
    choices[1]."""
    if len(given) > MOST:
        raise Refused("bad_request", "too_many_choices", field="choices", most=MOST)
    return tuple(dict.fromkeys(_checked(one, f"choices[{n}]") for n, one in enumerate(given)))


def _checked(choice: str, field: str) -> str:
    if len(choice) > LONGEST:
        raise Refused("bad_request", "choice_too_long", field=field, most=LONGEST)
    text = one_line(choice)
    if all(category(char) in _UNSEEN for char in text):
        raise Refused("bad_request", "empty_text", field=field)
    return text
