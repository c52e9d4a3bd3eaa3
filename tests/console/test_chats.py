"""Several chats beside mails: what the list says of them, and what comes while another is open."""

from __future__ import annotations

import pytest
from playwright.async_api import Locator, expect

from tests.console import fake_chat
from tests.console.conftest import Stage
from tests.console.fake_centre import Centre, Frame, ago

pytestmark = pytest.mark.needs_package("chromium")


@pytest.fixture
def chat(centre: Centre) -> Frame:
    """A chat in hand."""
    card = fake_chat.begin(centre, "Maija", mine=True)
    centre.message(card, "inbound", "Hei, onko tunnus siirretty?", at=ago(5))
    return card


@pytest.fixture
def other(centre: Centre) -> Frame:
    """Another one, of somebody who gave no name."""
    card = fake_chat.begin(centre, "", mine=True, language="sv", queue="daycare")
    centre.message(card, "inbound", "Hej!", at=ago(65))
    return card


def _row(stage: Stage, card: Frame) -> Locator:
    return stage.page.locator(f'[data-contact="{card["contact"]}"]')


async def _beep(stage: Stage) -> None:
    """Switch the messages' sound on, and note the tones instead of sounding them."""
    await stage.page.add_init_script(
        """localStorage["contactcenter.settings"] = '{"soundMessages": true}';
        window.tones = []; AudioContext = class { state = "running"; currentTime = 0; };
        OscillatorNode = class { constructor(_, { frequency }) { window.tones.push(frequency); }
          connect(to) { return to; } start() {} stop() {} };
        GainNode = class { gain = { setTargetAtTime() {} }; connect(to) { return to; } };"""
    )


async def test_a_mail_that_makes_room_for_a_chat_is_grey_and_keeps_its_draft(
    stage: Stage, chat: Frame, card: Frame
) -> None:
    stage.centre.drafts[card["contact"]] = "Hyvä asiakas"
    await stage.open(card)
    row = _row(stage, card)
    await expect(stage.page.locator(".notice-paused")).to_have_count(0)
    stage.centre.show(card | {"paused_from": ago(65), "version": card["version"] + 1})
    await expect(row.locator(".chip-paused")).to_have_text("Keskeytetty 1 min")
    await expect(stage.page.locator(".notice-paused")).to_contain_text("jatkuu itsestään")
    await expect(stage.page.locator("#composer-text")).to_have_value("Hyvä asiakas")
    stage.centre.show(card | {"paused_from": None, "version": card["version"] + 2})
    await expect(row.locator(".chip-paused")).to_have_count(0)
    await expect(stage.page.locator("#composer-text")).to_have_value("Hyvä asiakas")


async def test_a_row_says_who_and_how_it_stands(
    stage: Stage, chat: Frame, other: Frame, card: Frame
) -> None:
    await stage.open()
    row = _row(stage, other)
    await expect(row.locator(".contact-person")).to_have_text("Asukas")
    await expect(row).to_contain_text("Chat")
    await expect(row).to_contain_text("Varhaiskasvatus")
    await expect(row).to_contain_text("SV")
    await expect(row).to_contain_text("Ruotsi")
    await expect(row).to_contain_text("Hej!")
    await expect(row.locator('[data-waits="long"]')).to_contain_text("1 min")
    await expect(_row(stage, chat).locator('[data-waits="short"]')).to_be_visible()
    await expect(_row(stage, card)).to_contain_text("Sähköposti")


async def test_what_comes_elsewhere_is_counted_said_and_heard(
    stage: Stage, chat: Frame, other: Frame
) -> None:
    page = stage.page
    await _beep(stage)
    await stage.open(chat)
    fake_chat.say(stage.centre, chat, "Näkyvissä")
    await expect(page.locator(".bubble").last).to_contain_text("Näkyvissä")
    assert await page.evaluate("window.tones") == []
    fake_chat.say(stage.centre, other, "Är du där?")
    fake_chat.say(stage.centre, other, "Hallå?")
    await expect(page.locator("#announcer")).to_have_text("Uusi viesti: Asukas")
    await expect(_row(stage, other).locator(".count")).to_contain_text("2 lukematonta viestiä")
    await expect(page).to_have_title("(uusia 1) Työpöytä")
    await expect(_row(stage, other)).to_contain_text("Hallå?")
    assert other["contact"] not in [frame["contact"] for frame in stage.heard("read")]
    assert await page.evaluate("window.tones") == [520]  # two in a row are one


