"""A real Chromium on the console's pages, over a contact centre in memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from playwright.async_api import ConsoleMessage, Page, expect

from tests.chromium import WAIT_S
from tests.console.fake_centre import Centre, Frame, ago
from tests.console.fake_persons import Persons
from tests.console.fake_server import DOOR, PERSONS, Door, make_app
from tests.console.scenes import first_day
from tests.windows import Windows, origin, served

WIDE = (1440, 900)


@dataclass
class Stage:
    """The console under test: the page, the contact centre behind it, the network between."""

    page: Page
    centre: Centre
    door: Door
    persons: Persons
    url: str
    troubles: list[str] = field(default_factory=list)
    excused: str = "\0"  # a word of the errors that the test itself provokes

    async def open(self, card: Frame | None = None) -> None:
        """Load the console, and open a contact."""
        await self.page.goto(f"{self.url}/console")
        await expect(self.page.locator(".my-state")).to_be_visible()
        if card is not None:
            await self.page.locator(f'[data-contact="{card["contact"]}"]').click()
            await expect(self.page.locator("#case-title")).to_be_visible()

    def note(self, said: ConsoleMessage) -> None:
        """Keep the errors that the browser reports, but not of connections that were cut."""
        cut = any(
            word in said.text for word in ("WebSocket connection", "net::ERR", "status of 401")
        )
        if said.type == "error" and not cut:
            self.troubles.append(f"{said.text} {said.location['url']}")

    async def holds(self, condition: str) -> None:
        """Wait until a condition of the page holds. It is asked for once and looks by itself: the
        policy forbids the page to evaluate texts, as `wait_for_function` does again and again."""
        await self.page.evaluate(
            f"""() => new Promise((done) => {{
              const look = () => ({condition}) ? done() : requestAnimationFrame(look);
              look();
            }})"""
        )

    def heard(self, kind: str) -> list[Frame]:
        """The frames of a type that reached the server."""
        return [frame for frame in self.centre.heard if frame["type"] == kind]

    async def hears(self, kind: str, least: int = 1) -> list[Frame]:
        """The frames of a type, once so many have reached the server."""
        async with asyncio.timeout(WAIT_S):
            while len(found := self.heard(kind)) < least:
                self.centre.hears.clear()
                await self.centre.hears.wait()
        return found


@pytest.fixture
def centre() -> Centre:
    """What the contact centre holds when the console opens."""
    centre = first_day()
    centre.status["value"] = "available"
    return centre


@pytest.fixture
def card(centre: Centre) -> Frame:
    """A mail in hand."""
    card = centre.contact("Maija Korhonen", "Asukaspysäköintitunnus", mine=True, unread=1)
    centre.message(card, "inbound", "Voiko tunnuksen siirtää?", at=ago(900), subject="Tunnus")
    return card


@pytest.fixture
def size() -> tuple[int, int]:
    """Width and height of the window in CSS pixels."""
    return WIDE


@pytest.fixture
async def stage(windows: Windows, centre: Centre, size: tuple[int, int]) -> AsyncIterator[Stage]:
    """A fresh page on a fresh server. Errors in the page fail the test."""
    app, url = make_app(centre), origin("console")
    async with served(app, "console"), windows.open(size, url) as page:
        stage = Stage(page, centre, app[DOOR], app[PERSONS], url)
        page.on("pageerror", lambda error: stage.troubles.append(str(error)))
        page.on("console", stage.note)
        yield stage
    assert [text for text in stage.troubles if stage.excused not in text] == []
