"""The one catalogue of texts: what people see on pages, in errors and in mails of the house.

A missing text shows its key between brackets, so that it is seen and never an empty space.
Placeholders are plain words in braces; nothing else in a text or a value is ever evaluated.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from pathlib import Path

import msgspec

from contactcenter.errors import Refused

LANGUAGES = ("fi", "sv", "en")  # the first is what a person gets who asked for none of them
LOCALES = Path(__file__).resolve().parents[2] / "agent_ui" / "locales"
_RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})
PLACEHOLDER = re.compile(r"\{(\w+)\}")
# Where no line of a page ends: after the hyphen of e-post, the dash of a span, and before a unit.
_HYPHEN = re.compile(r"(?<=\b[Ee]-)(?=\w)|(?<=[\d}]\N{EN DASH})(?=[\d{])")
_UNIT = re.compile(
    r"(?<=[\d}]) (?=(?:min|tun|tim|sek|sec|hour|day|dag|dygn|päiv|vuorok|[MkG][Bt]|[sht]\b|%))"
)


class Catalogue:
    """Texts by language and key."""

    def __init__(self, texts: Mapping[str, Mapping[str, str]]) -> None:
        self._texts = texts

    @classmethod
    def load(cls, folder: Path = LOCALES) -> Catalogue:
        """Read one flat JSON object for each language."""
        return cls(
            {
                language: json.loads((folder / f"{language}.json").read_text(encoding="utf-8"))
                for language in LANGUAGES
            }
        )

    def on_pages(self) -> Catalogue:
        """The same with words and figures that stay whole on a narrow screen. Mails do without: not
        every program that shows them knows such characters."""
        return Catalogue(
            {
                language: {key: _unbroken(text) for key, text in texts.items()}
                for language, texts in self._texts.items()
            }
        )

    def texts(self, language: str) -> Mapping[str, str]:
        """All texts of a language."""
        return self._texts[language]

    def has(self, key: str) -> bool:
        """Whether any language has the text."""
        return any(key in texts for texts in self._texts.values())

    def t(self, language: str, key: str, /, **params: object) -> str:
        """The text in the language, else in any, with its placeholders filled."""
        for choice in (language, *LANGUAGES):
            text = self._texts.get(choice, {}).get(key)
            if text is not None:
                return fill(text, params)
        return f"⟦{key}⟧"

    def refusal(self, language: str, no: Refused) -> str:
        """What a person is told who was refused: the finer text where there is one."""
        params = dict(no.params)
        if no.retry_after_s is not None:
            params["seconds"] = math.ceil(no.retry_after_s)
        fine = f"error.{no.detail}"
        return self.t(language, fine if self.has(fine) else f"error.{no.code}", **params)


def _unbroken(text: str) -> str:
    return _UNIT.sub("\N{NO-BREAK SPACE}", _HYPHEN.sub("\N{WORD JOINER}", text))


def direction(language: str) -> str:
    """In which direction a language is written, as HTML's `dir` says it."""
    return "rtl" if language in _RIGHT_TO_LEFT else "ltr"


def fill(text: str, params: Mapping[str, object]) -> str:
    """Put values in the place of `{word}`; a word without a value stays as it is."""
    return PLACEHOLDER.sub(lambda m: str(params[m[1]]) if m[1] in params else m[0], text)


def names_of(encoded: str | None) -> dict[str, str]:
    """The names by language of a jsonb column; none of null."""
    return msgspec.json.decode(encoded or "{}", type=dict[str, str])


def pick(names: Mapping[str, str], language: str) -> str:
    """The name in the language out of names that an admin gave per language."""
    for choice in (language, *LANGUAGES):
        if names.get(choice):
            return names[choice]
    return next(iter(names.values()), "")


def accepted(header: str) -> str | None:
    """The best of our languages in an Accept-Language header (RFC 9110, 12.5.4); None where it
    names none of them."""
    best, weight = None, 0.0
    for item in header[:500].split(","):
        tag, _, quality = item.partition(";")
        language = tag.strip().lower().partition("-")[0]
        try:
            q = float(quality.strip().removeprefix("q=")) if quality.strip() else 1.0
        except ValueError:
            continue
        if language in LANGUAGES and weight < q <= 1:
            best, weight = language, q
    return best
