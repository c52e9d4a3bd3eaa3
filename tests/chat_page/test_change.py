"""Being called or written to instead of waiting: the way there, what is refused, what is lost."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.chat_page.conftest import Stage
from tests.chat_page.fake_server import AGENT, Desk

pytestmark = pytest.mark.needs_package("chromium")
NO = "Emme soita palvelunumeroihin."
NUMBER = "050 339 1387"


@pytest.fixture
def desk() -> Desk:
    """A queue that offers both."""
    return Desk(offers=["callback", "mail"])


async def _ask(stage: Stage, number: str = NUMBER) -> None:
    """Open the form, fill it in and send it."""
    await stage.page.click('[data-act="call-me"]')
    await stage.page.fill("#change-to", number)
    await stage.page.press("#change-to", "Enter")


async def test_from_the_line_to_a_call_by_keyboard_alone(stage: Stage, desk: Desk) -> None:
    page, keys = stage.page, stage.page.keyboard
    await stage.begin("Hei, milloin avaatte?")
    await expect(page.locator('[data-act="write-me"]')).to_be_visible()
    await page.focus("#composer")
    for _ in range(2):
        await keys.press("Shift+Tab")
    await expect(page.locator('[data-act="call-me"]')).to_be_focused()
    await keys.press("Enter")
    await expect(page.locator("#change-title")).to_be_focused()
    await keys.press("Tab")
    await keys.press("Enter")
    await expect(page.locator("#change-to")).to_be_focused()
    await expect(page.locator("#change-error")).to_contain_text("Kirjoita puhelinnumerosi")
    assert desk.of("change") == []
    await keys.type(NUMBER)
    await keys.press("Enter")
    frame = await desk.until("change")
    assert (frame["to"], frame["number"]) == ("callback", NUMBER)
    assert frame["request_id"]
    assert "address" not in frame
    await desk.tell("changed", contact="17", status_url=f"{stage.url}/callback/abc", ref="change")
    await expect(page.locator('[data-reason="changed"] h2')).to_be_focused()
    await expect(page.locator(".ended")).to_contain_text(NUMBER)
    link = page.locator(".ended a")
    assert await link.get_attribute("href") == f"{stage.url}/callback/abc"
    assert await link.get_attribute("rel") == "noopener noreferrer"
    await expect(page.locator(".chat")).to_have_attribute("data-link", "idle")
    assert desk.of("leave") == []


async def test_nothing_leads_back_and_a_new_chat_is_a_new_one(stage: Stage, desk: Desk) -> None:
    await stage.begin("Hei")
    await _ask(stage)
    await desk.until("change")
    await desk.tell("changed", contact="17", status_url="http://x.example/callback/abc")
    await expect(stage.screen("changed")).to_be_visible()
    first = desk.of("hello")[0]["request_id"]
    await stage.page.click('[data-act="again"]')
    hello = await desk.until("hello", lambda frame: frame["request_id"] != first)
    assert "resume" not in hello
    await stage.page.reload()
    await expect(stage.screen("waiting")).to_be_visible()


async def test_what_is_refused_is_said_beside_the_field_and_the_chat_goes_on(
    stage: Stage, desk: Desk
) -> None:
    await stage.begin("Hei")
    await _ask(stage, "0600 12345")
    frame = await desk.until("change")
    await desk.tell("error", code="number_not_allowed", field="number", message=NO, ref="change")
    await expect(stage.page.locator("#change-error")).to_have_text(NO)
    await expect(stage.page.locator("#change-to")).to_be_focused()
    await expect(stage.page.locator("#change-to")).to_have_value("0600 12345")
    await stage.page.press("#change-to", "Enter")
    again = await desk.until("change", lambda one: one["request_id"] != frame["request_id"])
    late = "Yritä myöhemmin."
    await desk.tell("error", code="too_many", message=late, retry_after_s=60, ref=again["ref"])
    await expect(stage.page.locator("[data-form-error]")).to_have_text(late)
    await stage.page.click('[data-act="back"]')
    await expect(stage.page.locator("#composer")).to_be_focused()
    await stage.write("Odotan sittenkin")
    await desk.until("message", lambda one: one["text"] == "Odotan sittenkin")
    await desk.join()
    await expect(stage.page.locator(".status")).to_contain_text(AGENT)
    await expect(stage.page.locator('[data-act="call-me"]')).to_have_count(0)


async def test_an_answer_that_was_lost_is_asked_for_again(stage: Stage, desk: Desk) -> None:
    await stage.begin("Hei")
    await _ask(stage)
    first = await desk.until("change")
    desk.heard.remove(first)
    desk.welcome = {"type": "closed", "reason": "changed"}
    desk.cut()
    second = await desk.until("change")
    assert second == first
    await desk.tell("changed", contact="17", status_url="http://x.example/callback/abc")
    await expect(stage.page.locator('[data-reason="changed"] a')).to_be_visible()


async def test_busy_is_no_refusal(stage: Stage, desk: Desk) -> None:
    await stage.begin("Hei")
    await _ask(stage)
    first = await desk.until("change")
    desk.heard.clear()
    await desk.tell("error", code="unavailable", message="", retry_after_s=0, ref="change")
    assert await desk.until("change") == first


async def test_an_agent_who_answers_comes_before_any_call(stage: Stage, desk: Desk) -> None:
    await stage.begin("Hei")
    await stage.page.click('[data-act="call-me"]')
    await expect(stage.screen("change")).to_be_visible()
    await desk.join()
    await expect(stage.screen("talking")).to_be_visible()
    await expect(stage.page.locator("#composer")).to_be_focused()


async def test_a_mail_instead_keeps_what_was_said(stage: Stage, desk: Desk) -> None:
    await stage.begin("Hei")
    await stage.page.click('[data-act="write-me"]')
    await stage.page.fill("#change-to", "maija@example.org")
    await stage.page.press("#change-to", "Enter")
    frame = await desk.until("change")
    assert (frame["to"], frame["address"]) == ("mail", "maija@example.org")
    await desk.tell("changed", contact="17")
    await expect(stage.page.locator('[data-reason="changed"]')).to_contain_text("maija@example.org")
    await expect(stage.page.locator('[data-reason="changed"] a')).to_have_count(0)


async def test_only_what_the_queue_offers_is_offered(stage: Stage, desk: Desk) -> None:
    desk.offers = ["callback", "pigeon"]
    await stage.begin("Hei")
    await expect(stage.page.locator('[data-act="call-me"]')).to_be_visible()
    await expect(stage.page.locator('[data-act="write-me"]')).to_have_count(0)
    desk.offers = []
    await stage.page.reload()
    await expect(stage.screen("waiting")).to_be_visible()
    await expect(stage.page.locator("[data-place]")).to_be_visible()
    await expect(stage.page.locator('[data-act="call-me"]')).to_have_count(0)


async def test_a_page_that_missed_the_answer_is_told_after_its_hello(
    stage: Stage, desk: Desk
) -> None:
    await stage.begin("Hei")
    url = f"{stage.url}/callback/abc"
    desk.after_welcome = [{"type": "changed", "contact": "17", "status_url": url}]
    await stage.page.reload()
    await expect(stage.page.locator('[data-reason="changed"] a')).to_have_attribute("href", url)
    await expect(stage.page.locator(".chat")).to_have_attribute("data-link", "idle")


async def test_a_chat_that_was_changed_elsewhere_says_so(stage: Stage, desk: Desk) -> None:
    await stage.begin("Hei")
    await desk.tell("closed", reason="changed")
    await expect(stage.page.locator('[data-reason="changed"]')).to_contain_text("Otamme sinuun")
