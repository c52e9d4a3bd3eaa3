"""Offers and the agent's own state."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.console.conftest import Stage
from tests.console.fake_centre import Frame, ago

pytestmark = pytest.mark.needs_package("chromium")


async def test_accept_by_keyboard(stage: Stage) -> None:
    page = stage.page
    await stage.open()
    card = stage.centre.contact("Abdi Hassan", "Päivähoito", queue="daycare")
    stage.centre.message(card, "inbound", "Hei, olen uusi asukas.")
    stage.centre.offer(card, 60)
    await expect(page.locator(".offer")).to_contain_text("Abdi Hassan")
    await expect(page.locator("#announcer")).to_contain_text("Varhaiskasvatus ja esiopetus")
    await expect(page.locator("#announcer")).to_contain_text("60 sekuntia")
    await expect(page).to_have_title("(tarjolla 1) Työpöytä")
    await expect(page.locator(".offer")).not_to_contain_text("Päivähoito")
    await page.keyboard.press("a")
    await expect(page.locator("#case-title")).to_have_text("Abdi Hassan")
    await expect(page.locator("#case-title")).to_be_focused()
    await expect(page.locator(".message-inbound")).to_contain_text("olen uusi asukas")
    await expect(page.locator(".offer")).to_have_count(0)


async def test_decline_with_a_reason(stage: Stage) -> None:
    await stage.open()
    stage.centre.offer(stage.centre.contact("Abdi Hassan", "Päivähoito"))
    await expect(stage.page.locator(".offer")).to_be_visible()
    await stage.page.keyboard.press("d")
    await expect(stage.page.get_by_role("menuitem").first).to_be_focused()
    await stage.page.keyboard.press("ArrowDown")
    await stage.page.keyboard.press("Enter")
    await expect(stage.page.locator(".offer")).to_have_count(0)
    assert (await stage.hears("decline"))[0]["reason"] == "busy"


async def test_another_organisation_has_other_reasons_and_wants_one(stage: Stage) -> None:
    await stage.open()
    stage.centre.offer(stage.centre.contact("Abdi Hassan", "Päivähoito", queue="benefits"))
    await expect(stage.page.locator(".offer")).to_be_visible()
    await stage.page.keyboard.press("d")
    items = stage.page.get_by_role("menuitem")
    await expect(items).to_have_text(["En tunne etuutta", "Hylkää ja jätä huomautus…"])
    await stage.page.keyboard.press("Enter")
    await expect(stage.page.locator(".offer")).to_have_count(0)
    assert (await stage.hears("decline"))[0]["reason"] == "skill"


async def test_decline_with_a_note_by_keyboard(stage: Stage) -> None:
    page = stage.page
    await stage.open()
    stage.centre.offer(stage.centre.contact("Abdi Hassan", "Päivähoito"))
    await expect(page.locator(".offer")).to_be_visible()
    await page.keyboard.press("d")
    await page.keyboard.press("ArrowUp")  # the last one
    await page.keyboard.press("Enter")
    await expect(page.locator("#decline-reason")).to_be_focused()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Tab")
    await page.keyboard.type("Tunnen hakijan.")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.locator("dialog")).to_have_count(0)
    await expect(page.locator(".offer")).to_have_count(0)
    said = (await stage.hears("decline"))[0]
    assert (said["reason"], said["note"]) == ("not_mine", "Tunnen hakijan.")


async def test_an_offer_that_ends_takes_its_dialog_along(stage: Stage) -> None:
    await stage.open()
    offer = stage.centre.offer(stage.centre.contact("Abdi Hassan", "Päivähoito"))
    await expect(stage.page.locator(".offer")).to_be_visible()
    await stage.page.keyboard.press("d")
    await stage.page.keyboard.press("ArrowUp")
    await stage.page.keyboard.press("Enter")
    await expect(stage.page.locator("dialog")).to_be_visible()
    stage.centre.end_offer(offer, "missed")
    await expect(stage.page.locator("dialog")).to_have_count(0)


async def test_who_missed_offers_reads_why_and_comes_back(stage: Stage) -> None:
    await stage.open()
    stage.centre.status = {"value": "away", "reason": "missed", "since": ago(0)}
    stage.centre.tell({"type": "agent", "state": stage.centre.status})
    hint = stage.page.locator(".my-state .hint")
    await expect(hint).to_contain_text("Et vastannut peräkkäisiin tarjouksiin")
    await expect(stage.page.locator("#announcer")).to_contain_text("aseta itsesi vapaaksi")
    await hint.locator("button").click()
    await expect(hint).to_have_count(0)
    assert (await stage.hears("state"))[0]["value"] == "available"


async def test_a_missed_offer_says_so_and_keeps_the_focus(stage: Stage) -> None:
    await stage.open()
    offer = stage.centre.offer(stage.centre.contact("Abdi Hassan", "Päivähoito"))
    await stage.page.locator('[data-act="accept"]').focus()
    stage.centre.end_offer(offer, "missed")
    await expect(stage.page.locator(".toast")).to_contain_text("säilytti paikkansa")
    await expect(stage.page.locator("#offers-title")).to_be_focused()


@pytest.mark.parametrize("how", ["available", "accepts", "declines"])
async def test_what_was_missed_is_told_until_the_agent_is_back(stage: Stage, how: str) -> None:
    centre, page = stage.centre, stage.page
    await stage.open()
    centre.end_offer(centre.offer(centre.contact("Abdi Hassan", "Päivähoito")), "missed")
    await expect(page.locator(".toast")).to_have_count(1)
    if how == "available":
        for value in ("away", "available"):
            centre.status = {"value": value, "reason": None, "since": ago(0)}
            centre.tell({"type": "agent", "state": centre.status})
    else:
        offer = centre.offer(centre.contact("Liisa Aho", "Lehtikasa"))
        await expect(page.locator(".toast")).to_have_count(1)
        if how == "accepts":
            await page.locator('[data-act="accept"]').click()
        else:
            centre.end_offer(offer, "declined")
    await expect(page.locator(".toast")).to_have_count(0)


async def test_moments_are_shown_by_the_organisations_clock(stage: Stage) -> None:
    stage.centre.zone = "America/New_York"  # the browser is in Helsinki
    card = stage.centre.contact("Ville", "Vanha", mine=True)
    card["first_arrival"] = "2026-11-20T04:30:00+00:00"
    await stage.open(card)
    await expect(stage.page.locator(".fact-list time").first).to_have_text("19.11.2026 klo 23.30")


async def test_who_has_a_call_is_told_why_nothing_is_offered(stage: Stage) -> None:
    stage.centre.contact("Soittaja", None, channel="call", mine=True)
    await stage.open()
    await expect(stage.page.locator(".contacts h2")).to_contain_text("5/5 varattu")
    await expect(stage.page.locator(".offers .empty")).to_contain_text("Puhelu vie koko tilasi")


async def test_first_use_leads_to_work(stage: Stage) -> None:
    stage.centre.status["value"] = "offline"
    await stage.open()
    await expect(stage.page.locator(".my-state .hint")).to_contain_text(
        "Kun asetat itsesi vapaaksi"
    )
    await stage.page.locator(".my-state .hint button").click()
    await expect(stage.page.locator(".state-button")).to_contain_text("Vapaana")
    await expect(stage.page.locator(".nothing")).to_contain_text("Olet vapaana")
    await stage.page.keyboard.press("g")
    await stage.page.get_by_role("menuitemradio", name="Tauolla").click()
    await expect(stage.page.locator(".state-button")).to_contain_text("Tauolla")


async def test_why_it_came_to_me_is_told(stage: Stage, card: Frame) -> None:
    await stage.open(card)
    await stage.page.get_by_text("Miksi tämä tuli minulle?").click()
    told = stage.page.locator(".why")
    await expect(told).to_contain_text("pisimpään vapaana")
    await expect(told.locator("li")).to_have_text(
        [
            "Pitkän odotuksen takia taso ei enää rajaa.",
            "2 muutakin olisi voinut ottaa sen.",
            "3 töissä olevalla ei ole tähän osaamista.",
            "Yksi oli tauolla tai poissa.",
            re.compile("26.11.2026.*Työtoveri: tarjottiin, hylättiin: "),
        ]
    )


async def test_a_mail_taken_without_asking_is_marked_until_it_is_opened(stage: Stage) -> None:
    page = stage.page
    await stage.open()
    card = stage.centre.contact("Abdi Hassan", "Päivähoito", queue="daycare")
    stage.centre.message(card, "inbound", "Hei, olen uusi asukas.")
    stage.centre.take(card)
    row = page.locator(f'[data-contact="{card["contact"]}"]')
    await expect(row).to_contain_text("Tuli kysymättä")
    await expect(page.locator("#announcer")).to_contain_text("siirtyi sinulle käsittelyyn")
    await expect(page.locator(".toast")).to_have_count(0)
    await page.keyboard.press("j")
    await expect(page.locator("#case-title")).to_have_text("Abdi Hassan")
    await expect(row).not_to_contain_text("Tuli kysymättä")
