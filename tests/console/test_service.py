"""Which service a case is about: suggested beside it, confirmed by one key, changed, found."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.console.conftest import Stage
from tests.console.fake_centre import Frame
from tests.console.test_access import wrong

pytestmark = pytest.mark.needs_package("chromium")


async def test_a_service_is_confirmed_by_one_key_and_changed(stage: Stage, card: Frame) -> None:
    page, said = stage.page, stage.centre.services
    await stage.open(card)
    part = page.locator(".service-part")
    await expect(part.locator("[data-service]")).to_have_count(2)
    assert said == {}
    await page.keyboard.press("6")
    await expect(part.locator(".case-service")).to_have_text("Lumityöt")
    await expect(page.locator("#announcer")).to_have_text("Palvelu on merkitty.")
    assert said == {card["case"]: 2}
    assert await wrong(stage) == {}
    await part.locator('[data-act="unsay-service"]').press("Enter")
    await expect(part.locator("[data-service]")).to_have_count(2)
    await page.locator("#service-find").fill("lumi")
    await page.keyboard.press("Enter")
    await expect(part.locator("[data-service]")).to_have_count(1)
    await part.locator("[data-service]").press("Enter")
    await expect(part.locator(".case-service")).to_have_text("Lumityöt")
    assert said == {card["case"]: 2}
    # The area beside it: suggested by a postal code, chosen from a list, taken back.
    areas = stage.centre.areas
    await page.locator('[data-act="suggested-area"]').press("Enter")
    await expect(page.locator("#announcer")).to_have_text("Alue on merkitty.")
    await expect(page.locator("#area")).to_have_value("islands")
    async with page.expect_response("**/area"):
        await page.locator("#area").select_option(label="Keskusta")
    await expect(page.locator("#area")).to_have_value("centre")
    assert areas == {card["case"]: "centre"}
    await page.locator("#area").select_option(value="")
    await expect(page.locator("#announcer")).to_have_text("Aluetta ei ole merkitty.")
    assert areas == {card["case"]: None}
    await page.set_viewport_size({"width": 320, "height": 640})
    await page.locator("#panel-toggle").press("Enter")
    await expect(part).to_be_visible()
    assert await wrong(stage) == {}
    assert await page.evaluate("document.documentElement.scrollWidth") <= 320
