"""Before the first word: a topic by keyboard, in which language, its doors in place; and a switch
of the language while one talks."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.chat_page.conftest import Stage
from tests.chat_page.fake_server import Desk

pytestmark = pytest.mark.needs_package("chromium")


async def test_a_topic_is_chosen_by_keyboard_and_outlives_a_reload(
    stage: Stage, desk: Desk
) -> None:
    page = stage.page
    await page.goto(f"{stage.url}/chat?organisation=mikkeli&lang=en")
    first = page.locator("[data-topic]").first
    await expect(first).to_contain_text("Open now. Estimated wait: about 2–8 minutes.")  # noqa: RUF001
    await first.focus()
    await page.keyboard.press("Enter")
    await expect(page.locator("h2[data-first]")).to_be_focused()
    await expect(page.locator("h1")).to_have_text("Parking")
    # Nobody is put into another language unasked: the page's is not spoken here.
    await expect(page.locator("#spoken")).to_have_accessible_description(
        "Nobody answers in English on this topic."
    )
    await page.fill("#first", "Where do I get a permit?")
    await page.click('.chosen [data-act="topics"]')
    await page.click('[data-topic="mikkeli/parking"]')
    await expect(page.locator("#first")).to_have_value("Where do I get a permit?")
    await page.select_option("#spoken", "sv")
    await page.click('[data-act="start"]')
    hello = await desk.until("hello")
    asked = {"queue": "streets", "topic": "mikkeli/parking", "language": "sv"}
    assert hello.items() >= {**asked, "page_language": "en"}.items()
    await desk.until("message")
    await page.reload()
    await expect(page.locator(".said")).to_have_count(1)
    await expect(page.locator("h1")).to_have_text("Parking")
    assert desk.of("hello")[-1].items() >= {**asked, "resume": "secret-1"}.items()

    await page.fill("#composer", "Still here")
    await page.click('.languages [lang="fi"]')
    assert (await desk.until("language"))["language"] == "fi"
    await expect(page.locator("html")).to_have_attribute("lang", "fi")
    await expect(page.locator("#composer")).to_have_value("Still here")
    desk.cut()  # and what was switched while nobody heard is told with the next hello
    await desk.until("hello", lambda frame: frame["page_language"] == "fi")
    assert desk.of("hello")[-1]["language"] == "sv"


async def test_a_closed_topic_takes_a_call_or_a_message_in_place(stage: Stage, desk: Desk) -> None:
    page = stage.page
    stage.excused += ("400 (Bad Request)",)
    await page.goto(f"{stage.url}/chat?organisation=mikkeli&lang=fi")
    hostile = page.locator('[data-topic="mikkeli/daycare"]')
    await expect(hostile).to_contain_text("onerror")
    assert await page.evaluate("window.hit") is None
    await hostile.click()
    await expect(stage.screen("closed")).to_contain_text("maanantai 30. marraskuuta")
    await expect(page.locator("h2[data-first]")).to_be_focused()
    assert desk.of("hello") == []  # nothing was asked of the server for that
    await page.click('[data-act="call-me"]')
    await page.fill("#change-to", "12")
    await page.fill("#change-matter", "Milloin haku alkaa?")
    await page.click('[data-act="change-send"]')
    await expect(page.locator("#change-to")).to_be_focused()
    await expect(page.locator("#change-error")).to_have_text("Tarkista numero.")
    await page.click('.languages [lang="sv"]')
    await expect(page.locator("#change-error")).not_to_have_text("Tarkista numero.")
    await expect(page.locator("#change-matter")).to_have_value("Milloin haku alkaa?")
    await page.fill("#change-to", "050 339 1387")
    await page.click('[data-act="change-send"]')
    await expect(stage.screen("changed")).to_contain_text("050 339 1387")
    first, second = desk.of("asked_call")
    assert first["request_id"] != second["request_id"]  # another number is another request
    assert second.items() >= {"queue": "daycare", "language": "sv"}.items()
    assert re.fullmatch(r"Dagvård\n\nMilloin haku alkaa\?", second["matter"])
    await page.reload()
    await expect(page.locator("[data-topic]")).to_have_count(2)  # nothing is left of it
