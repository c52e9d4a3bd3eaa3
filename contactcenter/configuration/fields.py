"""What the fields of configured things may hold, and how a problem with one is said. Pure.

A name is one line that can be shown: nothing in it can end a header or a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from contactcenter.configuration.document import Names
from contactcenter.errors import Refused
from contactcenter.kernel.i18n import LANGUAGES

KEY = re.compile(r"[a-z][a-z0-9_-]{0,39}", re.ASCII)
QUEUE_KEY = re.compile(r"[a-z][a-z0-9_-]{0,59}", re.ASCII)
LANGUAGE = re.compile(r"[a-z]{2,3}", re.ASCII)
_PHONE = re.compile(r"\+?[0-9][0-9 ()-]{1,28}[0-9]", re.ASCII)
CHAT_ASKS = frozenset({"name", "language"})
Problems = Iterator[Refused]


def wrong(detail: str, field: str, **params: object) -> Refused:
    """A problem with a field."""
    problem = Refused("bad_request", detail, field=field)
    problem.params = params
    return problem


def names(given: Names, most: int = 100) -> Problems:
    """A name in each of our languages, and in others that are given."""
    for language in LANGUAGES:
        if not given.get(language):
            yield wrong("required", f"name.{language}")
    for language, name in given.items():
        if not LANGUAGE.fullmatch(language):
            yield wrong("invalid_language", "name", language=language[:20])
        if not name.isprintable() or len(name) > most:
            yield wrong("invalid_name", f"name.{language}"[:50])


def languages(given: tuple[str, ...]) -> Problems:
    """At least one, each by its code."""
    if not given:
        yield wrong("language_needed", "languages")
    for language in given:
        if not LANGUAGE.fullmatch(language):
            yield wrong("invalid_language", "languages", language=language[:20])


def phone(given: str) -> Problems:
    """A number that citizens call, as they read it: short ones of services too."""
    if given and not _PHONE.fullmatch(given):
        yield wrong("invalid_phone", "phone")


def chat_asks(given: tuple[str, ...]) -> Problems:
    """What is asked before a chat."""
    if not set(given) <= CHAT_ASKS:
        yield wrong("invalid_field", "chat_asks")


def is_text(text: str) -> bool:
    """Lines that can be stored and shown."""
    return all(line.replace("\t", " ").isprintable() or _joins(line) for line in text.split("\n"))


def _joins(line: str) -> bool:
    """Emoji and soft hyphens hold characters that are no letters, and harmless; some emoji are
    newer than Python's tables."""
    return all(char.isprintable() or _is_part(char) for char in line)


def _is_part(char: str) -> bool:
    return (
        char in "\t\u200d\u00ad\ufe0f\u00a0"
        or "\U0001f000" <= char <= "\U0001faff"
        or "\U000e0020" <= char <= "\U000e007f"  # tags: the flags of Scotland, Wales, England
    )
