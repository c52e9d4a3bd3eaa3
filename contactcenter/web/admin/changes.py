"""Before and after as people read them: a line for each value, under a name, without braces."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

from contactcenter.kernel.i18n import Catalogue

_NONE = "\N{EN DASH}"
_MOST = 300  # characters of one value that are shown
# Values that are words of ours, by their names: where their texts stand.
_WORDS = {"state": "console.case_state", "aside": "aside.why"}


class Changed(NamedTuple):
    """One value, as it was and as it became; None: it was not there."""

    label: str
    before: str | None
    after: str | None


def changes(
    catalogue: Catalogue, language: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> list[Changed]:
    """The values that differ, in order."""
    closed = catalogue.t(language, "queues.closed")
    was, became = _flat(before, closed), _flat(after, closed)
    return [
        Changed(
            label(catalogue, language, name),
            _in_words(catalogue, language, name, was.get(name)),
            _in_words(catalogue, language, name, became.get(name)),
        )
        for name in dict.fromkeys([*was, *became])
        if was.get(name) != became.get(name)
    ]


def _in_words(catalogue: Catalogue, language: str, name: str, value: str | None) -> str | None:
    key = f"{_WORDS.get(name, '')}.{value}"
    return catalogue.t(language, key) if catalogue.has(key) else value


def label(catalogue: Catalogue, language: str, name: str) -> str:
    """What a value is called: "Name (Finnish)", "Monday"; its own name where there is no text."""
    if catalogue.has(f"field.{name}"):
        return catalogue.t(language, f"field.{name}")
    base, _, last = name.rpartition(".")
    if catalogue.has(f"language.{last}") and catalogue.has(f"field.{base}"):
        own = catalogue.t(language, f"field.{base}")
        return f"{own} ({catalogue.t(language, f'language.{last}')})"
    if base == "hours.weekly" and catalogue.has(f"weekday.{last}"):
        return catalogue.t(language, f"weekday.{last}")
    return last if base == "hours.exceptions" else name


def _flat(value: Mapping[str, Any], closed: str, prefix: str = "") -> dict[str, str]:
    """Nested values by their path; a day without hours is `closed`."""
    found: dict[str, str] = {}
    for name, inner in value.items():
        path = f"{prefix}{name}"
        if isinstance(inner, Mapping):
            found |= _flat(inner, closed, f"{path}.")
        elif path.startswith("hours.") and not inner:
            found[path] = closed
        else:
            found[path] = _text(inner)[:_MOST]
    return found


def _text(value: Any) -> str:
    match value:
        case [str() as opens, str() as closes] if _is_time(opens) and _is_time(closes):
            return f"{opens}-{closes}"
        case [*items]:
            return ", ".join(map(_text, items)) or _NONE
        case Mapping():
            return " ".join(map(_text, value.values()))
        case None | "":
            return _NONE
        case bool():
            return "\N{CHECK MARK}" if value else "\N{BALLOT X}"
        case str():
            return value
        case _:
            return msgspec.json.encode(value).decode()


def _is_time(text: str) -> bool:
    return len(text) == 5 and text[2] == ":"
