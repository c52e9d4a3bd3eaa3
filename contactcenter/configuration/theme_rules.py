"""What a theme may hold: values in, problems out, each with the field it is about. Pure.

Colours stand in style sheets, so they are six figures and nothing else; whatever names a font or a
file is one of a list, or a digest.
"""

from __future__ import annotations

import math
import re

from contactcenter.configuration.contrast import ratio
from contactcenter.configuration.document import Names
from contactcenter.configuration.fields import LANGUAGE, Problems, wrong
from contactcenter.configuration.look import FIELDS, SCHEMES, short
from contactcenter.configuration.theme import Theme
from contactcenter.configuration.theme_files import DIGEST
from contactcenter.kernel.i18n import LANGUAGES

COLOUR = re.compile(r"#[0-9a-f]{6}", re.ASCII)
MOST_NAME = 100
OWN = "own"
# Fonts that are there already on most devices, by kind (modernfontstacks.com, CC0).
FONTS = {
    "system": "",
    "grotesque": 'Inter, Roboto, "Helvetica Neue", "Arial Nova", "Nimbus Sans", Arial, sans-serif',
    "humanist": 'Seravek, "Gill Sans Nova", Ubuntu, Calibri, "DejaVu Sans", sans-serif',
    "geometric": 'Avenir, Montserrat, Corbel, "URW Gothic", sans-serif',
    "rounded": 'ui-rounded, Quicksand, Comfortaa, "Arial Rounded MT", Calibri, sans-serif',
    "serif": '"Iowan Old Style", "Palatino Linotype", "URW Palladio L", P052, serif',
    OWN: "",
}


def theme(thing: Theme) -> Problems:
    """Everything that is wrong with it; contrast, where all colours can be read."""
    yield from _words(thing.name, "name")
    unread = list(_colours(thing))
    yield from unread or _contrast(thing)
    if thing.font not in FONTS:
        yield wrong("invalid_field", "font")
    for field in ("logo", "font_regular", "font_bold"):
        if getattr(thing, field) and not DIGEST.fullmatch(getattr(thing, field)):
            yield wrong("theme_file_gone", field)
    yield from _words(thing.logo_text, "logo_text")
    if thing.font == OWN and not thing.font_regular:
        yield wrong("theme_font_needed", "font_regular")


def _words(given: Names, field: str) -> Problems:
    """In each of our languages, or in none."""
    for language in LANGUAGES if given else ():
        if not given.get(language):
            yield wrong("theme_every_language", f"{field}.{language}")
    for language, text in given.items():
        if not LANGUAGE.fullmatch(language):
            yield wrong("invalid_language", field, language=language[:20])
        if not text.isprintable() or len(text) > MOST_NAME:
            yield wrong("invalid_text", f"{field}.{language}"[:50], most=MOST_NAME)


def _colours(thing: Theme) -> Problems:
    for scheme in SCHEMES:
        for name in FIELDS:
            value = getattr(getattr(thing, scheme), name)
            if value and not COLOUR.fullmatch(value):
                yield wrong("invalid_colour", f"{scheme}.{name}")


def _contrast(thing: Theme) -> Problems:
    """WCAG 2.2, 1.4.3 and 1.4.11."""
    for scheme, pair, nearest in short(thing):
        hundredths = math.floor(ratio(pair.one, pair.other) * 100)  # 4.499 is not yet 4.50
        yield wrong(
            f"contrast_{scheme}_{pair.name}",
            pair.field,
            one=pair.one,
            other=pair.other,
            whole=hundredths // 100,
            part=f"{hundredths % 100:02}",
            nearest=nearest or "\N{EN DASH}",
        )
