"""An agent at the counter, in a real browser, with the keyboard alone."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, expect

from tests.flows.browsers import SLOW_MS, AgentPage, people, violations
from tests.flows.product import Product

pytestmark = pytest.mark.needs_package("chromium")
AINO = "aino@mikkeli.example"


async def test_a_visit_with_the_keyboard_alone(browser: Browser, product: Product) -> None:
    async with people(browser, product, AgentPage) as (aino,):
        page = aino.page
        await aino.sign_in(AINO)
        await page.keyboard.press("c")
        await page.keyboard.press("2")
        await expect(page.locator("dialog .error")).to_be_visible()  # still offline
        await page.keyboard.press("Escape")
        await aino.go_available()
        await page.keyboard.press("c")
        await page.keyboard.press("2")
        await expect(aino.box).to_be_focused()
        await page.keyboard.type("Kysyy pysäköintiluvasta.")
        await page.keyboard.press("Control+Enter")
        await expect(page.locator(".message-note[data-seq]")).to_be_visible()
        await page.keyboard.press("Escape")
        await page.keyboard.press("p")
        await page.keyboard.type("Ville Veikkonen")
        await page.keyboard.press("Tab")
        await page.keyboard.type("040 123 4567")
        await page.keyboard.press("Enter")
        await expect(page.locator("#case-title")).to_have_text("Ville Veikkonen")
        await expect(page.locator("#person-number")).to_have_value("+358401234567")
        assert await violations(page) == []
        await page.locator("#case-title").focus()
        await page.keyboard.press("h")
        await expect(page.locator(".case-head .timer-held")).to_be_visible()
        await product.kill()
        await expect(page.locator('[data-link="offline"]')).to_be_visible(timeout=SLOW_MS)
        await product.start()
        await expect(page.locator(".banner")).to_have_count(0, timeout=SLOW_MS)
        await page.keyboard.press("w")
        await page.keyboard.press("Space")
        await page.keyboard.press("Enter")
        await expect(page.locator(".contact")).to_have_count(0)
        await expect(page.locator(".recent")).to_contain_text("Ville Veikkonen")
        assert aino.troubles == []
    (contact,) = await product.export("contacts")
    assert (contact["channel"], contact["state"]) == ("visit", "closed")
    kinds = [event["kind"] for event in await product.export("events") if event["contact"]]
    assert [kind for kind in kinds if kind != "unheld"] == [
        "entered", "accepted", "held", "wrap_up", "closed",
    ]  # fmt: skip
    assert (await product.verify())["violations"] == []
