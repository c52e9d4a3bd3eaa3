"""Contrast of colours as WCAG 2.2 counts it, and the nearest colour that has enough. Pure."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

TEXT, PART = 4.5, 3.0  # least ratios: of text (1.4.3), of parts of controls and rings (1.4.11)


class Colour(NamedTuple):
    """Red, green and blue, 0 to 255 each."""

    red: int
    green: int
    blue: int

    def __str__(self) -> str:
        return f"#{self.red:02x}{self.green:02x}{self.blue:02x}"


BLACK, WHITE = Colour(0, 0, 0), Colour(255, 255, 255)


def colour(text: str) -> Colour:
    """Of "#rrggbb"."""
    red, green, blue = bytes.fromhex(text.removeprefix("#"))
    return Colour(red, green, blue)


@lru_cache(maxsize=4096)
def luminance(of: Colour) -> float:
    """Relative luminance, 0 (black) to 1 (white)."""
    red, green, blue = (_linear(part / 255) for part in of)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return float(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)


def ratio(one: Colour, other: Colour) -> float:
    """Contrast ratio, 1 to 21, in either order."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """`one` with a share (0 to 1) of the other in it."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return Colour(red, green, blue)


def nearest(of: Colour, passes: Callable[[Colour], bool]) -> Colour | None:
    """The colour itself where it passes, else with as little black or white in it as it takes, so
    that it stays the same colour to the eye; None where neither helps."""
    for step in range(256):
        for pole in (BLACK, WHITE):
            found = mix(of, pole, step / 255)
            if passes(found):
                return found
    return None
