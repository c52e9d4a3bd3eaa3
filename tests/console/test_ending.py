"""How a contact goes on or ends: transfer, wrap-up, resolve, reopen, taken away."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.console.conftest import Stage
from tests.console.fake_centre import Frame
from tests.console.test_access import wrong

pytestmark = pytest.mark.needs_package("chromium")


async def test_a_contact_taken_away_leaves_what_was_typed(stage: Stage, card: Frame) -> None:
    await stage.open(card)
    await stage.page.get_by_role("tab", name="Sisäinen muistiinpano").click()
    await stage.page.fill("#composer-text", "Muista liite")
    stage.centre.take_away(card)
    await expect(stage.page.locator(".leftovers")).to_contain_text("Muista liite")
    await expect(stage.page.locator(".toast")).to_contain_text("ei ole enää sinulla")
    await stage.page.get_by_role("button", name="Poista").click()
    await expect(stage.page.locator(".leftovers")).to_have_count(0)


async def test_wrap_up_resolve_and_reopen(stage: Stage, card: Frame) -> None:
    page = stage.page
    await stage.open(card)
    await page.keyboard.press("w")
    await expect(page.get_by_role("radio", name="Vastattu")).to_be_focused()
    at = "found => new Set(found.map((one) => one.getBoundingClientRect().x)).size"
    assert await page.locator(".wrap-up [type=radio]").evaluate_all(at) == 1  # one below the other
    await page.locator('[data-act="wrap-up"]').click()
    await expect(page.locator("#outcome-error")).to_be_visible()
    await page.get_by_role("radio", name="Vastattu").check()
    await expect(page.locator('[data-act="confirm-reason"]')).to_contain_text(
        "Vika, Ei ratkennut viimeksi"
    )
    assert await page.locator("#reason").input_value() == ""  # proposed, and not said
    await page.keyboard.press("8")
    await expect(page.locator("#reason")).to_have_value("fault")
    await expect(page.locator("#announcer")).to_contain_text("Vika")
    await page.locator("#mark").select_option("chasing")
    assert await wrong(stage) == {}
    await page.get_by_role("checkbox", name="ratkaistu").check()  # unanswered: not presumed
    await page.locator('[data-act="wrap-up"]').click()
    await expect(page.locator(".contact")).to_have_count(0)
    await expect(page.locator(".nothing h2")).to_be_focused()
    (said,) = await stage.hears("wrap_up")
    assert (said["disposition"], said["reason"], said["mark"]) == ("answered", "fault", "chasing")
    assert (await stage.hears("resolve"))[0]["case"] == card["case"]
    await page.locator(".recent summary").click()
    await expect(page.locator(".recent")).to_contain_text("Asia ratkaistu")
    await page.get_by_role("button", name="Avaa asia uudelleen").click()
    await expect(page.locator("#case-title")).to_have_text("Maija Korhonen")
    await expect(page.locator(".case-head")).to_contain_text("Asia avattu uudelleen")


async def test_a_button_that_waits_for_its_answer_keeps_the_focus(
    stage: Stage, card: Frame
) -> None:
    await stage.open(card)
    await stage.page.locator('[data-act="resolve"]').focus()
    await stage.page.keyboard.press("Enter")
    await expect(stage.page.locator('[data-act="reopen"]')).to_be_enabled()
    await expect(stage.page.locator('[data-act="reopen"]')).to_be_focused()


async def test_close_now_and_record_later(stage: Stage, card: Frame) -> None:
    page = stage.page
    await stage.open(card)
    await page.keyboard.press("w")
    await page.locator('[data-act="close"]').click()
    await expect(page.locator(".contact")).to_contain_text("Jälkikirjaus")
    await expect(page.get_by_role("tab", name="Vastaus")).to_be_disabled()
    await page.fill("#composer-text", "Kirjattu diaariin")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator(".message-note")).to_contain_text("Kirjattu diaariin")


@pytest.mark.parametrize(
    ("way", "choice", "expected"),
    [("Toiseen jonoon", "building", {"queue": "building"}), ("Työtoverille", "8", {"agent": "8"})],
)
async def test_transfer(
    stage: Stage, card: Frame, way: str, choice: str, expected: dict[str, str]
) -> None:
    page = stage.page
    await stage.open(card)
    await page.keyboard.press("t")
    await page.get_by_role("radio", name=way).check()
    options = await page.locator("#target option").all_inner_texts()
    assert not any("Etuudet" in option for option in options)  # of another organisation
    await page.locator("#target").select_option(choice)
    await page.fill("#summary", "Kysyy rakennusluvasta")
    await page.get_by_role("button", name="Siirrä yhteydenotto").click()
    await expect(page.locator("dialog")).to_have_count(0)
    await expect(page.locator(".contact")).to_have_count(0)
    (sent,) = await stage.hears("transfer")
    assert sent["summary"] == "Kysyy rakennusluvasta"
    assert expected.items() <= sent.items()


async def test_refused_transfer_keeps_the_dialog(stage: Stage, card: Frame) -> None:
    page = stage.page
    await stage.open(card)
    stage.centre.refuse("transfer", "unavailable_agent", "Työtoveri ei ole vapaana.")
    await page.keyboard.press("t")
    await page.get_by_role("radio", name="Työtoverille").check()
    await page.locator("#target").select_option("8")
    await page.fill("#summary", "Pitkä tiivistelmä")
    await page.get_by_role("button", name="Siirrä yhteydenotto").click()
    await expect(page.locator("dialog .error")).to_have_text("Työtoveri ei ole vapaana.")
    await expect(page.locator("#summary")).to_have_value("Pitkä tiivistelmä")
