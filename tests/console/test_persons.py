"""All of a person beside the case, by the keyboard alone: who else it is, and what is hidden."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from tests.console.conftest import Stage
from tests.console.fake_centre import Frame
from tests.console.test_access import wrong

pytestmark = pytest.mark.needs_package("chromium")


async def press(page: Page, act: str) -> None:
    """A button, by the keyboard."""
    await page.locator(f'[data-act="{act}"]').press("Enter")


async def test_a_person_is_read_merged_parted_and_protected(stage: Stage, card: Frame) -> None:
    page, persons = stage.page, stage.persons
    await stage.open(card)
    assert persons.heard == []  # nothing is read that nobody asked for
    await page.locator(".known summary").press("Enter")
    known = page.locator(".known")
    await expect(known).to_contain_text("Maisa")
    assert persons.heard == [("view", card["contact"])]
    await expect(known).to_contain_text("1 avoin, 1 ratkaistu.")
    await expect(known).to_contain_text("Käsittely 4/5. Palvelu 2/5.")
    await expect(known.locator(".known-case")).to_have_count(2)
    await expect(known.locator(".known-case").first).to_contain_text("Pysäköintitunnus")
    await press(page, "proposals")
    await expect(known).to_contain_text("Kirjoitti toisen osoitteen tai numeron. Sama nimi.")
    await expect(page.locator('[data-act="merge"]')).to_be_disabled()
    assert await wrong(stage) == {}
    await page.get_by_label("Miten varmistit asian?").select_option("answers")
    await press(page, "merge")
    await expect(page.locator("#announcer")).to_have_text("He ovat nyt yksi henkilö.")
    assert persons.heard[1:] == [
        ("merge", {"other": "91", "checked": "answers"}),
        ("view", card["contact"]),
    ]
    await press(page, "undo-merge")
    await expect(page.locator('[data-act="undo-merge"]')).to_have_count(0)
    # A colleague does the same: it is said, and read anew.
    told = {"type": "merge", "merge": "6", "undone": False, "contacts": [card["contact"]]}
    stage.centre.tell(told | {"by": "Björn"})
    await expect(page.locator(".toast")).to_contain_text("Björn totesi, että Maija Korhonen")
    await expect(page.locator(f'[data-contact="{card["contact"]}"]')).to_be_visible()
    await page.get_by_label("Sähköpostiosoite tai puhelinnumero").fill("040 1")
    await page.keyboard.press("Enter")
    await expect(known).to_contain_text("Ketään muuta ei löytynyt.")
    await press(page, "protect")
    await expect(known).to_contain_text("Sähköpostiosoite (piilotettu)")
    await page.get_by_label("Miksi tarvitset niitä").fill("Kotikäynti")
    await page.keyboard.press("Enter")
    await expect(known).to_contain_text("a@b.fi")
    assert ("reveal", "Kotikäynti") in persons.heard
    await page.set_viewport_size({"width": 320, "height": 640})
    await page.locator("#panel-toggle").press("Enter")
    await expect(known).to_be_visible()
    await press(page, "proposals")
    await expect(page.locator('[data-act="merge"]')).to_be_visible()
    assert await wrong(stage) == {}
    assert await page.evaluate("document.documentElement.scrollWidth") <= 320
