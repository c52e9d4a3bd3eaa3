"""Whatever goes away by itself, the keyboard is not left nowhere."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.chat_page.conftest import Stage
from tests.chat_page.fake_server import AT, Desk
from tests.chromium import scroll_up

pytestmark = pytest.mark.needs_package("chromium")
ASKED = {"closes_at": AT.format(9), "closes_in_s": 150.0}
ANSWERED = {"closes_at": None, "closes_in_s": None}


async def test_the_question_whether_one_is_there_goes_away(stage: Stage, desk: Desk) -> None:
    """Settled in another tab, by an answer, and by one's own press."""
    await stage.talk("Hei")
    asked, composer = stage.page.locator("[data-idle]"), stage.page.locator("#composer")
    stay = stage.page.locator('[data-act="stay"]')
    await desk.tell("idle", **ASKED)
    await stay.focus()
    await desk.tell("idle", **ANSWERED)
    await expect(asked).to_have_count(0)
    await expect(composer).to_be_focused()
    await desk.tell("idle", **ASKED)
    await stay.focus()
    await desk.say("Löytyi.")
    await expect(asked).to_have_count(0)
    await expect(composer).to_be_focused()
    await desk.tell("idle", **ASKED)
    await stay.press("Enter")
    await desk.until("stay")
    await expect(composer).to_be_focused()
    await desk.tell("idle", **ASKED)
    await stay.focus()
    await desk.tell("closed", reason="idle")
    await expect(stage.page.locator('[data-reason="idle"] h2')).to_be_focused()


async def test_answers_to_press_and_a_try_once_more_go_away(stage: Stage, desk: Desk) -> None:
    await stage.talk("Hei")
    composer = stage.page.locator("#composer")
    await desk.say("Kumpi?", choices=["Ma", "Ti"])
    await stage.page.locator('[data-act="choose"]').last.focus()
    await desk.say("Odota vielä.")
    await expect(composer).to_be_focused()
    desk.echoes = False
    await stage.write("Ei mene")
    one = await desk.until("message", lambda frame: frame["text"] == "Ei mene")
    await desk.tell("error", client_id=one["client_id"], code="bad_request", message="Ei.")
    await stage.page.locator('[data-act="retry"]').press("Enter")
    await expect(stage.page.locator(".failed")).to_have_count(0)
    await expect(composer).to_be_focused()


async def test_one_reads_on_at_the_newest_message(stage: Stage, desk: Desk) -> None:
    await stage.talk("Hei")
    for n in range(12):
        await desk.say(f"{n} " + "pitkä viesti " * 20)
    await expect(stage.page.locator(".theirs")).to_have_count(12)
    log, newest = stage.page.locator(".log"), stage.page.locator(".to-end")
    await scroll_up(log)
    await desk.say("Viimeinen")
    await newest.press("Enter")
    await expect(newest).to_have_count(0)
    await expect(log).to_be_focused()


async def test_who_looks_elsewhere_is_left_there(stage: Stage, desk: Desk) -> None:
    """A press beside everything lets the focus go: on a telephone the keyboard would come up."""
    await stage.talk("Hei")
    await desk.tell("idle", **ASKED)
    await stage.page.locator('[data-act="stay"]').focus()
    await stage.page.click("h1")
    await desk.tell("idle", **ANSWERED)
    await expect(stage.page.locator("[data-idle]")).to_have_count(0)
    await expect(stage.page.locator("body")).to_be_focused()
