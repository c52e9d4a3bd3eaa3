"""What citizens' pages wear: whose they are, and that organisation's theme.

The style sheet of a theme stands in the page itself, and the policy lets it pass by its hash: a
change is seen at once, and nothing more is fetched before the page is drawn. Nothing in it was
typed: colours are six figures, all else is one of our own lists or a digest.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from aiohttp import web
from markupsafe import Markup

from contactcenter.configuration.look import SCHEMES, Worn, worn
from contactcenter.configuration.theme import Theme
from contactcenter.configuration.theme_files import EXTENSIONS
from contactcenter.configuration.theme_rules import FONTS, OWN
from contactcenter.configuration.themes import Dress
from contactcenter.web.services import services_of

_BRAND = {"brand": "brand", "on-brand": "on_brand"}
_ACCENT = {
    "accent": "accent",
    "accent-strong": "accent_strong",
    "accent-soft": "accent_soft",
    "on-accent": "on_accent",
    "focus": "accent",
    "mine": "accent_soft",
}
_GROUND = {"ground": "ground"}
_OWN_FONT = '"Own", system-ui, sans-serif'


class Whose(NamedTuple):
    """Whose page it is, by key: of an organisation, or of the one that has a queue; of the house's
    first without either."""

    organisation: str | None = None
    queue: str | None = None


class Logo(NamedTuple):
    """Where it is, how large in pixels, and what stands for it by language; with no text it stands
    beside the name."""

    url: str
    width: int
    height: int
    text: Mapping[str, str]


class Look(NamedTuple):
    """A theme as a page has it. `brand` and `on_brand`: colours of the light look."""

    name: Mapping[str, str]
    logo: Logo | None
    style: str
    brand: str
    on_brand: str

    @property
    def sheet(self) -> Markup:
        """The style sheet as a page holds it."""
        return Markup(self.style)  # noqa: S704  our own words and figures

    @property
    def source(self) -> str:
        """What lets it pass a policy."""
        digest = hashlib.sha256(self.style.encode()).digest()
        return f"'sha256-{base64.b64encode(digest).decode()}'"

    def allowed(self, policy: str) -> str:
        """The policy, with it."""
        return policy.replace("style-src 'self'", f"style-src 'self' {self.source}")


async def look_of(request: web.Request, whose: Whose) -> Look | None:
    """What the page wears; None: the house's own look."""
    dresses = services_of(request).dresses
    return None if dresses is None else dressed(await dresses.of(*whose))


def last_look(request: web.Request) -> Look | None:
    """The house's, as it was last known: for pages that ask no database."""
    dresses = services_of(request).dresses
    return None if dresses is None else dressed(dresses.last)


def dressed(dress: Dress | None) -> Look | None:
    """A theme as a page has it."""
    if dress is None:
        return None
    theme, light = dress.theme, worn(dress.theme, "light")
    logo = None
    if theme.logo and dress.media_type is not None:
        url = f"/theme/{theme.organisation}/{theme.logo}.{EXTENSIONS[dress.media_type]}"
        logo = Logo(url, dress.width or 0, dress.height or 0, theme.logo_text)
    return Look(theme.name, logo, style(theme), str(light.brand), str(light.on_brand))


def style(theme: Theme) -> str:
    """Its style sheet: only what differs from the house's."""
    return "\n".join(_rules(theme))


def _rules(theme: Theme) -> Iterator[str]:
    family = FONTS[theme.font]
    if theme.font == OWN:
        family = _OWN_FONT
        for digest, weight in ((theme.font_regular, 400), (theme.font_bold, 700)):
            if digest:
                url = f"/theme/{theme.organisation}/{digest}.woff2"
                yield (
                    f'@font-face{{font-family:"Own";font-weight:{weight};font-display:swap;'
                    f'src:url("{url}") format("woff2")}}'
                )
    if family:
        yield f":root{{--sans:{family}}}"
    # A logo stands on it, so with one it is there on every page.
    if brand := _pairs(theme, _BRAND, ("brand", "on_brand"), always=bool(theme.logo)):
        yield f":root{{{brand}}}"
    chosen = _pairs(theme, _ACCENT, ("accent",)) + _pairs(theme, _GROUND, ("background",))
    if chosen:  # who asks for more contrast gets the house's own, which have it
        yield f"@media not (prefers-contrast:more){{:root{{{chosen}}}}}"


def _pairs(
    theme: Theme, names: Mapping[str, str], fields: tuple[str, ...], *, always: bool = False
) -> str:
    """The variables of a group, light and dark; "" where none of its fields was chosen."""
    chosen = (getattr(getattr(theme, scheme), field) for scheme in SCHEMES for field in fields)
    if not always and not any(chosen):
        return ""
    light, dark = worn(theme, "light"), worn(theme, "dark")
    return "".join(_variable(name, light, dark, part) for name, part in names.items())


def _variable(name: str, light: Worn, dark: Worn, part: str) -> str:
    return f"--{name}:light-dark({getattr(light, part)},{getattr(dark, part)});"
