"""A real Chromium on the board, over figures that the test tells."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.async_api import ConsoleMessage, Page, expect

from tests.board.fake_server import Station, make_app
from tests.board.scenes import Frame
from tests.console.conftest import WIDE
from tests.windows import Windows, origin, served


@dataclass
class Watch:
    """The board under test: the page, and what tells it figures."""

    page: Page
    station: Station
    url: str
    troubles: list[str] = field(default_factory=list)
    excused: str = "\0"  # a word of the errors that the test itself provokes

    async def open(self, query: str = "") -> None:
        """Load the board, and wait for its figures."""
        await self.page.goto(f"{self.url}/board{query}")
        # A thousand agents on a machine that is busy otherwise take their time.
        await expect(self.page.locator(".tile-over")).to_be_visible(timeout=30_000)

    async def open_stopped(self) -> None:
        """Load the board; from then on the page's time moves by `forward` only. What was to be
        said aloud is said, and the figures are fresh."""
        await self.page.clock.install(time=datetime.now(UTC))
        await self.open()
        await self.page.clock.pause_at(datetime.now(UTC) + timedelta(seconds=1))
        self.station.ahead_s = 1.0
        await self.tell()
        for _ in range(4):
            await self.forward(1)
            await self.tell()
        await expect(self.page.locator(".age")).to_have_attribute("data-stale", "false")

    async def forward(self, seconds: float) -> None:
        """Let time pass in the page."""
        self.station.ahead_s += seconds
        await self.page.clock.run_for(int(seconds * 1000))

    async def tell(self, age_s: float = 0.0) -> None:
        """Tell the figures as they stand now in the station, and see them arrive."""
        at = await self.station.tell(age_s)
        await expect(self.page.locator(".age")).to_have_attribute("data-at", at)

    def row(self, queue: str, channel: str) -> Frame:
        """A row of the figures, to change before the next telling."""
        return next(
            one
            for one in self.station.queues
            if one["queue"] == queue and one["channel"] == channel
        )

    def cell(self, queue: str, column: str) -> Any:
        """A queue's figure in the table."""
        return self.page.locator(f'[data-queue="{queue}"] .queue-row .cell-{column}')

    async def order(self) -> list[str]:
        """The queues' keys as they stand in the table."""
        found: list[str] = await self.page.evaluate(
            "[...document.querySelectorAll('[data-queue]')].map(one => one.dataset.queue)"
        )
        return [one.partition("/")[2] for one in found]

    def note(self, said: ConsoleMessage) -> None:
        """Keep the errors that the browser reports, but not of connections that were cut."""
        cut = any(
            word in said.text for word in ("WebSocket connection", "net::ERR", "status of 401")
        )
        if said.type == "error" and not cut:
            self.troubles.append(f"{said.text} {said.location['url']}")


@pytest.fixture
def station() -> Station:
    """A working day's figures."""
    return Station()


@pytest.fixture
def size() -> tuple[int, int]:
    """Width and height of the window in CSS pixels."""
    return WIDE


@pytest.fixture
async def watch(windows: Windows, station: Station, size: tuple[int, int]) -> AsyncIterator[Watch]:
    """A fresh board on a fresh server. Errors in the page fail the test."""
    url = origin("board")
    async with served(make_app(station), "board"), windows.open(size, url) as page:
        watch = Watch(page, station, url)
        page.on("pageerror", lambda error: watch.troubles.append(str(error)))
        page.on("console", watch.note)
        yield watch
    assert [text for text in watch.troubles if watch.excused not in text] == []
