"""One chat: its lines, both ways of typing, the citizen who goes and comes back, its end."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import FilePayload, expect

from tests.chromium import scroll_up
from tests.console import fake_chat, scenes_chat
from tests.console.conftest import Stage
from tests.console.fake_centre import Centre, Frame, ago
from tests.console.test_access import violations

pytestmark = pytest.mark.needs_package("chromium")


@pytest.fixture
def chat(centre: Centre) -> Frame:
    """A chat in hand."""
    card = fake_chat.begin(centre, "Maija", mine=True)
    centre.message(card, "inbound", "Hei, onko tunnus siirretty?", at=ago(90))
    return card


async def _say(stage: Stage, text: str) -> None:
    await stage.page.locator("#composer-text").fill(text)
    await stage.page.keyboard.press("Enter")


async def test_enter_sends_and_the_box_keeps_the_focus(stage: Stage, chat: Frame) -> None:
    page, box = stage.page, stage.page.locator("#composer-text")
    await stage.open(chat)
    await page.keyboard.press("r")
    await page.keyboard.type("Hei Maija,")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("on siirretty.")
    await page.keyboard.press("Enter")
    own = page.locator(".bubble.message-outbound")
    await expect(own.locator(".message-text")).to_have_text("Hei Maija,\non siirretty.")
    await expect(page.locator("[data-unsent]")).to_have_count(0)
    await expect(page.locator("[data-delivery]")).to_have_count(0)
    await expect(box).to_be_focused()
    await expect(box).to_have_value("")
    assert [frame["text"] for frame in await stage.hears("reply")] == ["Hei Maija,\non siirretty."]


async def test_files_go_both_ways(stage: Stage, centre: Centre, chat: Frame) -> None:
    page = stage.page
    waits = scenes_chat.file("31", "lasku.pdf", "application/pdf", "waiting")
    message = centre.message(chat, "inbound", "", attachments=[waits])
    await stage.open(chat)
    shut = page.locator(".bubble .file-shut")
    await expect(shut).to_contain_text("Tarkistetaan virusten varalta")
    await expect(page.locator('.bubble a[href="/api/attachments/31"]')).to_have_count(0)
    told = {"type": "file", "contact": chat["contact"], "case": chat["case"]}
    about = told | {"message": message["seq"]}
    centre.tell(about | {"file": waits | {"scan": "clean"}})
    await expect(page.locator('.bubble a[href="/api/attachments/31"]')).to_be_visible()
    centre.tell(about | {"file": waits | {"scan": "failed"}})
    again = page.locator(".files").get_by_role(
        "button", name=re.compile("^Tarkista uudelleen.+lasku")
    )
    await again.press("Enter")
    await expect(page.locator(".files [role=alert]")).to_have_text("Hetken kuluttua uudelleen.")
    assert "503" in stage.troubles.pop()
    await again.press("Enter")
    await expect(shut.locator('[data-scan="waiting"]')).to_be_visible()
    await expect(again).to_have_count(0)
    assert await page.evaluate("document.activeElement.tagName") != "BODY"
    centre.tell(about | {"file": waits | {"scan": "infected", "scan_name": "Win.Test"}})
    await expect(shut).to_contain_text("Win.Test")
    await expect(page.locator("#announcer")).to_contain_text("lasku.pdf")

    send = page.locator('[data-act="send"]')
    await expect(send).to_have_attribute("aria-disabled", "true")
    one = FilePayload(name="ohje.pdf", mimeType="application/pdf", buffer=b"%PDF-")
    await page.set_input_files("#attach-input", [one])
    await expect(page.locator(".attached")).to_contain_text("ohje.pdf")
    mine = {"id": "9000", "name": "ohje.pdf", "media_type": "application/pdf", "size": 5}
    centre.tell({"type": "file", "contact": chat["contact"], "file": mine | {"scan": "waiting"}})
    await expect(page.locator(".attached")).to_contain_text("Tarkistetaan")
    assert await violations(stage) == []
    centre.tell({"type": "file", "contact": chat["contact"], "file": mine | {"scan": "clean"}})
    await expect(page.locator(".attached")).not_to_contain_text("Tarkistetaan")
    await page.locator("#composer-text").press("Enter")
    (reply,) = await stage.hears("reply")
    assert (reply["text"], reply["attachments"], "quote" in reply) == ("", ["9000"], False)
    await expect(page.locator(".bubble.message-outbound a")).to_contain_text("ohje.pdf")
    await expect(page.locator(".attached")).to_have_count(0)
    await expect(page.locator("[data-unsent]")).to_have_count(0)


async def test_enter_ends_a_word_of_an_input_method(stage: Stage, chat: Frame) -> None:
    await stage.open(chat)
    await stage.page.locator("#composer-text").fill("日本")
    await stage.page.locator("#composer-text").evaluate(
        """box => box.dispatchEvent(new KeyboardEvent("keydown",
          { key: "Enter", isComposing: true, bubbles: true, cancelable: true }))"""
    )
    await expect(stage.page.locator("#composer-text")).to_have_value("日本")
    await stage.page.locator("#composer-text").press("Enter")
    await expect(stage.page.locator("#composer-text")).to_have_value("")
    await expect(stage.page.locator(".bubble.message-outbound")).to_have_count(1)
    assert len(await stage.hears("reply")) == 1


async def test_in_a_mail_enter_is_a_new_line(stage: Stage, card: Frame) -> None:
    await stage.open(card)
    await _say(stage, "Hei")
    await stage.page.keyboard.type("Maija")
    await expect(stage.page.locator("#composer-text")).to_have_value("Hei\nMaija")
    assert stage.heard("reply") == []
    assert stage.heard("typing") == []


async def test_letters_right_after_a_shortcut_are_text(stage: Stage, chat: Frame) -> None:
    await stage.open(chat)
    focused = await stage.page.evaluate(
        """async () => {
          const key = { key: "r", bubbles: true, cancelable: true };
          document.activeElement.dispatchEvent(new KeyboardEvent("keydown", key));
          for (let n = 0; n < 9; n++) await null; // microtasks: no frame, no event comes between
          return document.activeElement.id;
        }"""
    )
    assert focused == "composer-text"


async def test_lines_are_grouped_and_linked(stage: Stage, chat: Frame) -> None:
    await stage.open(chat)
    at = ago(0)
    for text in ("Yksi https://example.fi/a.", "Kaksi"):
        message = stage.centre.message(chat, "inbound", text, at=at)
        stage.centre.tell(stage.centre.told(chat, message))
    bubbles = stage.page.locator(".bubble")
    await expect(bubbles).to_have_count(3)
    heads = [await bubbles.nth(n).get_attribute("data-head") for n in range(3)]
    assert heads == ["true", "true", "false"]
    link = bubbles.nth(1).locator("a")
    await expect(link).to_have_attribute("href", "https://example.fi/a")
    await expect(link).to_have_attribute("rel", "noopener noreferrer nofollow")


async def test_seen_by_the_citizen(stage: Stage, chat: Frame) -> None:
    await stage.open(chat)
    await _say(stage, "Yksi")
    await _say(stage, "Kaksi")
    own = stage.page.locator(".bubble.message-outbound")
    await expect(own).to_have_count(2)
    await expect(stage.page.locator("[data-unsent]")).to_have_count(0)
    await expect(own.filter(has_text="Nähty")).to_have_count(0)
    fake_chat.read(stage.centre, chat)
    await expect(own.last).to_contain_text("Nähty")
    await expect(own.first).not_to_contain_text("Nähty")
    # `read` carries the number of a message: the numbering of frames goes on untouched.
    fake_chat.say(stage.centre, chat, "Kiitos")
    await expect(stage.page.locator(".bubble").last).to_contain_text("Kiitos")
    assert stage.centre.snapshots == 1


async def test_typing_both_ways(stage: Stage, chat: Frame) -> None:
    page = stage.page
    await stage.open(chat)
    fake_chat.write(stage.centre, chat)
    await expect(page.locator(".typing")).to_have_text("Maija kirjoittaa…")
    await expect(page.locator(".contact-typing")).to_have_text("kirjoittaa…")
    await page.locator("#composer-text").press_sequentially("Hetki, katson tämän")
    assert len(await stage.hears("typing")) == 1
    fake_chat.say(stage.centre, chat, "Kiitos")
    await expect(page.locator(".typing")).to_have_text("")
    await expect(page.locator(".contact-typing")).to_have_count(0)
    assert stage.centre.snapshots == 1


async def test_a_note_is_no_line_of_the_chat(stage: Stage, chat: Frame) -> None:
    page = stage.page
    await stage.open(chat)
    await page.get_by_role("tab", name="Sisäinen muistiinpano").click()
    await expect(page.locator("#keys-hint")).to_contain_text("tallentaa")
    await _say(stage, "Vain meille")
    await expect(page.locator(".message-note")).to_contain_text("ei näy asukkaalle")
    await expect(page.locator(".bubble.message-outbound")).to_have_count(0)
    assert stage.heard("reply") == stage.heard("typing") == []


async def test_scrolled_up_it_stays_and_is_not_read(stage: Stage, chat: Frame) -> None:
    page = stage.page
    for n in range(40):
        stage.centre.message(chat, "inbound", f"rivi {n}", at=ago(30))
    await stage.open(chat)
    log = page.get_by_role("log")
    below = "log => log.scrollHeight - log.scrollTop - log.clientHeight"
    assert await log.evaluate(below) < 5
    fake_chat.say(stage.centre, chat, "Seurataan")
    await expect(page.locator(".bubble").last).to_contain_text("Seurataan")
    assert await log.evaluate(below) < 5
    await expect(page.locator(".contact .count")).to_have_count(0)
    await page.locator("#composer-text").fill("\n".join("abcdefghij"))
    await stage.holds(f"({below})(document.querySelector('[role=log]')) < 5")
    read = len(stage.heard("read"))
    await scroll_up(log)
    fake_chat.say(stage.centre, chat, "Uusin")
    newer = page.get_by_role("button", name="Uusia viestejä alempana")
    await expect(newer).to_be_visible()
    await expect(page.locator(".contact .count")).to_be_visible()
    assert await log.evaluate("log => log.scrollTop") == 0
    assert len(stage.heard("read")) == read
    await newer.click()
    await expect(newer).to_have_count(0)
    await expect(page.locator(".contact .count")).to_have_count(0)
    assert await log.evaluate(below) < 5


async def test_the_citizen_goes_and_comes_back(stage: Stage, chat: Frame) -> None:
    page = stage.page
    await stage.open(chat)
    fake_chat.go(stage.centre, chat, 130)
    banner = page.locator('[data-chat="away"]')
    await expect(banner).to_contain_text("on ollut poissa kello")
    await expect(banner).to_contain_text("10 minuutin")
    await expect(page.locator(".chip-away")).to_contain_text("poissa 2 min")
    await _say(stage, "Vastaan silti")
    await expect(page.locator(".bubble.message-outbound")).to_contain_text("Vastaan silti")
    chat["page_language"] = "sv"  # the page was switched; the language to answer in stays
    fake_chat.come_back(stage.centre, chat)
    await expect(page.locator("[data-reads]")).to_have_text("Sivun kieli: Ruotsi")
    await expect(banner).to_have_count(0)
    await expect(page.locator(".chip-away")).to_have_count(0)
    await expect(page.locator("#announcer")).to_have_text("Maija palasi keskusteluun.")


async def test_the_citizen_ends_the_chat(stage: Stage, chat: Frame) -> None:
    page = stage.page
    await stage.open(chat)
    fake_chat.leave(stage.centre, chat)
    await expect(page.locator(".toast")).to_contain_text("Maija poistui keskustelusta")
    await expect(page.locator('[data-chat="ended"]')).to_be_visible()
    await expect(page.get_by_role("tab", name="Vastaus")).to_be_disabled()
    await page.get_by_role("button", name="Kirjaa lopputulos").click()
    await expect(page.get_by_role("radio", name="Vastattu")).to_be_focused()
    await expect(page.locator('[data-act="close"]')).to_have_count(0)


async def test_resolved_is_not_presumed_while_the_citizen_waits(stage: Stage, chat: Frame) -> None:
    page = stage.page
    await stage.open(chat)
    await page.keyboard.press("w")
    resolved = page.get_by_role("checkbox", name="ratkaistu")
    await expect(resolved).not_to_be_checked()
    await expect(page.locator(".wrap-up")).to_contain_text("ei ole vastattu")
    await _say(stage, "Vastaus")
    await expect(resolved).to_be_checked()
    fake_chat.say(stage.centre, chat, "Vielä yksi asia")
    await expect(resolved).not_to_be_checked()
    await page.get_by_role("radio", name="Vastattu").check()
    await page.locator('[data-act="wrap-up"]').click()
    await expect(page.locator(".contact")).to_have_count(0)
    assert stage.heard("resolve") == []


async def test_only_by_keyboard_from_offer_to_wrap_up(stage: Stage) -> None:
    page, keys = stage.page, stage.page.keyboard
    await stage.open()
    card = fake_chat.begin(stage.centre, "Abdi")
    stage.centre.message(card, "inbound", "Hei!", at=ago(10))
    stage.centre.offer(card, 60)
    await expect(page.locator(".offer-chat")).to_be_visible()
    await keys.press("a")
    await expect(page.locator("#case-title")).to_be_focused()
    await keys.press("r")
    await keys.type("Hei Abdi, kaikki on kunnossa.")
    await keys.press("Enter")
    await expect(page.locator(".bubble.message-outbound")).to_have_count(1)
    await keys.press("Escape")
    await expect(page.locator("#case-title")).to_be_focused()
    await keys.press("w")
    await expect(page.get_by_role("radio", name="Vastattu")).to_be_focused()
    await keys.press("Space")
    await keys.press("Enter")
    await expect(page.locator(".contact")).to_have_count(0)
    await expect(page.locator(".nothing h2")).to_be_focused()
    assert (await stage.hears("wrap_up"))[0]["disposition"] == "answered"
    assert (await stage.hears("resolve"))[0]["case"] == card["case"]


async def test_ending_now_and_recording_later(stage: Stage, chat: Frame) -> None:
    page = stage.page
    await stage.open(chat)
    await page.keyboard.press("w")
    await expect(page.locator("#close-hint")).to_contain_text("Asukkaalle kerrotaan")
    await page.get_by_role("button", name="Lopeta keskustelu").click()
    await expect(page.locator('[data-chat="ended"]')).to_be_visible()
    await expect(page.locator(".toast")).to_have_count(0)
    assert [frame["contact"] for frame in await stage.hears("close")] == [chat["contact"]]


async def test_answers_to_press_go_with_a_line_and_come_back_where_it_is_refused(
    stage: Stage, chat: Frame
) -> None:
    page = stage.page
    await stage.open(chat)
    await page.locator("#composer-text").fill("Kumpi sopii?")
    toggle = page.locator('[data-act="choices"]')
    await toggle.press("Enter")
    await expect(page.locator("#choice-0")).to_be_focused()
    await page.keyboard.type(" Maanantai ")
    await page.keyboard.press("Enter")
    await expect(page.locator("#choice-1")).to_be_focused()
    await page.keyboard.type("Tiistai <b>😀")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Enter")
    await expect(page.locator("#composer-text")).to_be_focused()
    assert await violations(stage) == []
    stage.centre.refusals["reply"] = ("bad_request", "Liian pitkä.")
    await page.keyboard.press("Enter")
    await expect(page.locator('[data-unsent="failed"] .offered li')).to_have_count(2)
    await expect(page.locator("#choices")).to_have_count(0)
    await page.get_by_role("button", name="Muokkaa tekstiä").click()
    await expect(page.locator("#choice-1")).to_have_value("Tiistai <b>😀")
    await page.locator("#composer-text").press("Enter")
    offered = page.locator(".bubble.message-outbound .offered li")
    await expect(offered).to_have_text(["Maanantai", "Tiistai <b>😀"])
    replies = await stage.hears("reply")
    assert replies[-1]["choices"] == ["Maanantai", "Tiistai <b>😀"]
    await expect(toggle).to_have_attribute("aria-expanded", "false")
    await _say(stage, "Selvä.")
    await expect(page.locator(".bubble.message-outbound")).to_have_count(2)
    assert "choices" not in (await stage.hears("reply"))[-1]


async def test_a_silent_citizen_is_seen_kept_and_said_to_have_gone(
    stage: Stage, chat: Frame
) -> None:
    page, silent = stage.page, stage.page.locator('[data-chat="silent"]')
    await stage.open(chat)
    fake_chat.fall_silent(stage.centre, chat)
    await expect(silent).to_contain_text("Maija on ollut pitkään hiljaa")
    await expect(page.locator("#announcer")).to_contain_text("hiljaa")
    assert await violations(stage) == []
    await page.click('[data-act="stay"]')
    assert [frame["contact"] for frame in await stage.hears("stay")] == [chat["contact"]]
    await expect(silent).to_have_count(0)
    fake_chat.fall_silent(stage.centre, chat)
    await expect(silent).to_be_visible()
    fake_chat.say(stage.centre, chat, "Täällä")
    await expect(silent).to_have_count(0)
    fake_chat.leave(stage.centre, chat, "idle")
    await expect(page.locator('[data-chat="ended"]')).to_contain_text("Maija ei vastannut")
