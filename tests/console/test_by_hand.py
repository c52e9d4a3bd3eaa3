"""Contacts that the agent begins: at once, once, and with all that is learnt while talking."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.console import fake_calls
from tests.console.conftest import Stage
from tests.console.fake_centre import ME, Frame, ago

pytestmark = pytest.mark.needs_package("chromium")
WAYS = [("1", "call", "citizen"), ("2", "visit", "citizen"), ("3", "letter", "citizen")]


async def text_of(page: Page, selector: str) -> str:
    return (await page.locator(selector).inner_text()).strip()


def seconds(clock: str) -> int:
    """The seconds that a stopwatch shows."""
    total = 0
    for part in clock.split(":"):
        total = total * 60 + int(part)
    return total


@pytest.mark.parametrize(("key", "channel", "direction"), [*WAYS, ("4", "call", "agent")])
async def test_two_keys_begin_it_and_the_note_is_next(
    stage: Stage, key: str, channel: str, direction: str
) -> None:
    page = stage.page
    await stage.open()
    await page.keyboard.press("c")
    await page.keyboard.press(key)
    await expect(page.locator("dialog")).to_have_count(0)
    await expect(page.locator("#composer-text")).to_be_focused()
    await page.keyboard.type("Kysyy jätehuollosta")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator(".message-note")).to_contain_text("Kysyy jätehuollosta")
    await expect(page.locator(".contact")).to_contain_text("Kysyy jätehuollosta")
    (asked,) = await stage.hears("start")
    assert (asked["channel"], asked["direction"]) == (channel, direction)
    assert (asked["queue"], asked["language"]) == ("parking", "fi")
    assert "arrived_at" not in asked


async def test_a_call_begins_while_something_is_offered(stage: Stage) -> None:
    page = stage.page
    await stage.open()
    stage.centre.offer(stage.centre.contact("Abdi Hassan", "Päivähoito"))
    await expect(page.locator(".offer")).to_be_visible()
    await page.keyboard.press("c")
    await page.keyboard.press("1")
    await expect(page.locator("dialog")).to_have_count(0)
    await expect(page.locator("#composer-text")).to_be_focused()
    await expect(page.locator(".offer")).to_have_count(0)


async def test_enter_begins_the_first_and_wrap_up_ends_it(stage: Stage) -> None:
    page = stage.page
    await stage.open()
    await page.locator('[data-act="begin"]').focus()
    await page.keyboard.press("Enter")
    await expect(page.locator('[data-way="call"]')).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator("#composer-text")).to_be_focused()
    await page.keyboard.press("Escape")
    await page.keyboard.press("w")
    await page.keyboard.press("Space")
    await page.keyboard.press("Enter")
    await expect(page.locator(".nothing")).to_be_visible()
    (done,) = await stage.hears("wrap_up")
    assert done["disposition"] == "answered"


async def test_queue_language_and_arrival_are_chosen_and_remembered(stage: Stage) -> None:
    page = stage.page
    await stage.open()
    await page.keyboard.press("c")
    await page.locator("#begin-queue").select_option("daycare")
    await page.locator("#begin-language").select_option("sv")
    await page.locator(".begin-came summary").click()
    await page.fill("#begin-came", "2026-03-02T09:30")  # in Helsinki
    await page.locator('[data-way="visit"]').click()
    await expect(page.locator("#composer-text")).to_be_focused()
    await page.keyboard.press("Escape")
    await page.keyboard.press("c")
    await expect(page.locator("#begin-hint")).to_contain_text("Varhaiskasvatus")
    await page.locator('[data-way="out"]').click()
    await expect(page.locator(".contact")).to_have_count(2)
    first, second = await stage.hears("start", 2)
    assert datetime.fromisoformat(first["arrived_at"]) == datetime(2026, 3, 2, 7, 30, tzinfo=UTC)
    assert (second["queue"], second["language"]) == ("daycare", "sv")
    assert "arrived_at" not in second


async def test_nothing_can_be_written_to_somebody_at_the_counter(stage: Stage) -> None:
    page = stage.page
    await stage.open(fake_calls.hand(stage.centre, "visit", "Ville"))
    await expect(page.locator(".tabs")).to_have_count(0)
    await page.keyboard.press("r")
    await expect(page.locator("#composer-text")).not_to_be_focused()
    await page.keyboard.press("n")
    await expect(page.locator("#composer-text")).to_be_focused()


async def test_a_refusal_stands_in_the_dialog(stage: Stage) -> None:
    page = stage.page
    await stage.open()
    stage.centre.refuse("start", "wrong_state", "Olet poissa linjoilta.")
    await page.keyboard.press("c")
    await page.keyboard.press("2")
    await expect(page.locator("dialog .error")).to_have_text("Olet poissa linjoilta.")
    await expect(page.locator(".toast")).to_have_count(0)
    await page.keyboard.press("2")
    await expect(page.locator("#composer-text")).to_be_focused()
    first, second = await stage.hears("start", 2)
    assert first["request_id"] != second["request_id"]


async def test_a_lost_answer_makes_no_second_contact(stage: Stage) -> None:
    page = stage.page
    await stage.open()
    stage.door.deaf_to.add("start")
    await page.keyboard.press("c")
    await page.keyboard.press("2")
    await expect(page.locator("dialog [role=status]")).to_be_visible()
    await page.keyboard.press("2")  # impatience
    await stage.door.close_all(1012)
    await expect(page.locator("#composer-text")).to_be_focused()
    await expect(page.locator(".contact")).to_have_count(1)
    assert len({frame["request_id"] for frame in await stage.hears("start")}) == 1
    assert len(stage.centre.cards) == 1


async def test_begun_while_the_network_goes_it_begins_when_it_is_back(stage: Stage) -> None:
    page = stage.page
    await stage.open()
    stage.door.deaf_to.add("start")
    await page.keyboard.press("c")
    await page.keyboard.press("1")
    await expect(page.locator("dialog [role=status]")).to_be_visible()
    await stage.door.cut()
    await expect(page.locator("dialog [role=status]")).to_contain_text("kun yhteys")
    await page.keyboard.press("Escape")
    await expect(page.locator(".contacts .notice")).to_be_visible()
    page.on("dialog", lambda dialog: dialog.accept())
    stage.door.closed = False
    await page.reload()  # even that loses nothing
    await expect(page.locator("#composer-text")).to_be_focused()
    assert len(stage.centre.cards) == 1
    assert await page.evaluate("sessionStorage.getItem('contactcenter.unsent')") is None


async def test_who_it_is_is_written_while_talking(stage: Stage) -> None:
    page = stage.page
    card = fake_calls.hand(stage.centre, "call")
    await stage.open(card)
    await page.keyboard.press("p")
    await expect(page.locator("#person-name")).to_be_focused()
    await page.keyboard.type("Ville Veikkonen")
    await page.keyboard.press("Tab")
    await page.keyboard.type("04O 123")
    await page.keyboard.press("Enter")
    await expect(page.locator("#person-error")).to_have_text("Tarkista puhelinnumero.")
    await expect(page.locator("#person-number")).to_have_attribute("aria-invalid", "true")
    await expect(page.locator("#person-name")).to_have_value("Ville Veikkonen")
    await page.fill("#person-number", "040 123")
    await page.keyboard.press("Enter")
    await expect(page.locator("#case-title")).to_have_text("Ville Veikkonen")
    await expect(page.locator('[data-act="introduce"]')).to_be_disabled()
    told = (await stage.hears("person"))[-1]
    assert {"contact": card["contact"], "name": "Ville Veikkonen", "number": "040 123"}.items() <= (
        told.items()
    )
    assert "email" not in told


async def test_a_known_number_says_whose_it_is_and_keeps_the_name_told(stage: Stage) -> None:
    page = stage.page
    stage.centre.contact("Maija Korhonen", "Vanha", address="+358401")
    await stage.open(fake_calls.hand(stage.centre, "call"))
    await page.fill("#person-name", "Maja")
    await page.fill("#person-number", "+358 401")
    await page.keyboard.press("Enter")
    await expect(page.locator(".toast")).to_contain_text("Maija Korhonen")
    await expect(page.locator("#person-name")).to_have_value("Maja")
    await expect(page.locator(".known-as")).to_contain_text("Maija Korhonen")


async def test_what_is_typed_of_a_person_outlives_a_reload_and_a_transfer(stage: Stage) -> None:
    page = stage.page
    card = fake_calls.hand(stage.centre, "call")
    await stage.open(card)
    await page.fill("#person-name", "Åsa Öst")
    await expect(page.locator(".contact")).to_contain_text("Luonnos")
    page.on("dialog", lambda dialog: dialog.accept())
    await page.reload()
    await expect(page.locator("#person-name")).to_have_value("Åsa Öst")
    await page.locator("#case-title").press("w")
    await expect(page.locator(".wrap-up .notice")).to_be_visible()
    stage.centre.take_away(card)
    await expect(page.locator(".leftovers")).to_contain_text("Åsa Öst")


async def test_the_timer_runs_and_rests_on_hold(stage: Stage) -> None:
    page = stage.page
    card = fake_calls.hand(stage.centre, "visit", "Ville", accepted=ago(3723))
    await stage.open(card)
    clock = page.locator(".case-head .timer-time")
    shown = await text_of(page, ".case-head .timer-time")
    assert 3723 <= seconds(shown) < 3900
    await expect(clock).not_to_have_text(shown)
    await expect(page.locator(".contact .timer")).to_contain_text("1:02:")
    await page.keyboard.press("h")
    await expect(page.locator(".case-head .timer")).to_have_attribute("data-held", "true")
    await expect(page.locator(".contact .timer-held")).to_contain_text("pidossa")
    await expect(page.locator('[data-act="hold"]')).to_have_attribute("aria-pressed", "true")
    await page.keyboard.press("h")
    await expect(page.locator(".case-head .timer")).to_have_attribute("data-held", "false")
    assert len(await stage.hears("hold")) == len(await stage.hears("unhold")) == 1


async def test_a_letter_can_not_be_held(stage: Stage) -> None:
    await stage.open(fake_calls.hand(stage.centre, "letter", "Ville"))
    await expect(stage.page.locator('[data-act="hold"]')).to_have_count(0)
    await stage.page.keyboard.press("h")
    await stage.page.keyboard.press("w")
    await expect(stage.page.locator(".wrap-up")).to_be_visible()
    assert stage.heard("hold") == []


async def test_keys_rest_where_they_are_switched_off(stage: Stage) -> None:
    page = stage.page
    await page.add_init_script(
        "localStorage.setItem('contactcenter.settings', JSON.stringify({shortcuts: false}))"
    )
    await stage.open()
    await page.keyboard.press("c")
    await expect(page.locator("dialog")).to_have_count(0)
    await page.locator('[data-act="begin"]').click()
    await page.keyboard.press("2")
    await expect(page.locator(".begin kbd")).to_have_count(0)
    await page.keyboard.press("Escape")
    await expect(page.locator('[data-act="begin"]')).to_be_focused()
    assert stage.heard("start") == []


async def test_another_tabs_beginning_is_shown_and_not_opened(stage: Stage, card: Frame) -> None:
    await stage.open(card)
    other: dict[str, Any] = {"owner": ME, "state": "active"}
    new = fake_calls.hand(stage.centre, "visit", "Ville", **other)
    stage.centre.show(new, messages=[], more=False, deliveries=[], ref="another-tab")
    await expect(stage.page.locator(".contact")).to_have_count(2)
    await expect(stage.page.locator("#case-title")).to_have_text("Maija Korhonen")
