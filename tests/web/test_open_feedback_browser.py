"""The feedback form in a real browser: by keyboard alone without script, and its map."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.async_api import Browser, Route, expect

from tests.unit.test_theme_files import png
from tests.web.edge import Edge
from tests.web.said import open_said

pytestmark = [pytest.mark.needs_package("chromium"), pytest.mark.accessibility]


async def test_by_keyboard_alone_and_without_script(
    browser: Browser, edge: Edge, redis_url: str
) -> None:
    _, service, _ = await open_said(edge, redis_url)
    context = await browser.new_context(java_script_enabled=False, locale="fi-FI")
    page = await context.new_page()
    keys = page.keyboard
    await page.goto(f"{edge.url}/contact")
    link = page.locator("footer a", has_text="Anna palautetta")
    await link.focus()
    await keys.press("Enter")
    await page.focus("#kind")
    for key in ("ArrowDown", "ArrowDown", "Tab", "Tab"):  # a question; past about
        await keys.press(key)
    await expect(page.locator("#service")).to_be_focused()
    await keys.type("Katu")
    await keys.press("Tab")
    await keys.type("Miksi on pimeää?")
    await keys.press("Tab")
    await keys.type("Hallituskatu")
    await keys.press("Enter")
    await page.wait_for_url("**/give-feedback/*new=1*")
    await expect(page.locator(".promise")).to_have_text("Vastaanotettu")
    (row,) = await edge.rows("SELECT kind, service_id, place FROM open_feedback")
    assert tuple(row) == ("question", service, "Hallituskatu")
    await context.close()


async def test_a_place_is_chosen_on_the_map_by_keys_and_by_a_click(
    browser: Browser, edge: Edge, redis_url: str
) -> None:
    await open_said(edge, redis_url)
    tiles = "https://tiles.example/{z}/{x}/{y}.png"
    edge.services.settings = replace(edge.services.settings, map_tiles=tiles)
    context = await browser.new_context(viewport={"width": 320, "height": 800})
    page = await context.new_page()
    asked: list[str] = []
    said: list[str] = []

    async def tile(route: Route) -> None:
        asked.append(route.request.headers.get("referer", ""))
        await route.fulfill(body=png(), content_type="image/png")

    await page.route("https://tiles.example/**", tile)
    page.on("console", lambda one: said.append(one.text))
    await page.goto(f"{edge.url}/give-feedback?lang=en")
    view, place = page.locator(".map-view"), page.locator("#place")
    await expect(view.locator("img").first).to_be_attached()
    await view.focus()
    await page.keyboard.press("Enter")
    await expect(place).to_have_value("61.6886, 27.2726")
    for key in ("+", "ArrowRight", "ArrowDown", "Enter"):
        await page.keyboard.press(key)
    lat, long = map(float, (await place.input_value()).split(", "))
    assert (61.68 < lat < 61.6886, 27.2726 < long < 27.29) == (True, True)
    await expect(page.locator(".map [role=status]")).to_contain_text("Place chosen:")
    assert page.url.endswith("?lang=en")  # Enter did not send the form
    box = await view.bounding_box()
    assert box is not None
    await page.mouse.click(box["x"] + 20, box["y"] + 20)
    await expect(place).not_to_have_value(f"{lat}, {long}")
    assert await page.evaluate("document.documentElement.scrollWidth") <= 320
    assert set(asked) == {""}
    assert said == []
    await context.close()
