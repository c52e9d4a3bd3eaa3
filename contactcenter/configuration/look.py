"""What a theme comes to: its colours, light and dark, and which of them must differ how much. Pure.

An admin gives few colours; the others follow from them so that they have enough contrast wherever
those do. The house's own, which stay, are those of agent_ui/static/css/tokens.css.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Literal, NamedTuple

import msgspec

from contactcenter.configuration.contrast import (
    BLACK,
    PART,
    TEXT,
    WHITE,
    Colour,
    colour,
    mix,
    nearest,
    ratio,
)
from contactcenter.configuration.theme import Theme

Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
FIELDS = ("brand", "on_brand", "accent", "background")
HOUSE: Mapping[Scheme, Mapping[str, Colour]] = {
    "light": {
        "ground": colour("#eef1f4"),
        "surface": colour("#ffffff"),
        "raised": colour("#e9edf1"),
        "line_strong": colour("#74808b"),
        "text": colour("#182026"),
        "text_soft": colour("#4a5560"),
        "accent": colour("#005799"),
        "good": colour("#006250"),
        "warn": colour("#754600"),
        "bad": colour("#9b0e32"),
    },
    "dark": {
        "ground": colour("#101418"),
        "surface": colour("#191f25"),
        "raised": colour("#262e36"),
        "line_strong": colour("#8593a0"),
        "text": colour("#e9edf0"),
        "text_soft": colour("#b3bec8"),
        "accent": colour("#84c1f2"),
        "good": colour("#63d2b4"),
        "warn": colour("#ffcf70"),
        "bad": colour("#ff9fb0"),
    },
}
BRAND: Mapping[Scheme, Colour] = {"light": colour("#005799"), "dark": colour("#12304a")}
_SOFT = 0.14  # of the accent in a soft surface, at most
_STRONG = 0.3  # of the text in the accent under the pointer
_CLEAR = 7.0  # the ratio of an accent that nobody chose (WCAG 2.2, 1.4.6)


class Worn(NamedTuple):
    """The colours of one scheme. `ground` is what pages stand on; of the house's, `surface` are its
    fields and cards, `raised` what somebody else said."""

    brand: Colour
    on_brand: Colour
    accent: Colour
    on_accent: Colour
    accent_strong: Colour
    accent_soft: Colour
    ground: Colour


class Pair(NamedTuple):
    """Two colours that meet. `name`: where; `field`: which setting answers for it, and `one` is its
    colour; `least`: the ratio that they need."""

    name: Literal["brand", "surface", "background", "text", "line", "ring"]
    field: str
    one: Colour
    other: Colour
    least: float

    @property
    def passes(self) -> bool:
        """Whether they have it."""
        return ratio(self.one, self.other) >= self.least


def worn(theme: Theme, scheme: Scheme) -> Worn:
    """What is worn of a theme whose colours can be read."""
    house, given, light = HOUSE[scheme], getattr(theme, scheme), theme.light
    brand, on_brand = given.brand, given.on_brand
    if scheme == "dark" and not brand:
        brand, on_brand = light.brand, on_brand or light.on_brand
    ground = _or(given.background, house["ground"])
    accent = _or(given.accent, house["accent"])
    if scheme == "dark" and light.accent and not given.accent:
        accent = _follows(colour(light.accent), scheme, ground) or accent
    ruled = _or(brand, BRAND[scheme])
    return Worn(
        brand=ruled,
        on_brand=_or(on_brand, _on(ruled)),
        accent=accent,
        on_accent=house["surface"],
        accent_strong=mix(accent, house["text"], _STRONG),
        accent_soft=_soft(accent, house),
        ground=ground,
    )


def _or(given: str, other: Colour) -> Colour:
    return colour(given) if given else other


def _on(brand: Colour) -> Colour:
    """White wherever it can be read, else black, which then can."""
    return WHITE if ratio(WHITE, brand) >= TEXT else BLACK


def _follows(accent: Colour, scheme: Scheme, ground: Colour) -> Colour | None:
    """The accent of the light look as the dark one can have it."""
    raised = HOUSE[scheme]["raised"]
    return nearest(accent, lambda one: min(ratio(one, raised), ratio(one, ground)) >= _CLEAR)


def _soft(accent: Colour, house: Mapping[str, Colour]) -> Colour:
    """The surface with as much of the accent in it as leaves all that is written on it readable."""
    written = (accent, house["text"], house["text_soft"])
    for part in range(14, 0, -1):
        found = mix(house["surface"], accent, _SOFT * part / 14)
        if min(ratio(one, found) for one in written) >= TEXT:
            return found
    return house["surface"]


def pairs(theme: Theme, scheme: Scheme) -> list[Pair]:
    """Every pair that a setting answers for."""
    house, given, look = HOUSE[scheme], getattr(theme, scheme), worn(theme, scheme)
    accent, background = f"{scheme}.accent", f"{scheme}.background"
    whose = "light" if not (given.brand or given.on_brand) else scheme
    brand = f"{whose}.on_brand" if getattr(theme, whose).on_brand else f"{whose}.brand"
    return [
        Pair("brand", brand, look.on_brand, look.brand, TEXT),
        *(Pair("text", background, look.ground, house[name], TEXT) for name in _WRITTEN),
        Pair("line", background, look.ground, house["line_strong"], PART),
        Pair("surface", accent, look.accent, house["raised"], TEXT),
        Pair("background", accent, look.accent, look.ground, TEXT),
        Pair("ring", accent, look.accent, look.ground, PART),
    ]


_WRITTEN = ("text", "text_soft", "good", "warn", "bad")


class Short(NamedTuple):
    """A pair without enough contrast, and the colour nearest to the field's that has it in all
    pairs; None: none has."""

    scheme: Scheme
    pair: Pair
    nearest: Colour | None


def short(theme: Theme) -> Iterator[Short]:
    """What can't be read: of each field its worst pair. What stands on a colour that is to change
    is judged on what that should be."""
    for scheme in SCHEMES:
        for name in ("background", "on_brand", "accent"):
            field = f"{scheme}.{name}"
            mine = [pair for pair in pairs(theme, scheme) if pair.field == field]
            if all(pair.passes for pair in mine):
                continue
            worst = min(mine, key=lambda one: ratio(one.one, one.other) / one.least)
            found = nearest(worst.one, partial(_passes, mine))
            yield Short(scheme, worst, found)
            if found is not None:
                theme = _with(theme, scheme, name, found)


def _passes(mine: list[Pair], tried: Colour) -> bool:
    return all(pair._replace(one=tried).passes for pair in mine)


def _with(theme: Theme, scheme: Scheme, name: str, value: Colour) -> Theme:
    given = msgspec.structs.replace(getattr(theme, scheme), **{name: str(value)})
    return msgspec.structs.replace(theme, **{scheme: given})
