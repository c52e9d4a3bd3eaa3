"""Answers to write from: put where the cursor is, in the contact's language or with a warning."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.console.conftest import Stage
from tests.console.fake_centre import Centre, Frame, ago
from tests.console.test_access import violations

pytestmark = pytest.mark.needs_package("chromium")
NARROW = (320, 640)


@pytest.fixture
def swede(centre: Centre) -> Frame:
    """A mail in Swedish."""
    card = centre.contact("Maja Svensson", "Parkering", mine=True, language="sv")
    centre.message(card, "inbound", "Hej!", at=ago(900), subject="Parkering")
    return card


async def test_a_template_goes_where_the_cursor_is(stage: Stage, card: Frame) -> None:
    await stage.open(card)
    text = stage.page.locator("#composer-text")
    await text.fill("Hei Maija! Terveisin Aino")
    await text.evaluate("(box) => box.setSelectionRange(11, 11)")
    menu = stage.page.locator('[data-menu="templates"]')
    await menu.focus()
    await stage.page.keyboard.press("Enter")
    await expect(stage.page.get_by_role("menuitem")).to_have_count(2)  # the partner's is not there
    await stage.page.keyboard.press("Enter")
    await expect(text).to_have_value("Hei Maija! Kiitos viestistäsi.Terveisin Aino")
    await expect(text).to_be_focused()
    await expect(stage.page.locator("#borrowed")).to_have_count(0)


async def test_a_missing_language_is_warned_of_until_the_reply_is_gone(
    stage: Stage, swede: Frame
) -> None:
    await stage.open(swede)
    await stage.page.click('[data-menu="templates"]')
    items = stage.page.get_by_role("menuitem")
    await expect(items.nth(0)).not_to_contain_text("puuttuu")
    await expect(items.nth(1)).to_contain_text("puuttuu kielellä ruotsi")
    assert await violations(stage) == []
    await items.nth(1).click()
    await expect(stage.page.locator("#borrowed")).to_contain_text("suomi")
    assert await violations(stage) == []
    await stage.page.keyboard.press("Control+Enter")
    await expect(stage.page.locator("#borrowed")).to_have_count(0)
    (sent,) = await stage.hears("reply")
    assert sent["text"] == "Olemme auki arkisin."
    await stage.page.click('[data-menu="templates"]')
    await items.nth(0).click()
    await expect(stage.page.locator("#composer-text")).to_have_value("Tack för ditt meddelande.")
    await expect(stage.page.locator("#borrowed")).to_have_count(0)


async def test_a_slash_lists_templates_and_enter_puts_one_in(stage: Stage, card: Frame) -> None:
    page, text = stage.page, stage.page.locator("#composer-text")
    await stage.open(card)
    await text.fill("")
    await text.press_sequentially("Hei! /")
    options = page.locator(".slash [role=option]")
    await expect(options).to_have_count(2)  # the partner's is not there
    await expect(text).to_have_attribute("aria-activedescendant", "slash-0")
    assert await violations(stage) == []
    await page.keyboard.press("ArrowDown")
    await expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    await page.keyboard.press("Escape")
    await expect(options).to_have_count(0)
    await expect(text).to_be_focused()
    await page.keyboard.type("auk")
    await expect(options).to_have_text(["Aukioloajat Olemme auki arkisin."])
    await page.keyboard.press("Enter")
    await expect(text).to_have_value("Hei! Olemme auki arkisin.")
    await expect(text).to_be_focused()
    assert stage.heard("reply") == []


async def test_a_note_is_written_from_nothing(stage: Stage, card: Frame) -> None:
    await stage.open(card)
    await stage.page.click("#tab-note")
    await expect(stage.page.locator('[data-menu="templates"]')).to_have_count(0)


@pytest.mark.parametrize("size", [NARROW])
async def test_the_menu_fits_a_narrow_window(stage: Stage, swede: Frame) -> None:
    await stage.open(swede)
    await stage.page.click('[data-menu="templates"]')
    box = await stage.page.locator(".composer-foot .menu-list").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= NARROW[0]
    assert await stage.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
