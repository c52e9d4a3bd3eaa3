"""The page of what-ifs in a real browser: axe-core, narrow windows, the keyboard, cancelling."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.async_api import Browser, Page, Route, expect

from tests.looks import violations
from tests.web.edge import PASSWORD, SUPERVISOR, Edge
from tests.web.test_admin_queues import added
from tests.web.test_settings_look import _sideways
from tests.web.whatif_past import past

pytestmark = pytest.mark.needs_package("chromium")

# How many columns of the plot of waits hold the colour of the line with the change.
DRAWN = """() => {
  const colour = getComputedStyle(document.querySelector(".tint-after")).color.match(/\\d+/g);
  const canvas = document.querySelectorAll(".plot canvas")[1];
  const { data, width } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  const columns = new Set();
  for (let at = 0; at < data.length; at += 4)
    if (colour.every((part, n) => Number(part) === data[at + n])) columns.add((at / 4) % width);
  return columns.size;
}"""


@pytest.fixture
def size() -> tuple[int, int]:
    """Width and height of the window in CSS pixels."""
    return 1280, 900


@pytest.fixture
async def day(edge: Edge) -> date:
    """Of which something is known."""
    await added(edge)
    return await past(edge)


@pytest.fixture
async def page(
    browser: Browser, edge: Edge, day: date, size: tuple[int, int]
) -> AsyncIterator[Page]:
    """A supervisor's browser."""
    assert day
    page = await browser.new_page(viewport={"width": size[0], "height": size[1]})
    page.set_default_timeout(30_000)
    await page.goto(f"{edge.url}/login?lang=fi")
    await page.fill("#email", SUPERVISOR)
    await page.fill("#password", PASSWORD)
    await page.press("#password", "Enter")
    await page.wait_for_url("**/board*")
    yield page
    await page.unroute_all(behavior="ignoreErrors")  # a route may still be on its way
    await page.close()


async def opened(page: Page, edge: Edge, day: date, language: str) -> None:
    await page.goto(f"{edge.url}/whatif?lang={language}")
    await page.fill("#day", day.isoformat())
    await page.evaluate("document.fonts.ready")


async def answered(page: Page) -> None:
    """With its plots drawn."""
    await page.locator("#ask").press("Enter")
    await expect(page.locator("#figures-title")).to_be_focused(timeout=60_000)
    await expect(page.locator(".plot canvas")).to_have_count(2)


@pytest.mark.parametrize(
    ("size", "theme", "language"),
    [((1280, 900), "light", "fi"), ((1280, 900), "dark", "sv"), ((320, 640), "dark", "en")],
)
async def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    edge: Edge, page: Page, day: date, theme: Any, language: str
) -> None:
    await page.emulate_media(color_scheme=theme)
    await opened(page, edge, day, language)
    assert not await _sideways(page)
    await answered(page)
    assert not await _sideways(page)
    text = await page.inner_text("main")
    for stem in ("whatif.", "undefined", "NaN", "null"):
        assert stem not in text
    assert await violations(page) == []


async def test_the_numbers_stand_in_tables_beside_the_plots(
    edge: Edge, page: Page, day: date
) -> None:
    await opened(page, edge, day, "en")
    await answered(page)
    figures = page.get_by_role("region", name="Figures")
    await expect(figures.get_by_role("row")).to_have_count(6)
    hours = page.get_by_role("region", name="By half hour")
    row = hours.get_by_role("row").filter(has=page.get_by_role("rowheader", name="09:00"))
    await expect(row.get_by_role("cell").first).to_have_text("29")
    plots = page.get_by_role("img")
    await expect(plots.first).to_have_attribute(
        "aria-label", "Service level by half hour. The same numbers stand in the table below."
    )


async def test_it_is_cancelled_and_asked_again(edge: Edge, page: Page, day: date) -> None:
    await opened(page, edge, day, "en")

    async def nothing_comes(route: Route) -> None:
        assert route.request.method == "POST"

    await page.route("**/api/whatif*", nothing_comes)
    await page.locator("#ask").press("Enter")
    await expect(page.locator("#said")).to_have_text("Working…")
    await page.get_by_role("button", name="Cancel").press("Enter")
    await expect(page.locator("#said")).to_have_text("Cancelled")
    await expect(page.locator("#ask")).to_be_focused()
    await page.unroute("**/api/whatif*")
    await answered(page)


async def test_what_is_refused_is_said(edge: Edge, page: Page, day: date) -> None:
    await opened(page, edge, day, "en")
    await page.fill("#agents", "-5")
    await page.locator("#ask").press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("No more can be taken away")
    await expect(page.locator("#agents")).to_be_focused()
    await expect(page.locator("#agents")).to_have_attribute("aria-invalid", "true")
    await expect(page.locator("#progress")).to_be_hidden()
    await page.fill("#agents", "1")
    await answered(page)
    assert await page.locator("[aria-invalid]").count() == 0


async def test_where_little_is_left_it_is_drawn_and_tomorrow_offered(
    edge: Edge, page: Page, day: date
) -> None:
    await opened(page, edge, day, "sv")

    async def last_half_hour(route: Route) -> None:
        got = await route.fetch()
        if not got.ok:  # tomorrow, of which nothing is known
            await route.fulfill(response=got)
            return
        *told, last = (await got.text()).splitlines()
        answer = json.loads(last)["answer"]
        kept = next(slot for slot in answer["intervals"] if slot["after"]["asa_s"])
        answer |= {"when": "today", "intervals": [kept]}
        await route.fulfill(body="\n".join([*told, json.dumps({"answer": answer})]) + "\n")

    await page.route("**/api/whatif*", last_half_hour)
    await answered(page)
    assert await page.evaluate(DRAWN) > 100  # a line over the whole width, not a point
    await expect(page.get_by_role("region", name="Nyckeltal")).to_contain_text("procentenhet")
    await page.get_by_role("button", name="Räkna ut morgondagen").press("Enter")
    assert await page.input_value("#day") == (day + timedelta(days=1)).isoformat()
