"""Citizens' pages in a real browser: axe-core, narrow screens, dark, three languages, keyboard
alone, no script."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from contactcenter.feedback.rules import Given
from tests import axe
from tests.looks import EXTREME, wear
from tests.web.city import City, open_city
from tests.web.edge import Edge
from tests.web.over import given, over

pytestmark = [pytest.mark.needs_package("chromium"), pytest.mark.accessibility]
WEEK = '{"weekly": {"1": [["09:00", "12:00"], ["13:00", "15:00"]], "5": [["09:00", "12:00"]]}}'


@pytest.fixture
async def city(edge: Edge, redis_url: str) -> City:
    """Two organisations, one of them with a long week."""
    city = await open_city(edge, redis_url)
    await city.sql("UPDATE queue SET hours = $1::jsonb WHERE key = 'streets'", WEEK)
    TOKENS[:] = [*await given(edge, Given(5, None, "Hyvin meni")), await over(edge)]
    city.staffed = {f"city/general/{language}/1" for language in ("fi", "sv", "en")}
    return city


async def _contact(page: Page, url: str, language: str) -> None:
    await page.goto(f"{url}/contact?lang={language}")
    for summary in await page.locator("summary").all():
        await summary.click()


async def _unknown(page: Page, url: str, language: str) -> None:
    await page.goto(f"{url}/contact?organisation=nowhere&lang={language}")


async def _form(page: Page, url: str, language: str) -> None:
    await page.goto(f"{url}/message?topic=city/parking&lang={language}")


async def _errors(page: Page, url: str, language: str) -> None:
    await _form(page, url, language)
    await page.fill("#email", "maija@")
    await page.click("form.stack button.primary")
    await expect(page.locator(".error-summary")).to_be_focused()


async def _missing(page: Page, url: str, language: str) -> None:
    await page.goto(f"{url}/message?topic=city/nothing&lang={language}")


async def _privacy(page: Page, url: str, language: str) -> None:
    await page.goto(f"{url}/privacy?organisation=city&lang={language}")


async def _statement(page: Page, url: str, language: str) -> None:
    await page.goto(f"{url}/accessibility?organisation=city&lang={language}")
    await page.click("form.stack button.primary")
    await expect(page.locator(".error-summary")).to_be_focused()


async def _feedback(page: Page, url: str, language: str) -> None:
    await page.goto(f"{url}/feedback/{TOKENS[0]}?lang={language}&done=1")


async def _feedback_wrong(page: Page, url: str, language: str) -> None:
    await page.goto(f"{url}/feedback/{TOKENS[1]}?lang={language}")
    await page.click("form.stack button.primary")
    await expect(page.locator(".error-summary")).to_be_focused()


async def _feedback_missing(page: Page, url: str, language: str) -> None:
    await page.goto(f"{url}/feedback/x?lang={language}")


async def _unasked(page: Page, url: str, language: str) -> None:
    await page.goto(f"{url}/give-feedback?lang={language}")
    await page.fill("#email", "maija@")
    await page.click("form.stack button.primary")
    await expect(page.locator(".error-summary")).to_be_focused()


async def _status(page: Page, url: str, language: str) -> None:
    await page.goto(f"{url}/give-feedback?lang={language}")
    await page.check("#kind")
    await page.fill("#text", "Kiitos")
    await page.click("form.stack button.primary")
    await page.wait_for_url("**/give-feedback/*new=1*")


TOKENS: list[str] = []
STATES: dict[str, Callable[[Page, str, str], Awaitable[None]]] = {
    "contact": _contact,
    "unknown": _unknown,
    "form": _form,
    "errors": _errors,
    "missing": _missing,
    "privacy": _privacy,
    "statement": _statement,
    "feedback": _feedback,
    "feedback wrong": _feedback_wrong,
    "feedback missing": _feedback_missing,
    "unasked": _unasked,
    "status": _status,
}


async def _cut_off(page: Page) -> Any:
    return await page.evaluate(
        """() => [...document.querySelectorAll('body *:not(.skip)')].filter((one) => {
          const box = one.getBoundingClientRect();
          return one.checkVisibility() && box.width > 1
            && (box.right > innerWidth + 1 || box.left < -1);
        }).map((one) => one.outerHTML.slice(0, 120))"""
    )


@pytest.mark.parametrize(("theme", "width"), [("light", 1280), ("dark", 320)])
async def test_axe_finds_nothing_in_any_state(
    browser: Browser,
    edge: Edge,
    city: City,
    theme: Any,
    width: int,
) -> None:
    context = await browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=theme, reduced_motion="reduce"
    )
    page = await context.new_page()
    for name, state in STATES.items():
        for language in ("fi", "sv", "en"):
            await state(page, edge.url, language)
            assert await page.get_attribute("html", "lang") == language
            assert await _cut_off(page) == [], (name, language)
            await wear(page, EXTREME if language == "sv" else None)
            found = await axe.violations(page)
            told = [(one["id"], [n["html"] for n in one["nodes"]][:3]) for one in found]
            assert told == [], (name, language)
    await context.close()


async def test_from_the_contact_page_to_a_message_by_keyboard_alone_and_without_script(
    browser: Browser,
    edge: Edge,
    city: City,
) -> None:
    context = await browser.new_context(java_script_enabled=False, locale="fi-FI")
    page = await context.new_page()
    keys = page.keyboard
    await page.goto(f"{edge.url}/contact?organisation=city")
    parking = page.locator("summary", has_text="Pysäköinti")
    await parking.focus()
    await keys.press("Enter")
    await keys.press("Tab")
    await keys.press("Enter")
    await expect(page.locator("h1")).to_have_text("Kirjoita meille")
    await page.focus("#text")
    await keys.type("Missä saa pysäköidä?")
    await page.focus("#email")
    await keys.type("maija@")
    await keys.press("Enter")
    await expect(page.locator(".error-summary")).to_be_focused()
    await keys.press("Tab")
    await keys.press("Enter")  # the summary's link
    await keys.press("Control+a")
    await keys.press("Delete")
    await keys.press("Enter")
    await page.wait_for_url("**/case/*")
    (row,) = await edge.rows("SELECT text, address FROM message")
    assert tuple(row) == ("Missä saa pysäköidä?", "")
    await context.close()
