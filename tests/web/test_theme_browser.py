"""Themes in a real browser: what is permitted can be read on every citizens' page, light and dark,
and nothing of it is stopped by the policy."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from playwright.async_api import Browser

from contactcenter import demo
from contactcenter.configuration import themes
from contactcenter.configuration.filing import load
from contactcenter.configuration.theme import Theme
from contactcenter.configuration.themes import Dresses
from tests import axe
from tests.looks import BOTH_THEMES, EXTREME, in_every_look
from tests.web.city import open_city
from tests.web.edge import Edge
from tests.web.test_theme import PAGES

pytestmark = [pytest.mark.needs_package("chromium"), pytest.mark.accessibility]


def _demo() -> Theme:
    made = demo.city()
    del made["password"]
    (theme,) = load(made).theme
    return msgspec.structs.replace(theme, organisation="city", logo="")


@pytest.mark.parametrize("theme", [_demo(), EXTREME], ids=["demo", "extreme"])
async def test_every_page_can_be_read_in_it(
    browser: Browser, edge: Edge, redis_url: str, theme: Theme
) -> None:
    edge.services.dresses = Dresses(edge.services.db)
    await open_city(edge, redis_url)
    async with edge.services.db.transaction() as conn:
        await themes.put(conn, edge.organisations["city"], theme, {})
    page = await browser.new_page(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    stopped: list[str] = []
    page.on("console", lambda said: stopped.append(said.text) if "Policy" in said.text else None)

    async def violations() -> Any:
        return [(one["id"], one["nodes"][0]["html"]) for one in await axe.violations(page)]

    for path in PAGES:
        stopped.clear()  # what axe-core tried on the page before
        await page.goto(f"{edge.url}{path}&lang=fi")
        if path.startswith("/chat"):
            await page.wait_for_selector(".head")
        for summary in await page.locator("summary").all():
            await summary.click()
        brand = await page.evaluate(
            "getComputedStyle(document.querySelector('.branded, .head')).backgroundColor"
        )
        assert brand == _rgb(theme.light.brand), path
        ground = await page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert ground == _rgb(theme.light.background), path
        assert stopped == [], path
        assert await in_every_look(page, violations, themes=BOTH_THEMES) == {}, path
        await page.emulate_media(color_scheme="light")
    await page.close()


def _rgb(text: str) -> str:
    return f"rgb({', '.join(str(part) for part in bytes.fromhex(text[1:]))})"
