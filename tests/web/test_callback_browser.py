"""The callback's pages in a real browser: axe-core, narrow screens, keyboard alone, no script."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from tests.looks import BOTH_THEMES, in_every_look, violations
from tests.web.callback_room import WAITS, FakeCallbacks, half_hour
from tests.web.calls import set_hours, with_callbacks
from tests.web.edge import Edge

pytestmark = [pytest.mark.needs_package("chromium"), pytest.mark.accessibility]
WEEK = ", ".join(f'"{day}": [["08:00", "15:30"]]' for day in "12345")
PROMISED = WAITS._replace(
    state="scheduled", promise=half_hour(datetime(2026, 12, 1, 8, 0, tzinfo=UTC))
)


class Stage:
    """A page on the edge."""

    def __init__(self, page: Page, edge: Edge, room: FakeCallbacks) -> None:
        self.page, self.edge, self.room = page, edge, room

    async def open(self, path: str) -> None:
        """Go there."""
        await self.page.goto(self.edge.url + path)


async def _form(stage: Stage, language: str) -> None:
    await set_hours(stage.edge, f'{{"weekly": {{{WEEK}}}}}')
    await stage.open(f"/callback?queue=general&lang={language}")
    await stage.page.click("summary")


async def _errors(stage: Stage, language: str) -> None:
    await _form(stage, language)
    await stage.page.fill("#name", "Maija Meikäläinen")
    await stage.page.click("form.stack button")
    await expect(stage.page.locator(".error-summary")).to_be_focused()


async def _wrong_number(stage: Stage, language: str) -> None:
    await _form(stage, language)
    await stage.page.fill("#number", "0600 12345")
    await stage.page.fill("#matter", "Päivähoitopaikka syksyksi")
    await stage.page.click("form.stack button")
    await expect(stage.page.locator("#number-error")).to_be_visible()


async def _sent(stage: Stage, language: str) -> None:
    await _form(stage, language)
    await stage.page.fill("#number", "050 339 1387")
    await stage.page.fill("#matter", "Päivähoitopaikka syksyksi")
    await stage.page.select_option("#window", index=3)
    await stage.page.click("form.stack button")
    await expect(stage.page.locator(".notice.good")).to_be_visible()


async def _status(stage: Stage, language: str, **now: Any) -> None:
    stage.room.statuses["x" * 60] = PROMISED._replace(**now)
    await stage.open(f"/callback/{'x' * 60}?lang={language}")


async def _joined(stage: Stage, language: str) -> None:
    await _status(stage, language, joined=True, promise=None, state="queued")


async def _cancel(stage: Stage, language: str) -> None:
    await _status(stage, language)
    await stage.page.click(".button.danger")
    await expect(stage.page.locator("form .danger")).to_be_visible()


async def _cancelled(stage: Stage, language: str) -> None:
    await _cancel(stage, language)
    await stage.page.click("form .danger")
    await expect(stage.page.locator("form")).to_have_count(0)


async def _calling(stage: Stage, language: str) -> None:
    await _cancel(stage, language)
    stage.room.statuses["x" * 60] = PROMISED._replace(state="active", cancellable=False)
    await stage.page.click("form .danger")
    await expect(stage.page.locator(".error")).to_be_visible()


async def _choice(stage: Stage, language: str) -> None:
    await stage.open(f"/callback?queue=nowhere&lang={language}")


async def _missing(stage: Stage, language: str) -> None:
    await stage.open(f"/callback/guessed?lang={language}")


STATES: dict[str, Callable[[Stage, str], Awaitable[None]]] = {
    "form": _form,
    "errors": _errors,
    "wrong_number": _wrong_number,
    "sent": _sent,
    "promised": _status,
    "joined": _joined,
    "cancel": _cancel,
    "cancelled": _cancelled,
    "calling": _calling,
    "choice": _choice,
    "missing": _missing,
}


@pytest.fixture
def size() -> tuple[int, int]:
    """Width and height of the window in CSS pixels."""
    return (1280, 900)


@pytest.fixture
async def stage(
    browser: Browser,
    edge: Edge,
    size: tuple[int, int],
) -> AsyncIterator[Stage]:
    """A fresh page; script is only there for axe-core."""
    room = FakeCallbacks()
    await with_callbacks(edge, room)
    context = await browser.new_context(
        viewport={"width": size[0], "height": size[1]}, locale="de-DE", reduced_motion="reduce"
    )
    yield Stage(await context.new_page(), edge, room)
    await context.close()


async def _cut_off(page: Page) -> Any:
    return await page.evaluate(
        """() => [...document.querySelectorAll('body *:not(.skip)')].filter((one) => {
          const box = one.getBoundingClientRect();
          return one.checkVisibility() && box.width > 1
            && (box.right > innerWidth + 1 || box.left < -1);
        }).map((one) => one.outerHTML.slice(0, 120))"""
    )


@pytest.mark.parametrize("state", STATES)
async def test_axe_finds_nothing(stage: Stage, state: str) -> None:
    page, sizes = stage.page, [(1280, 900), (320, 640)]
    for language in ("fi", "sv", "en"):
        stage.room.requests.clear()
        await STATES[state](stage, language)
        assert await in_every_look(page, lambda: _cut_off(page), sizes=sizes) == {}, language
    found = await in_every_look(page, lambda: violations(page), sizes=sizes, themes=BOTH_THEMES)
    assert found == {}


async def test_by_keyboard_alone_and_without_script(
    browser: Browser,
    stage: Stage,
) -> None:
    context = await browser.new_context(java_script_enabled=False, locale="fi-FI")
    page = await context.new_page()
    keys = page.keyboard
    await page.goto(f"{stage.edge.url}/callback?queue=general")
    await page.focus("#number")
    await keys.type("116 117")
    await keys.press("Tab")
    await keys.type("Päivähoito")
    for _ in range(3):
        await keys.press("Tab")
    await keys.press("Enter")
    await expect(page.locator("#number-error")).to_be_visible()
    await expect(page.locator(".error-summary")).to_be_focused()
    await keys.press("Tab")
    await keys.press("Enter")  # the summary's link
    await keys.press("Control+a")
    await keys.type("050 339 1387")
    await expect(page.locator("#matter")).to_have_value("Päivähoito")
    await keys.press("Enter")
    await expect(page.locator(".notice.good")).to_be_visible()
    assert len(stage.room.requests) == 1
    await page.focus(".button.danger")
    await keys.press("Enter")
    await page.focus("form .danger")
    await keys.press("Enter")
    await expect(page.locator("h1")).to_have_text("Soittopyyntö on peruttu")
    await page.go_back()  # the question is not asked once more
    await expect(page.locator("h1")).to_have_text("Soittopyyntö on peruttu")
    await context.close()
