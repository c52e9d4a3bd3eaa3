"""A chat from the first word to the last, and everything that may come between."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.chat_page.conftest import Stage
from tests.chat_page.fake_server import AGENT, Desk

pytestmark = pytest.mark.needs_package("chromium")
CLOSED = {"type": "closed", "reason": "queue_closed", "offers": ["leave_message"]}


async def test_from_start_to_end_by_keyboard_alone(stage: Stage, desk: Desk) -> None:
    page, keys = stage.page, stage.page.keyboard
    await stage.open()
    await keys.press("Tab")
    await expect(page.locator("#first")).to_be_focused()
    await keys.type("Hei, kuka vastaa?")
    await keys.press("Tab")
    await keys.type("Maija")
    await keys.press("Enter")
    await expect(page.locator("#composer")).to_be_focused()
    await expect(page.locator("[data-place]")).to_contain_text("3")
    hello = desk.of("hello")[0]
    assert (hello["queue"], hello["language"], hello["name"]) == ("general", "fi", "Maija")
    assert hello["after"] == 0
    assert hello["request_id"]
    assert "resume" not in hello
    await desk.until("message", lambda frame: frame["text"] == "Hei, kuka vastaa?")
    await desk.tell("waiting", place=1, low_s=None, high_s=None, staffed=True)
    await expect(page.locator("#announcer")).to_contain_text("seuraavana")
    await desk.join()
    await expect(page.locator(".status")).to_contain_text(AGENT)
    await keys.type("Ensimmäinen")
    await keys.press("Shift+Enter")
    await keys.type("toinen")
    await keys.press("Enter")
    sent = await desk.until("message", lambda frame: "toinen" in frame["text"])
    assert sent["text"] == "Ensimmäinen\ntoinen"
    await expect(page.locator("[data-sent=sent]")).to_be_visible()
    said = await desk.say("Minä vastaan.")
    await desk.until("read", lambda frame: frame["seq"] == said["seq"])
    await keys.press("Shift+Tab")
    await keys.press("Shift+Tab")
    await expect(page.locator('[data-act="end"]')).to_be_focused()
    await keys.press("Enter")
    await expect(page.locator('[data-act="end-yes"]')).to_be_focused()
    await keys.press("Escape")
    await expect(page.locator("dialog")).to_have_count(0)
    await expect(page.locator('[data-act="end"]')).to_be_focused()
    assert desk.of("leave") == []
    await keys.press("Enter")
    await expect(page.locator('[data-act="end-yes"]')).to_be_focused()
    await keys.press("Enter")
    await desk.until("leave")
    await expect(page.locator('[data-reason="left"] h2')).to_be_focused()
    for _ in range(3):  # past what was written, to be had by mail, and the case's page
        await keys.press("Tab")
    await keys.press("Enter")
    await expect(page.locator("#composer")).to_be_focused()
    await desk.until("hello", lambda frame: frame.get("resume") == "secret-1")


async def test_both_see_that_the_other_types_and_has_read(stage: Stage, desk: Desk) -> None:
    await stage.talk("Hei")
    await stage.page.locator("#composer").press_sequentially("Kirjoitan pitkään")
    await desk.until("typing")
    assert len(desk.of("typing")) == 1
    await desk.tell("typing")
    await expect(stage.page.locator("[data-typing]")).to_contain_text(AGENT)
    await desk.say("Hei!")
    await expect(stage.page.locator("[data-typing]")).to_have_count(0)
    await desk.tell("read", seq=1)
    await expect(stage.page.locator('[data-seq="1"] [data-sent="read"]')).to_be_visible()


async def test_a_message_is_shown_at_once_and_sent_by_its_echo(stage: Stage, desk: Desk) -> None:
    await stage.talk()
    desk.echoes = False
    await stage.write("Hetki")
    await expect(stage.page.locator("[data-sent=sending]")).to_be_visible()
    frame = await desk.until("message")
    await desk.tell("error", code="bad_request", message="Ei käy.", client_id=frame["client_id"])
    await expect(stage.page.locator(".failed")).to_contain_text("Ei käy.")
    desk.echoes = True
    await stage.page.click('[data-act="retry"]')
    await expect(stage.page.locator("[data-sent=sent]")).to_be_visible()
    await expect(stage.page.get_by_text("Hetki", exact=True)).to_have_count(1)
    assert {one["client_id"] for one in desk.of("message")} == {frame["client_id"]}


async def test_enter_while_an_input_method_composes_sends_nothing(stage: Stage, desk: Desk) -> None:
    await stage.talk()
    await stage.page.fill("#composer", "にほん")
    await stage.page.eval_on_selector(
        "#composer",
        "box => box.dispatchEvent(new KeyboardEvent('keydown',"
        " {key: 'Enter', isComposing: true, bubbles: true, cancelable: true}))",
    )
    await expect(stage.page.locator("#composer")).to_have_value("にほん")
    await stage.page.press("#composer", "Enter")
    await desk.until("message")
    assert len(desk.of("message")) == 1


@pytest.mark.parametrize("reason", ["agent", "idle", "expired"])
async def test_the_end_says_why(stage: Stage, desk: Desk, reason: str) -> None:
    await stage.talk("Hei")
    await desk.tell("closed", reason=reason)
    await expect(stage.page.locator(f'[data-reason="{reason}"] h2')).to_be_focused()
    await expect(stage.page.locator('[data-seq="1"]')).to_be_visible()
    await stage.page.click('[data-act="again"]')
    await expect(stage.page.locator("#composer")).to_be_focused()
    secret = None if reason == "expired" else "secret-1"
    first = desk.of("hello")[0]["request_id"]
    hello = await desk.until("hello", lambda frame: frame["request_id"] != first)
    assert hello.get("resume") == secret
    await expect(stage.page.locator('[data-seq="1"]')).to_have_count(1)


async def test_what_the_end_overtook_may_be_sent_again(stage: Stage, desk: Desk) -> None:
    await stage.talk()
    desk.echoes = False
    await stage.write("Vielä yksi asia")
    await desk.until("message")
    await desk.tell("closed", reason="agent")
    await expect(stage.page.locator(".failed")).to_contain_text("Vielä yksi asia")
    desk.echoes = True
    await stage.page.click('[data-act="again"]')
    await expect(stage.page.locator('[data-seq="1"]')).to_contain_text("Vielä yksi asia")
    await expect(stage.page.locator(".failed")).to_have_count(0)


async def test_closed_queue_takes_a_message(stage: Stage, desk: Desk) -> None:
    desk.welcome = {**CLOSED, "opens_at": "2026-11-25T06:00:00+00:00"}
    page = stage.page
    await stage.open()
    await page.fill("#first", "Missä on kirjasto?")
    await page.click('[data-act="start"]')
    await expect(page.locator(".ended")).to_contain_text("keskiviikko")
    await page.click('[data-act="leave"]')
    await expect(page.locator("#leave-title")).to_be_focused()
    await expect(page.locator("#leave-text")).to_have_value("Missä on kirjasto?")
    await page.click('[data-act="leave-send"]')
    await expect(page.locator("#leave-address")).to_be_focused()
    await expect(page.locator("#leave-address-error")).to_be_visible()
    await page.fill("#leave-address", "maija@")
    await page.fill("#leave-text", " ")
    await page.press("#leave-address", "Enter")
    await expect(page.locator("#leave-text-error")).to_be_visible()
    await expect(page.locator("#leave-address")).to_have_value("maija@")
    assert desk.of("leave_message") == []
    await page.fill("#leave-address", "maija@example.invalid")
    await page.fill("#leave-text", "Missä?")
    await page.click('[data-act="leave-send"]')
    asked = await desk.until("leave_message")
    assert (asked["address"], asked["text"]) == ("maija@example.invalid", "Missä?")
    no = "Osoitetta ei ole."
    await desk.tell("error", code="bad_request", field="address", message=no, ref=asked["ref"])
    await expect(page.locator("#leave-address-error")).to_contain_text(no)
    await expect(page.locator("#leave-text")).to_have_value("Missä?")
    await page.fill("#leave-address", "maija@example.org")
    await page.press("#leave-address", "Enter")
    await desk.until("leave_message", lambda frame: frame["address"] == "maija@example.org")
    await desk.tell("left_message", contact="18")
    await expect(page.locator('[data-reason="left_message"]')).to_contain_text("maija@example.org")
    await expect(page.locator('[data-reason="left_message"] h2')).to_be_focused()
    assert desk.of("leave") == []


async def test_nobody_on_duty_offers_to_leave_a_message(stage: Stage, desk: Desk) -> None:
    nobody = {"type": "waiting", "place": 1, "low_s": None, "high_s": None, "staffed": False}
    desk.after_welcome = [nobody]
    await stage.begin()
    await stage.page.click('.waiting [data-act="leave"]')
    await stage.page.click('[data-act="back"]')
    await expect(stage.page.locator("#composer")).to_be_focused()
    await stage.page.click('.waiting [data-act="leave"]')
    await stage.page.fill("#leave-address", "maija@example.org")
    await stage.page.fill("#leave-text", "Soittakaa.")
    await stage.page.click('[data-act="leave-send"]')
    await desk.until("leave_message")
    await desk.tell("left_message", contact="18")
    await desk.tell("closed", reason="left")  # the server itself ends the wait
    await expect(stage.screen("left")).to_be_visible()
    await expect(stage.page.locator(".chat")).to_have_attribute("data-link", "idle")
    assert desk.of("leave") == []


async def test_no_place_is_shown_before_it_is_told(stage: Stage, desk: Desk) -> None:
    desk.after_welcome = []
    await stage.begin()
    await expect(stage.screen("waiting")).to_be_visible()
    await expect(stage.page.locator(".waiting")).to_have_count(0)
    await desk.tell("waiting", place=2, low_s=None, high_s=None, staffed=True)
    await expect(stage.page.locator("[data-place]")).to_contain_text("2")


async def test_how_long_it_will_take_is_shown_and_said(stage: Stage, desk: Desk) -> None:
    desk.after_welcome = [
        {"type": "waiting", "place": 2, "low_s": 180, "high_s": 480, "staffed": True}
    ]
    await stage.begin()
    shown, announcer = stage.page.locator("[data-wait]"), stage.page.locator("#announcer")
    await expect(shown).to_have_text("Arvioitu odotusaika: noin 3–8 minuuttia.")  # noqa: RUF001
    await expect(announcer).to_contain_text("noin 3–8 minuuttia")  # noqa: RUF001
    await desk.tell("waiting", place=1, low_s=0, high_s=240, staffed=True)
    await expect(shown).to_have_text("Arvioitu odotusaika: enintään noin 4 minuuttia.")
    await expect(announcer).not_to_contain_text("4")  # within a minute it is said once
    await desk.tell("waiting", place=1, low_s=None, high_s=None, staffed=True)
    await expect(shown).to_have_count(0)


async def test_an_agent_who_is_lost_is_no_end(stage: Stage, desk: Desk) -> None:
    await stage.talk("Hei")
    await desk.tell("waiting", place=1, low_s=None, high_s=None, staffed=True)
    await expect(stage.page.locator("#waiting-title")).to_contain_text("paikkasi säilyi")
    await expect(stage.page.locator("#announcer")).to_contain_text("paikkasi säilyi")
    await expect(stage.page.locator("#composer")).to_be_visible()


async def test_what_is_refused_at_the_door_is_said(stage: Stage, desk: Desk) -> None:
    no = "Liian monta yritystä."
    desk.welcome = {"type": "error", "code": "too_many", "message": no, "retry_after_s": 20}
    await stage.open()
    await stage.page.fill("#first", "Hei")
    await stage.page.click('[data-act="start"]')
    await expect(stage.page.get_by_role("alert")).to_contain_text(no)
    await expect(stage.page.locator("#first")).to_have_value("Hei")


async def test_language_is_switched_in_the_middle(stage: Stage, desk: Desk) -> None:
    await stage.talk("Hei")
    await stage.page.get_by_role("button", name="Svenska").click()
    await expect(stage.page.locator("h1")).to_have_text("Allmän rådgivning")
    await expect(stage.page.locator("html")).to_have_attribute("lang", "sv")
    await expect(stage.page.locator('[data-seq="1"]')).to_be_visible()
    await stage.page.reload()
    await expect(stage.page.locator("h1")).to_have_text("Allmän rådgivning")
    await expect(stage.page.locator('[data-seq="1"]')).to_be_visible()


async def test_answers_are_pressed_by_keyboard_and_go_once(stage: Stage, desk: Desk) -> None:
    page = stage.page
    await stage.talk("Hei")
    await page.fill("#composer", "kesken")
    await desk.say("Sopiiko maanantai?", choices=["Kyllä", "Ei"])
    buttons = page.locator('[data-act="choose"]')
    await expect(buttons).to_have_text(["Kyllä", "Ei"])
    await expect(page.locator("#announcer")).to_contain_text("Kyllä, Ei")
    await page.reload()
    await expect(buttons).to_have_count(2)  # they came with the message
    await page.get_by_role("group", name="Valitse vastaus").get_by_role("button").nth(1).focus()
    await page.keyboard.press("Enter")
    sent = await desk.until("message", lambda frame: frame["text"] == "Ei")
    await expect(buttons).to_have_count(0)
    await expect(page.locator("#composer")).to_be_focused()
    await expect(page.locator("#composer")).to_have_value("kesken")
    await desk.say("Entä tiistai?", choices=["Kyllä"])
    await desk.say("Odota, tarkistan.")
    await expect(page.locator(".theirs")).to_have_count(3)
    await expect(buttons).to_have_count(0)
    assert [one["client_id"] for one in desk.of("message") if one["text"] == "Ei"] == [
        sent["client_id"]
    ]


async def test_who_is_silent_is_asked_and_answers_by_a_press_or_a_key(
    stage: Stage, desk: Desk
) -> None:
    page, asked = stage.page, stage.page.locator("[data-idle]")
    await stage.talk("Hei")
    await desk.tell("idle", closes_at="2026-11-24T08:10:00.000000+00:00", closes_in_s=180.0)
    await expect(asked).to_contain_text("3 minuutin")
    await page.click('[data-act="stay"]')
    await desk.until("stay")
    await expect(page.locator("#composer")).to_be_focused()
    await desk.tell("idle", closes_at=None, closes_in_s=None)
    await expect(asked).to_have_count(0)
    await expect(page.locator("#announcer")).to_contain_text("jatkuu")
    await desk.tell("idle", closes_at="2026-11-24T08:20:00.000000+00:00", closes_in_s=25.0)
    await expect(asked).to_contain_text("20 sekunnin")
    await page.keyboard.type("v")
    await desk.until("stay", lambda frame: len(desk.of("stay")) == 2)
    await desk.tell("idle", closes_at=None, closes_in_s=None)
    # Who is writing just now is not even asked.
    await desk.tell("idle", closes_at="2026-11-24T08:30:00.000000+00:00", closes_in_s=180.0)
    await desk.until("stay", lambda frame: len(desk.of("stay")) == 3)


async def test_who_answers_stands_among_what_was_said_and_the_end_shows_the_ways_on(
    stage: Stage, desk: Desk
) -> None:
    page, turns = stage.page, stage.page.locator("[data-turn]")
    desk.offers = ["callback", "mail"]
    await stage.talk("Hei")
    at = "2026-11-24T08:00:{:02}.000000+00:00"
    await desk.tell("agent_came", id="1", at=at.format(1), agent="Aino")
    await desk.say("Siirrän sinut.")
    await desk.tell("agent_left", id="2", at=at.format(50), agent="Aino", why="transfer")
    desk.after_welcome = [
        {"type": "waiting", "place": 1, "low_s": None, "high_s": None, "staffed": True}
    ]
    await desk.tell("waiting", place=1, low_s=None, high_s=None, staffed=True)
    await expect(turns).to_have_text([re.compile("nyt Aino"), re.compile("Aino siirsi")])
    await expect(page.locator("#waiting-title")).to_contain_text("paikkasi säilyi")
    await page.click('[data-act="end"]')
    await expect(page.locator("dialog")).to_contain_text("Menetät paikkasi")
    await page.click('[data-act="end-yes"]')
    await desk.until("leave")
    end = page.locator('[data-reason="left"]')
    await expect(end.locator("h2")).to_have_text("Poistuit jonosta")
    links = end.locator(".ways a")
    await expect(links).to_have_count(4)
    assert [await one.get_attribute("href") for one in await links.all()] == [
        "/case/abc#transcript-section",
        "/case/abc",
        "/callback?queue=general&lang=fi",
        "/message?queue=general&lang=fi",
    ]
