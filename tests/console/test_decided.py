"""What another organisation decides: the console offers to hand it over, and nothing that the
server would refuse."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import expect

from tests.console.conftest import Stage
from tests.console.fake_centre import Frame
from tests.console.test_access import violations

pytestmark = pytest.mark.needs_package("chromium")
REFUSED = ("finish", "close", "wrap-up", "resolve", "spam")


@pytest.fixture
def foreign(stage: Stage) -> Frame:
    """In hand, of another organisation's queue that decides."""
    card = stage.centre.contact("Eila Aho", "Asumistuki", mine=True, queue="benefits")
    stage.centre.message(card, "inbound", "Saanko tukea?")
    return card


async def test_it_is_handed_over_to_the_queue_that_decides(stage: Stage, foreign: Frame) -> None:
    page = stage.page
    await stage.open(foreign)
    await expect(page.locator("#decided-elsewhere")).to_contain_text("päättää toinen organisaatio")
    for act in REFUSED:
        await expect(page.locator(f'[data-act="{act}"]')).to_have_count(0)
    await page.keyboard.press("s")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await page.keyboard.press("w")
    await expect(page.locator('[data-act="transfer"]')).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator("#target")).to_have_value("benefits")
    await page.fill("#summary", "Neuvottu, päätös puuttuu")
    await page.get_by_role("button", name="Siirrä yhteydenotto").click()
    (frame,) = await stage.hears("transfer")
    assert (frame["queue"], frame["summary"]) == ("benefits", "Neuvottu, päätös puuttuu")


async def test_what_ended_by_itself_is_recorded_without_resolving(
    stage: Stage, foreign: Frame
) -> None:
    page = stage.page
    foreign |= {"state": "wrap_up"}
    await stage.open(foreign)
    await expect(page.get_by_role("radio", name="Muu")).to_be_visible()
    await expect(page.locator('.wrap-up [type="checkbox"]')).to_have_count(0)
    await page.get_by_role("radio", name="Muu").check()
    await page.locator('[data-act="wrap-up"]').click()
    assert (await stage.hears("wrap_up"))[0]["disposition"] == "other"
    assert not [one for one in stage.centre.heard if one["type"] == "resolve"]


async def test_ones_own_queue_is_finished_as_ever(stage: Stage, card: Frame) -> None:
    await stage.open(card)
    await expect(stage.page.locator('[data-act="finish"]')).to_be_visible()
    await expect(stage.page.locator("#decided-elsewhere")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_everybody_can_read_it(stage: Stage, foreign: Frame, scheme: Any) -> None:
    page = stage.page
    await page.emulate_media(color_scheme=scheme)
    await stage.open(foreign)
    await expect(page.locator("#decided-elsewhere")).to_be_visible()
    assert await violations(stage) == []
