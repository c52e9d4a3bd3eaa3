"""Values out of somebody else's JSON, where anything may stand in any place: what is not as it
should be is nothing. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from contactcenter.services.things import Names

MOST_ID = 200  # characters: an id stands in an index
MOST_NAME = 500
MOST_TEXT = 20_000
_LANGUAGE = re.compile(r"[a-z]{2,3}", re.ASCII)


def text(value: object, most: int = MOST_TEXT) -> str:
    """A text without what Postgres can't keep (NUL); "" where it is none."""
    return value.replace("\0", "").strip()[:most] if isinstance(value, str) else ""


def ident(value: object) -> str:
    """An id: a text or a whole number; "" where it is none, or longer than an index takes."""
    found = str(value) if type(value) is int else text(value)
    return found if len(found) <= MOST_ID else ""


def objects(value: object) -> Iterator[dict[str, Any]]:
    """The objects of a list."""
    if isinstance(value, list):
        yield from (one for one in value if isinstance(one, dict))


def of(value: object) -> dict[str, Any]:
    """An object; empty where it is none."""
    return value if isinstance(value, dict) else {}


def language(value: object) -> str:
    """A language's code, "" where it is none: "fi" of "fi-FI"."""
    found = text(value).lower().replace("_", "-").partition("-")[0]
    return found if _LANGUAGE.fullmatch(found) else ""


def localised(value: object, kind: str | None = None, most: int = MOST_TEXT) -> Names:
    """[{"language", "value", "type"}] by language: the first of each, of one type."""
    found: Names = {}
    for one in objects(value):
        code, said = language(one.get("language")), text(one.get("value"), most)
        if code and said and (kind is None or one.get("type") == kind):
            found.setdefault(code, said)
    return found


def several(*values: object, kind: str | None = None) -> dict[str, tuple[str, ...]]:
    """The same lists together, all of each language, each once."""
    found: dict[str, dict[str, None]] = {}
    for value in values:
        for one in objects(value):
            code, said = language(one.get("language")), text(one.get("value"), MOST_NAME)
            if code and said and (kind is None or one.get("type") in (None, kind)):
                found.setdefault(code, {})[said] = None
    return {code: tuple(said) for code, said in found.items()}


def by_language(value: object, most: int = MOST_TEXT) -> Names:
    """{"fi": ..., "sv": ...} without what is no text or no language."""
    return {
        language(code): text(said, most)
        for code, said in of(value).items()
        if language(code) and text(said, most)
    }


def without_nul(value: Any) -> Any:
    """The same without the character that Postgres can't keep."""
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, list):
        return [without_nul(one) for one in value]
    if isinstance(value, dict):
        return {without_nul(key): without_nul(one) for key, one in value.items()}
    return value


def once(values: Iterable[str]) -> tuple[str, ...]:
    """Without what is empty or there already, in their order."""
    return tuple(dict.fromkeys(value for value in values if value))