async def test_each_sound_is_a_choice(stage: Stage, chat: Frame) -> None:
    page = stage.page
    await stage.open(chat)
    await page.get_by_role("button", name="Asetukset").click()
    for name in ("Merkkiääni, kun yhteydenotto", "ei ole näkyvissä"):
        await expect(page.get_by_role("checkbox", name=name)).not_to_be_checked()
    await page.get_by_role("checkbox", name="ei ole näkyvissä").check()
    kept = await page.evaluate("JSON.parse(localStorage['contactcenter.settings'])")
    assert (kept["sound"], kept["soundMessages"]) == (False, True)


async def test_seen_is_read(stage: Stage, chat: Frame, other: Frame) -> None:
    await stage.open(chat)
    fake_chat.say(stage.centre, other, "Hallå?")
    await expect(_row(stage, other).locator(".count")).to_be_visible()
    await stage.page.keyboard.press("u")
    await expect(stage.page.locator("#case-title")).to_have_text("Asukas")
    await expect(stage.page.locator("#case-title")).to_be_focused()
    await expect(_row(stage, other).locator(".count")).to_have_count(0)
    await expect(stage.page).to_have_title("Työpöytä")
    assert [frame["contact"] for frame in await stage.hears("read")] == [other["contact"]]
    fake_chat.say(stage.centre, other, "Tack")
    await expect(stage.page.locator(".bubble").last).to_contain_text("Tack")
    await expect(_row(stage, other).locator(".count")).to_have_count(0)
    await stage.page.keyboard.press("u")
    await expect(stage.page.locator("#announcer")).to_have_text("Ei lukemattomia viestejä")


async def test_the_title_can_be_silenced(stage: Stage, chat: Frame, other: Frame) -> None:
    page = stage.page
    await stage.open(chat)
    stage.centre.offer(fake_chat.begin(stage.centre, "Abdi"))
    fake_chat.say(stage.centre, other, "Hallå?")
    await expect(page).to_have_title("(tarjolla 1, uusia 1) Työpöytä")
    await page.get_by_role("button", name="Asetukset").click()
    await page.get_by_role("checkbox", name="uusia viestejä").uncheck()
    await expect(page).to_have_title("(tarjolla 1) Työpöytä")
    await page.get_by_role("checkbox", name="tarjolla").last.uncheck()
    await expect(page).to_have_title("Työpöytä")
    await page.reload()
    await expect(page.locator(".contact")).to_have_count(2)
    await expect(page).to_have_title("Työpöytä")


async def test_drafts_stay_with_their_contact(
    stage: Stage, chat: Frame, other: Frame, card: Frame
) -> None:
    page = stage.page
    await stage.open(chat)
    for one in (chat, other, card):
        await _row(stage, one).click()
        await page.fill("#composer-text", f"Luonnos {one['contact']}")
    for one in (chat, other, card):
        await _row(stage, one).click()
        await expect(page.locator("#composer-text")).to_have_value(f"Luonnos {one['contact']}")
        await expect(_row(stage, one).locator(".chip-draft")).to_be_visible()
    assert stage.heard("reply") == []


async def test_two_offers_of_one_person_differ(stage: Stage) -> None:
    await stage.open()
    stage.centre.offer(fake_chat.begin(stage.centre, "Abdi Hassan", language="en"))
    stage.centre.offer(stage.centre.contact("Abdi Hassan", "Lupa", queue="daycare"))
    first, second = stage.page.locator(".offer").first, stage.page.locator(".offer").last
    for offer, words in (
        (first, ("Chat", "Pysäköinti", "englanti", "Saapui", "odottanut")),
        (second, ("Sähköposti", "Varhaiskasvatus", "suomi", "Saapui", "odottanut 10 min")),
    ):
        for word in words:
            await expect(offer).to_contain_text(word)
    accept = second.get_by_role("button", name="Ota vastaan")
    described = await accept.get_attribute("aria-describedby")
    await expect(stage.page.locator(f"#{described}")).to_contain_text("Sähköposti")


async def test_what_was_closed_lately_outlives_a_reload(stage: Stage, chat: Frame) -> None:
    page = stage.page
    await stage.open(chat)
    await page.keyboard.press("w")
    await page.get_by_role("radio", name="Vastattu").check()
    await page.locator('[data-act="wrap-up"]').click()
    await expect(page.locator(".recent")).to_be_visible()
    await page.reload()
    await page.locator(".recent summary").click()
    await expect(page.locator(".recent")).to_contain_text("Maija")
    await page.get_by_role("button", name="Kirjaudu ulos").click()
    await page.wait_for_url("**/login")
    assert await page.evaluate("sessionStorage.length") == 0
