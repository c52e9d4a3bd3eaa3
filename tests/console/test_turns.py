"""The end of a shift, and taking what waits, by keyboard; for everybody and in three languages."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.console.conftest import Stage
from tests.console.fake_centre import Centre, Frame, ago
from tests.console.test_access import cut_off, wrong
from tests.looks import in_every_look

pytestmark = pytest.mark.needs_package("chromium")


async def _open_contacts(centre: Centre) -> tuple[Frame, Frame]:
    mail = centre.contact("Maija Korhonen", "Asukaspysäköintitunnus", mine=True)
    chat = centre.contact("Abdi Hassan", None, mine=True, channel="chat", here=True)
    return mail, chat


async def test_a_shift_ends_by_keyboard(stage: Stage) -> None:
    page = stage.page
    mail, chat = await _open_contacts(stage.centre)
    await stage.open()
    await page.keyboard.press("e")
    await expect(page.get_by_role("heading", name="2 yhteydenottoa on kesken")).to_be_visible()
    await expect(page.locator('[data-act="end-shift"]')).to_be_focused()
    await page.keyboard.press("Enter")
    lines = page.locator(".left-open")
    await expect(lines).to_have_count(2)
    await expect(page.locator('[data-act="end-shift"]')).to_be_disabled()
    await expect(lines.nth(1)).to_contain_text("Asiakas on yhä paikalla")
    await expect(lines.nth(1).locator('[data-act="hand-back"]')).to_have_count(0)
    note = page.locator(f"#hand-back-{mail['contact']}")
    await expect(note).to_be_focused()
    await page.keyboard.type("Odottaa liitettä.")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(lines).to_have_count(1)
    await expect(lines.locator('[data-act="finish"]')).to_be_focused()
    said = (await stage.hears("hand_back"))[0]
    assert (said["contact"], said["note"]) == (mail["contact"], "Odottaa liitettä.")
    chat["state"] = "closed"
    stage.centre.show(chat)
    await expect(lines).to_have_count(0)
    await page.locator('[data-act="end-shift"]').press("Enter")
    await expect(page.locator("dialog")).to_have_count(0)
    await expect(page.locator(".state-button")).to_contain_text("Ei linjoilla")
    assert len(await stage.hears("end_shift", 2)) == 2


async def test_who_thinks_better_of_it_goes_on_working(stage: Stage) -> None:
    page = stage.page
    await _open_contacts(stage.centre)
    await stage.open()
    await page.keyboard.press("g")
    await page.get_by_role("menuitem", name="Lopeta työvuoro").click()
    await page.locator('[data-act="end-shift"]').click()
    await expect(page.locator(".my-state .hint")).to_contain_text("uusia ei tarjota")
    await page.get_by_role("button", name="Jatka töitä").click()
    await expect(page.locator(".state-button")).to_contain_text("Vapaana")
    await expect(page.locator(".my-state .hint")).to_have_count(0)


async def test_what_is_to_be_finished_is_opened(stage: Stage) -> None:
    page = stage.page
    mail, _ = await _open_contacts(stage.centre)
    mail |= {"state": "wrap_up", "wrap_up_from": ago(5)}
    await stage.open()
    await page.keyboard.press("e")
    await page.locator('[data-act="end-shift"]').click()
    line = page.locator(f'[data-left="{mail["contact"]}"]')
    await expect(line).to_contain_text("Lopputulos puuttuu")
    await line.locator('[data-act="finish"]').click()
    await expect(page.locator("dialog")).to_have_count(0)
    await expect(page.locator(".wrap-up input").first).to_be_focused()


async def test_a_shift_that_a_supervisor_ended_says_so(stage: Stage) -> None:
    await stage.open()
    status = {"value": "offline", "reason": "ended_by_supervisor", "since": ago(0)}
    stage.centre.status = status
    stage.centre.tell({"type": "agent", "state": status})
    await expect(stage.page.locator(".my-state .hint")).to_contain_text("Esihenkilö päätti")
    await expect(stage.page.locator("#announcer")).to_contain_text("Esihenkilö päätti")


async def test_what_waits_is_taken_by_keyboard(stage: Stage) -> None:
    page, centre = stage.page, stage.centre
    centre.may_pull = True
    centre.contact("Maija Korhonen", "Tunnus", waited=9000)
    second = centre.contact("Abdi Hassan", "Päivähoito", queue="daycare", waited=600)
    await stage.open()
    await page.keyboard.press("q")
    rows = page.locator("[data-waits]")
    await expect(rows).to_have_count(2)
    await expect(rows.nth(1)).to_contain_text("Varhaiskasvatus")
    await expect(rows.nth(1)).not_to_contain_text("Abdi")
    await rows.nth(1).locator('[data-act="pull"]').press("Enter")
    await expect(page.locator("dialog")).to_have_count(0)
    await expect(page.locator("#case-title")).to_have_text("Abdi Hassan")
    await expect(page.locator("#case-title")).to_be_focused()
    assert (await stage.hears("pull"))[0]["contact"] == second["contact"]


async def test_a_refusal_stands_beside_what_was_asked_for(stage: Stage) -> None:
    page, centre = stage.page, stage.centre
    centre.may_pull = True
    centre.contact("Maija Korhonen", "Tunnus", waited=9000)
    await stage.open()
    await page.keyboard.press("q")
    centre.refuse("pull", "wrong_state", "Se ei enää odota.")
    await page.locator('[data-act="pull"]').click()
    await expect(page.locator("dialog .field-error")).to_have_text("Se ei enää odota.")
    await expect(page.locator("dialog")).to_be_visible()


async def test_who_may_not_is_offered_nothing_of_it(stage: Stage) -> None:
    await stage.open()
    await stage.page.keyboard.press("q")
    await expect(stage.page.locator("dialog")).to_have_count(0)
    await expect(stage.page.locator('.tool[title="Odottavat"]')).to_have_count(0)


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("key", ["e", "q"])
async def test_the_dialogs_for_everybody(stage: Stage, language: str, key: str) -> None:
    page, centre = stage.page, stage.centre
    centre.language, centre.may_pull = language, True
    await _open_contacts(centre)
    for n in range(3):
        centre.contact("Abdi Hassan", "Päivähoito", waited=600 * n)
    await stage.open()
    await page.locator("body").press(key)
    await expect(page.locator("dialog")).to_be_visible()
    if key == "e":
        await page.locator('[data-act="end-shift"]').click()
    await expect(page.locator(".left-open, .pull-row").first).to_be_visible()
    assert await wrong(stage, (320, 800), (1280, 800)) == {}
    assert await in_every_look(page, lambda: cut_off(page), sizes=[(320, 800), (1280, 800)]) == {}
