"""What a page looks like to everybody: axe-core, and one page in several sizes and themes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from itertools import product
from typing import Any, Literal

from playwright.async_api import Page

from contactcenter.configuration.theme import Colours
from contactcenter.configuration.theme import Theme as Worn
from contactcenter.web.look import style
from tests import axe
from tests.unit.test_theme import mended

Size = tuple[int, int]  # width and height of the window in CSS pixels
Theme = Literal["light", "dark"]
BOTH_THEMES: tuple[Theme, ...] = ("light", "dark")
# What watches the window's size is told of it in the next frame, and draws in the one after.
# Nothing of it could be one step lighter or darker.
EXTREME = mended(
    Worn(
        organisation="city",
        name={"fi": "Äärikaupunki", "sv": "Ytterstad", "en": "Edge City"},
        light=Colours(brand="#ffff00", accent="#ff00ff", background="#ffe0ff"),
        dark=Colours(brand="#00ff00", on_brand="#000000", accent="#ff0000", background="#ffffff"),
    )
)
_SETTLED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


async def violations(page: Page) -> list[Any]:
    """What axe-core finds on the page as it stands: rule, impact, the first three elements. It
    tries out inline styles, which a policy may forbid and the browser then reports."""
    found = await axe.violations(page)
    return [
        (one["id"], one["impact"], [node["html"] for node in one["nodes"]][:3]) for one in found
    ]


async def wear(page: Page, theme: Worn | None) -> None:
    """Put an organisation's theme over a page as it stands, or take it off: as its style sheet in
    the page would, without another load."""
    await page.evaluate(
        """async (text) => {
          document.adoptedStyleSheets = text ? [await new CSSStyleSheet().replace(text)] : [];
        }""",
        "" if theme is None else style(theme),
    )


async def in_every_look(
    page: Page,
    check: Callable[[], Awaitable[Any]],
    *,
    sizes: Iterable[Size] = (),
    themes: Iterable[Theme] = (),
) -> dict[str, Any]:
    """What a check finds wrong in each size and theme, by the look's name; `{}` where all is well.
    Nothing is loaded anew, which costs more than most checks: our pages watch both."""
    found = {}
    for size, theme in product(tuple(sizes) or (None,), tuple(themes) or (None,)):
        if size is not None:
            await page.set_viewport_size({"width": size[0], "height": size[1]})
        if theme is not None:
            await page.emulate_media(color_scheme=theme)
        await page.evaluate(_SETTLED)
        if wrong := await check():
            found[" ".join(str(one) for one in (size, theme) if one is not None)] = wrong
    return found
