"""A case that was opened by open feedback: what it is, and the decision that its giver sees."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.console.conftest import Stage
from tests.console.fake_centre import Frame
from tests.console.test_access import wrong

pytestmark = pytest.mark.needs_package("chromium")
ATTACK = "<img src=x onerror=alert(1)>"


async def test_it_is_decided_beside_the_case(stage: Stage, card: Frame) -> None:
    page, kept = stage.page, stage.centre.feedback
    kept[card["case"]] = {
        "via": "open311", "kind": "fault", "about": "service", "service": {"fi": "Katuvalot"},
        "place": ATTACK, "lat": 61.688, "long": 27.272, "media_url": f"https://x.example/{ATTACK}",
        "text": ATTACK, "decision": None, "reason": "", "decided_by": None, "decided_at": None,
        "public_text": None, "public_place": "", "public_point": False, "public_media": False,
    }  # fmt: skip
    await stage.open(card)
    part = page.locator(".feedback-part")
    await expect(part).to_contain_text("Vikailmoitus")
    await expect(part).to_contain_text(ATTACK)
    assert await part.locator("img, a").count() == 0  # nothing is fetched, nothing followed
    await part.locator("#feedback-decision").select_option("planned")
    await part.locator("#feedback-reason").fill("Maanantaina")
    await part.get_by_label("Näytä kaikille").check()
    await expect(part.locator("#feedback-public")).to_have_value(ATTACK)
    await part.locator("#feedback-public").fill("Valo rikki")
    await expect(part.locator("#feedback-place")).to_have_value("")
    await part.locator("#feedback-place").fill("Keskusta")
    await expect(part.get_by_label("Näytä kuvan osoite")).not_to_be_checked()
    await part.get_by_label("Näytä tarkat koordinaatit").check()
    assert await wrong(stage) == {}
    await part.locator('[data-act="settle-feedback"]').press("Enter")
    await expect(page.locator("#announcer")).to_have_text("Tallennettu.")
    told = kept[card["case"]]
    assert (told["decision"], told["reason"]) == ("planned", "Maanantaina")
    assert (told["public_text"], told["public_place"]) == ("Valo rikki", "Keskusta")
    assert (told["public_point"], told["public_media"]) == (True, False)
    await expect(part).to_contain_text("Päätetty")
    await page.set_viewport_size({"width": 320, "height": 640})
    await page.locator("#panel-toggle").press("Enter")
    await expect(part).to_be_visible()
    assert await wrong(stage) == {}
    assert await page.evaluate("document.documentElement.scrollWidth") <= 320
