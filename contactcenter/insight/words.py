"""Numbers, days and names as each language writes them. Pure but for the catalogue of texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from contactcenter.insight.months import Month
from contactcenter.insight.reading import UNCLASSIFIED, Named
from contactcenter.insight.views import UNSTATED
from contactcenter.kernel.i18n import Catalogue, pick

NONE = "\N{EN DASH}"  # there is nothing to make a figure of
_NARROW = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True)
class Words:
    """The words of one language."""

    texts: Catalogue
    language: str

    def t(self, key: str, **params: object) -> str:
        """A text of the catalogue, `insight.` being left out."""
        return self.texts.t(self.language, f"insight.{key}", **params)

    def has(self, key: str) -> bool:
        """Whether the catalogue has such a text."""
        return self.texts.has(f"insight.{key}")

    def number(self, n: float) -> str:
        """1 234 or 1,234: whole ones, by thousands (SFS 4175 for Finnish and Swedish)."""
        return f"{round(n):,}".replace(",", "," if self.language == "en" else _NARROW)

    def decimal(self, n: float, places: int = 1) -> str:
        """4,2 or 4.2."""
        text = f"{n:.{places}f}"
        return text if self.language == "en" else text.replace(".", ",")

    def percent(self, share: float | None) -> str:
        """12 % or 12%; < 1 % where it is small but not none; a dash where there is nothing to be a
        share of."""
        if share is None:
            return NONE
        whole = round(100 * share)
        number = f"<{_NARROW}1" if share > 0 and whole == 0 else whole
        return f"{number}{'' if self.language == 'en' else _NARROW}%"

    def day(self, on: date) -> str:
        """22.11.2026, or 22 November 2026."""
        if self.language == "en":
            return f"{on.day} {self.month_name(on.month)} {on.year}"
        return f"{on.day}.{on.month}.{on.year}"

    def month_name(self, month: int) -> str:
        """As it stands alone: marraskuu."""
        return self.t(f"month.{month}")

    def month(self, month: Month) -> str:
        """marraskuu 2026."""
        return f"{self.month_name(month.month)} {month.year}"

    def week(self, monday: date) -> str:
        """vk 47."""
        return self.t("week", n=monday.isocalendar().week)

    def service(self, word: str, services: Mapping[str, Named]) -> str:
        """A service's name, and that the catalogue has it no more."""
        if word == UNCLASSIFIED:
            return self.t("unclassified")
        named = services.get(word)
        if named is None:
            return self.t("unknown_service")
        name = pick(named.name, self.language)
        return self.t("removed", name=name) if named.removed else name

    def reason(self, part: str, reasons: Mapping[str, Mapping[str, str]]) -> str:
        """What a reason was called when it was said."""
        if not part:
            return self.t("unsaid")
        names = reasons.get(part)
        return pick(names, self.language) if names else part.partition("@")[0]

    def area(self, word: str, areas: Mapping[str, Named]) -> str:
        """An area's name; those of whom nobody stated it."""
        if word == UNSTATED:
            return self.t("unstated")
        return pick(areas[word].name, self.language) if word in areas else word

    def channel(self, word: str) -> str:
        """A channel's name."""
        return self.texts.t(self.language, f"channel.{word}")

    def spoken(self, word: str) -> str:
        """A language's name, where the catalogue has it; else its code."""
        key = f"language.{word}"
        return self.texts.t(self.language, key) if self.texts.has(key) else word
