"""A supervisor ends an agent's shift at the board, by keyboard."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.board.conftest import Watch
from tests.board.test_access import wrong
from tests.console.test_access import LANGUAGES, cut_off
from tests.looks import in_every_look

pytestmark = pytest.mark.needs_package("chromium")


async def _begin(watch: Watch) -> None:
    await watch.open()
    await watch.page.locator('[data-act="begin-end-shift"]').press("Enter")
    await expect(watch.page.locator("#end-shift-agent")).to_be_focused()


async def test_a_shift_is_ended_by_keyboard(watch: Watch) -> None:
    page = watch.page
    await _begin(watch)
    names = await page.locator("#end-shift-agent option").all_text_contents()
    mine = [one for one in watch.station.agents if one["organisation"] == "city"]
    there = [one["name"] for one in mine if one["state"] != "offline"]
    assert len(mine) < len(watch.station.agents)  # others' supervisors end others' shifts
    assert sorted(names[1:]) == sorted(there)
    await page.keyboard.press("ArrowDown")
    chosen = await page.locator("#end-shift-agent").input_value()
    await page.locator('[data-act="end-shift"]').press("Enter")
    await expect(page.locator("dialog")).to_have_count(0)
    name = next(one["name"] for one in watch.station.agents if one["agent"] == chosen)
    await expect(page.locator(".agents [role=status]")).to_have_text(f"{name}: vuoro on päättynyt.")
    await expect(page.locator('[data-act="begin-end-shift"]')).to_be_focused()
    assert watch.station.ended == [chosen]


async def test_what_is_said_against_it_is_shown(watch: Watch) -> None:
    page = watch.page
    watch.station.refusal = "Asiakas on yhä linjalla."
    watch.excused = "status of 409"
    await _begin(watch)
    await page.keyboard.press("ArrowDown")
    await page.locator('[data-act="end-shift"]').click()
    await expect(page.locator("dialog .field-error")).to_have_text("Asiakas on yhä linjalla.")
    assert watch.station.ended == []


@pytest.mark.parametrize("language", LANGUAGES)
async def test_axe_finds_nothing(watch: Watch, language: str) -> None:
    watch.station.language = language
    await _begin(watch)
    sizes = [(320, 800), (1280, 800)]
    assert await wrong(watch, *sizes) == {}
    assert await in_every_look(watch.page, lambda: cut_off(watch.page), sizes=sizes) == {}
