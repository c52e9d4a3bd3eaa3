"""A real Chromium on the citizen's chat, over a desk that the test plays."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from aiohttp import web
from playwright.async_api import ConsoleMessage, FrameLocator, Locator, Page, expect

from tests.chat_page.fake_server import Desk, city_page, documented_page, make_app, wordpress_page
from tests.windows import Windows, origin, served

FRAME = (400, 680)


@dataclass
class Stage:
    """The page, the desk behind it, and the origins."""

    page: Page
    desk: Desk
    url: str
    city: str  # another origin, which may embed the chat
    stranger: str  # and one that may not
    hosts: set[str] = field(default_factory=set)
    troubles: list[str] = field(default_factory=list)
    excused: tuple[str, ...] = ("WebSocket connection", "net::ERR", "404 (Not Found)")

    async def open(self, language: str = "fi") -> None:
        """The chat's document by itself."""
        await self.page.goto(f"{self.url}/chat?queue=general&lang={language}")
        await expect(self.page.locator(".chat")).to_be_visible()

    async def begin(self, first: str = "", language: str = "fi") -> None:
        """As far as waiting in the line."""
        await self.open(language)
        if first:
            await self.page.fill("#first", first)
        await self.page.click('[data-act="start"]')
        await expect(self.page.locator("#composer")).to_be_visible()

    async def talk(self, first: str = "", language: str = "fi") -> None:
        """As far as an agent who answers."""
        await self.begin(first, language)
        await self.desk.join()
        await expect(self.screen("talking")).to_be_visible()

    async def write(self, text: str) -> None:
        """Type a message and send it by Enter."""
        await self.page.fill("#composer", text)
        await self.page.press("#composer", "Enter")

    def screen(self, name: str) -> Locator:
        """The chat, while it shows this screen."""
        return self.page.locator(f'.chat[data-screen="{name}"]')

    @property
    def frame(self) -> FrameLocator:
        """The chat inside a city's page."""
        return self.page.frame_locator("#contactcenter iframe")

    @property
    def knob(self) -> Locator:
        """The widget's button."""
        return self.page.locator("#contactcenter button")

    def note(self, said: ConsoleMessage) -> None:
        """Keep the errors that the browser reports."""
        if said.type == "error" and not any(word in said.text for word in self.excused):
            self.troubles.append(f"{said.text} {said.location['url']}")


@pytest.fixture
def desk() -> Desk:
    """The other end."""
    return Desk()


@pytest.fixture
def size() -> tuple[int, int]:
    """Width and height of the window in CSS pixels."""
    return FRAME


@pytest.fixture
async def stage(windows: Windows, desk: Desk, size: tuple[int, int]) -> AsyncIterator[Stage]:
    """A fresh page on a fresh server, beside two cities' pages. Errors in it fail the test."""
    url, city, stranger = origin("chat"), origin("city"), origin("stranger")
    city_app, other_app = web.Application(), web.Application()
    for app in (city_app, other_app):
        app.router.add_get("/", city_page(url))
        app.router.add_get("/documented", documented_page(url))
        app.router.add_get("/wordpress", wordpress_page(url))
    async with (
        served(make_app(desk, url, (city,)), "chat"),
        served(city_app, "city"),
        served(other_app, "stranger"),
    ):
        async with windows.open(size, url, city, stranger) as page:
            stage = Stage(page, desk, url, city, stranger)
            page.on("pageerror", lambda error: stage.troubles.append(str(error)))
            page.on("console", stage.note)
            page.on("request", lambda request: stage.hosts.add(request.url.split("/")[2]))
            yield stage
        desk.cut()
    ours = {one.removeprefix("http://") for one in (url, city, stranger)}
    assert {host for host in stage.hosts if host} <= ours
    assert stage.troubles == []
