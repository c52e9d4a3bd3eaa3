"""Callbacks in the console: the promise, the dial, and each outcome exactly once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import Dialog, expect

from tests.console import fake_calls
from tests.console.conftest import Stage
from tests.console.fake_centre import Centre, Frame, ago
from tests.console.scenes_calls import MATTER, window

pytestmark = pytest.mark.needs_package("chromium")


@pytest.fixture
def card(centre: Centre) -> Frame:
    """A callback in hand, its window open."""
    about = {"mine": True, "accepted": ago(20)}
    owed = {"promise": window(-600)}
    return fake_calls.callback(centre, "Maija Korhonen", MATTER, call=owed, **about)


async def test_the_offer_says_what_was_promised_and_no_number(stage: Stage) -> None:
    owed = {"promise": window(600), "attempts": 1, "outcome": "busy"}
    await stage.open()
    stage.centre.offer(fake_calls.callback(stage.centre, "Maija", MATTER, call=owed))
    offer = stage.page.locator(".offer")
    await expect(offer).to_contain_text("Takaisinsoitto")
    await expect(offer).to_contain_text("Luvattu")
    await expect(offer).to_contain_text("Yritys 2/3, edellinen: varattu")
    assert "040" not in await offer.inner_text()
    await stage.page.keyboard.press("a")
    await expect(stage.page.locator(".call-link")).to_contain_text("040 1234567")
    await expect(stage.page.locator(".timeline")).to_contain_text("rakennuslupaa")


async def test_the_number_is_a_link_and_the_dial_is_told(stage: Stage, card: Frame) -> None:
    page = stage.page
    await stage.open(card)
    link = page.locator(".call-link")
    await expect(link).to_have_attribute("href", "tel:+358401234567")
    asked: list[str] = []

    async def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        await dialog.dismiss()

    page.on("dialog", answer)
    await page.fill("#composer-text", "Kesken")  # what would ask before the page is left
    await page.locator("#case-title").press("l")
    await expect(page.locator(".call-facts")).to_contain_text("Soitettu")
    await expect(page.locator(".call-facts")).to_contain_text("lupaus pidetty")
    (dialled,) = await stage.hears("dial")
    assert dialled["contact"] == card["contact"]
    assert asked == []
    assert page.url.endswith(f"/console#{card['contact']}")


async def test_the_number_is_copied(stage: Stage, card: Frame) -> None:
    await stage.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await stage.open(card)
    await stage.page.locator('[data-act="copy"]').click()
    await expect(stage.page.locator("#announcer")).to_have_text("Numero kopioitu")
    assert await stage.page.evaluate("navigator.clipboard.readText()") == "+358401234567"


async def test_reached_the_talk_goes_on_to_note_and_wrap_up(stage: Stage, card: Frame) -> None:
    page = stage.page
    await stage.open(card)
    await page.keyboard.press("1")
    await expect(page.locator(".call-result")).to_contain_text("Tavoitettu")
    await expect(page.locator(".outcomes")).to_have_count(0)
    await page.keyboard.press("n")
    await page.keyboard.type("Sovittu")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator(".message-note")).to_contain_text("Sovittu")
    await page.keyboard.press("Escape")
    await page.keyboard.press("w")
    await expect(page.locator(".wrap-up .notice")).to_have_count(0)  # it is answered
    await page.get_by_role("radio", name="Vastattu").check()
    await page.locator('[data-act="wrap-up"]').click()
    await expect(page.locator(".contact")).to_have_count(0)
    (attempt,) = await stage.hears("attempt")
    assert attempt["outcome"] == "reached"
    assert "again_at" not in attempt


@pytest.mark.parametrize(("key", "outcome"), [("2", "no_answer"), ("3", "busy")])
async def test_without_an_answer_it_goes_back_and_says_when(
    stage: Stage, card: Frame, key: str, outcome: str
) -> None:
    page = stage.page
    await stage.open(card)
    await page.fill("#composer-text", "Soitin, ei vastausta")
    await page.locator("#case-title").press(key)
    await expect(page.locator(".contact")).to_have_count(0)
    toast = page.locator(".toast")
    await expect(toast).to_contain_text("takaisin jonoon, soitetaan uudelleen")
    await expect(toast).to_contain_text("Yrityksiä 1/3")
    await expect(page.locator(".nothing h2")).to_be_focused()
    await expect(page.locator(".leftovers")).to_have_count(0)
    assert (await stage.hears("attempt"))[0]["outcome"] == outcome
    assert (await stage.hears("note"))[0]["text"] == "Soitin, ei vastausta"


async def test_again_at_is_chosen(stage: Stage, card: Frame) -> None:
    page = stage.page
    await stage.open(card)
    await page.locator("#again").select_option("at")
    await expect(page.locator("#again-at")).to_be_focused()
    await page.locator('[data-outcome="busy"]').click()
    await expect(page.locator("#again-error")).to_be_visible()
    assert stage.heard("attempt") == []
    await page.fill("#again-at", "2026-12-01T12:15")  # in Helsinki
    await page.locator('[data-outcome="busy"]').click()
    await expect(page.locator(".toast")).to_contain_text("1.12.2026")
    (attempt,) = await stage.hears("attempt")
    assert datetime.fromisoformat(attempt["again_at"]) == datetime(2026, 12, 1, 10, 15, tzinfo=UTC)


async def test_again_in_an_hour(stage: Stage, card: Frame) -> None:
    await stage.open(card)
    await stage.page.locator("#again").select_option("60")
    await stage.page.locator('[data-outcome="no_answer"]').click()
    await expect(stage.page.locator(".contact")).to_have_count(0)
    (attempt,) = await stage.hears("attempt")
    wished = datetime.fromisoformat(attempt["again_at"]) - datetime.now(UTC)
    assert timedelta(minutes=55) < wished <= timedelta(minutes=61)


async def test_the_last_try_says_what_follows(stage: Stage, card: Frame) -> None:
    card["callback"] |= {"attempts": 2, "outcome": "no_answer"}
    page = stage.page
    await stage.open(card)
    await expect(page.locator("#again")).to_have_count(0)
    await expect(page.locator(".outcomes")).to_contain_text("sähköpostilla")
    await page.keyboard.press("2")
    await expect(page.locator(".toast")).to_contain_text("kaikki yritykset on tehty (3/3)")
    await expect(page.locator(".contact")).to_have_count(0)


async def test_a_wrong_number_is_asked_twice(stage: Stage, card: Frame) -> None:
    page = stage.page
    await stage.open(card)
    await page.keyboard.press("4")
    await expect(page.locator('[data-act="sure"]')).to_be_focused()
    await page.get_by_role("button", name="Peruuta").click()
    await expect(page.locator('[data-outcome="wrong_number"]')).to_be_focused()
    assert stage.heard("attempt") == []
    await page.keyboard.press("Enter")
    await expect(page.locator('[data-act="sure"]')).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator(".call-result")).to_contain_text("Väärä numero")
    await expect(page.locator(".wrap-up")).to_be_visible()
    await expect(page.get_by_role("checkbox", name="ratkaistu")).not_to_be_checked()
    await expect(page.locator(".call-facts")).to_contain_text("Yritys 1/3")
    assert len(await stage.hears("attempt")) == 1


@pytest.mark.parametrize("key", ["1", "2"])
async def test_a_lost_connection_records_the_outcome_once(
    stage: Stage, card: Frame, key: str
) -> None:
    page = stage.page
    await stage.open(card)
    stage.door.deaf_to.add("attempt")
    await page.keyboard.press(key)
    await expect(page.locator(".outcomes [role=status]")).to_be_visible()
    await stage.door.cut()
    await expect(page.locator(".outcomes [role=status]")).to_contain_text("kun yhteys palaa")
    stage.door.closed = False
    await page.locator(".banner button").click()
    await expect(page.locator(".outcomes")).to_have_count(0)
    assert len({frame["client_id"] for frame in await stage.hears("attempt")}) == 1
    assert card["callback"]["attempts"] == 1


async def test_an_outcome_never_sent_goes_when_the_network_is_back(
    stage: Stage, card: Frame
) -> None:
    page = stage.page
    await stage.open(card)
    await stage.door.cut()
    await expect(page.locator('[data-link="offline"]')).to_be_visible()
    await page.locator('[data-outcome="busy"]').click()
    page.on("dialog", lambda dialog: dialog.accept())
    stage.door.closed = False
    await page.reload()
    await expect(page.locator(".toast")).to_contain_text("takaisin jonoon")
    assert len(await stage.hears("attempt")) == 1


async def test_a_refused_outcome_can_be_chosen_anew(stage: Stage, card: Frame) -> None:
    page = stage.page
    await stage.open(card)
    stage.centre.refuse("attempt", "window_past", "Valitse aika aukioloajalta.")
    await page.keyboard.press("2")
    await expect(page.locator(".toast")).to_contain_text("Valitse aika aukioloajalta.")
    await page.keyboard.press("2")
    await expect(page.locator(".contact")).to_have_count(0)
    first, second = await stage.hears("attempt", 2)
    assert first["client_id"] != second["client_id"]


async def test_a_missed_promise_is_plain(stage: Stage, card: Frame) -> None:
    card["callback"]["promise"] = window(-3000)
    await stage.open(card)
    await expect(stage.page.locator(".chip-promise-missed")).to_contain_text("myöhässä 20 min")
