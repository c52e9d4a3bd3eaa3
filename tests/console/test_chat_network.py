"""A chat and the network: nothing lost, nothing twice, and nothing but text."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from tests.console import fake_chat
from tests.console.conftest import Stage
from tests.console.fake_centre import Centre, Frame, ago
from tests.console.scenes_chat import chats
from tests.console.test_access import HOSTILE, LANGUAGES, cut_off, wrong
from tests.looks import in_every_look

pytestmark = pytest.mark.needs_package("chromium")


@pytest.fixture
def centre(request: pytest.FixtureRequest) -> Centre:
    """Three chats and two mails."""
    return chats()


@pytest.fixture
def chat(centre: Centre) -> Frame:
    """The one that is talked in."""
    return next(card for card in centre.cards.values() if card["channel"] == "chat")


async def _texts(page: Page) -> list[str]:
    return await page.locator(".bubble .message-text").all_inner_texts()


async def test_lines_stand_by_their_numbers_each_once(stage: Stage, chat: Frame) -> None:
    await stage.open(chat)
    before = await _texts(stage.page)
    first = stage.centre.message(chat, "inbound", "ensin")
    second = stage.centre.message(chat, "inbound", "sitten")
    for message in (second, first, second):
        stage.centre.tell(stage.centre.told(chat, message))
    await expect(stage.page.locator(".bubble")).to_have_count(len(before) + 2)
    assert await _texts(stage.page) == [*before, "ensin", "sitten"]


@pytest.mark.parametrize("kept", [True, False], ids=["resumed", "snapshot"])
async def test_nothing_is_lost_by_a_cut(stage: Stage, chat: Frame, kept: bool) -> None:
    page = stage.page
    await stage.open(chat)
    before = await _texts(page)
    await page.locator("#composer-text").fill("ennen")
    stage.door.deaf_to.add("reply")
    await page.keyboard.press("Enter")
    await expect(page.locator('[data-unsent="waiting"]')).to_contain_text("ennen")
    await stage.door.cut()
    await expect(page.locator('[data-link="offline"]')).to_be_visible()
    fake_chat.say(stage.centre, chat, "katkon aikana")
    await page.locator("#composer-text").fill("kirjoitettu katkolla")
    await page.keyboard.press("Enter")
    if not kept:
        stage.centre.feed.clear()
    stage.door.closed = False
    await expect(page.locator('[data-link="offline"]')).to_have_count(0)
    await expect(page.locator("[data-unsent]")).to_have_count(0)
    await expect(page.locator(".bubble")).to_have_count(len(before) + 3)
    assert await _texts(page) == [*before, "ennen", "katkon aikana", "kirjoitettu katkolla"]
    stored = [m["text"] for m in stage.centre.messages[chat["case"]] if m["direction"] != "note"]
    assert stored == await _texts(page)


async def test_a_refused_line_can_go_again(stage: Stage, chat: Frame) -> None:
    page = stage.page
    await stage.open(chat)
    stage.centre.refuse("reply", "too_many", "Liian monta viestiä.")
    await page.locator("#composer-text").fill("Yritys")
    await page.keyboard.press("Enter")
    failed = page.locator('.bubble[data-unsent="failed"]')
    await expect(failed).to_contain_text("Liian monta viestiä.")
    await failed.get_by_role("button", name="Yritä uudelleen").click()
    await expect(page.locator("[data-unsent]")).to_have_count(0)
    await expect(page.locator(".bubble").last).to_contain_text("Yritys")
    first, second = await stage.hears("reply", 2)
    assert first["client_id"] == second["client_id"]


async def test_hostile_words_are_words(stage: Stage, centre: Centre) -> None:
    page = stage.page
    names = {"queue": HOSTILE, "language": HOSTILE}
    card = fake_chat.begin(centre, HOSTILE, mine=True, **names)
    lines = [HOSTILE, "javascript:alert(1) https://example.net/?a=<b>", "<script>hurt=1</script>"]
    for text in lines:
        centre.message(card, "inbound", text, at=ago(5), **{"from": HOSTILE})
    centre.offer(fake_chat.begin(centre, HOSTILE, **names))
    await stage.open(card)
    fake_chat.write(centre, card)
    fake_chat.go(centre, card)
    await expect(page.locator('[data-chat="away"]')).to_contain_text(HOSTILE)
    await expect(page.locator(".typing")).to_contain_text(HOSTILE)
    await expect(page.locator("#case-title")).to_have_text(HOSTILE)
    assert await _texts(page) == lines
    assert await page.evaluate("window.hurt") is None
    assert await page.locator("#app img, #app script").count() == 0
    links = await page.locator(".bubble a").evaluate_all("all => all.map(one => one.href)")
    assert links == ["https://example.net/?a="]


@pytest.mark.parametrize("size", [(1440, 900), (320, 640)], ids=["wide", "narrow"])
async def test_axe_finds_nothing_in_chats(stage: Stage, chat: Frame) -> None:
    await stage.open()
    assert await wrong(stage) == {}
    await stage.page.locator(f'[data-contact="{chat["contact"]}"]').click()
    fake_chat.write(stage.centre, chat)
    fake_chat.go(stage.centre, chat, 100)
    await expect(stage.page.locator('[data-chat="away"]')).to_be_visible()
    assert await wrong(stage) == {}
    fake_chat.leave(stage.centre, chat)
    await expect(stage.page.locator('[data-chat="ended"]')).to_be_visible()
    assert await wrong(stage) == {}


@pytest.mark.parametrize("language", LANGUAGES)
async def test_no_chat_is_cut_off(stage: Stage, chat: Frame, language: str) -> None:
    stage.centre.language = language
    await stage.open()
    sizes = [(320, 640), (320, 256), (1024, 768)]
    assert await in_every_look(stage.page, lambda: cut_off(stage.page), sizes=sizes) == {}
    await stage.page.locator(f'[data-contact="{chat["contact"]}"]').click()
    fake_chat.write(stage.centre, chat)
    fake_chat.go(stage.centre, chat, 100)
    await expect(stage.page.locator('[data-chat="away"]')).to_be_visible()
    assert await in_every_look(stage.page, lambda: cut_off(stage.page), sizes=sizes) == {}
