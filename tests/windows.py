"""Browser windows that begin with nothing but what they have loaded before.

A page of ours is a hundred small files, and loading them takes two thirds of the work of opening
it. So tests of the same size of window share a context, and those of one kind the address of their
server: the browser has the files, and only asks whether they are current. Everything that a page
could keep is taken away before each test.
"""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import cache

from aiohttp import web
from playwright.async_api import Browser, BrowserContext, Page

# Files don't change while tests run; where the product says itself how long to keep, so it is.
_KEPT = "max-age=86400"
# A clock that a test installs is its context's for ever, and no other test's.
_HAS_CLOCK = "'__pwClock' in window"


class Windows:
    """The windows of one browser."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._contexts: dict[tuple[int, int], BrowserContext] = {}

    @asynccontextmanager
    async def open(self, size: tuple[int, int], *origins: str) -> AsyncIterator[Page]:
        """A page in a window of this size, in CSS pixels, that knows nothing of the pages that were
        at these origins before. Its context may be asked for further pages; what else is set for
        a whole context, but a clock or permissions, needs a context of the test's own."""
        page = await (await self._context(size)).new_page()
        if await page.evaluate(_HAS_CLOCK):
            await self._contexts.pop(size).close()
            page = await (await self._context(size)).new_page()
        await _forget(page, origins)
        try:
            yield page
        finally:
            for one in page.context.pages:
                await one.close()

    async def _context(self, size: tuple[int, int]) -> BrowserContext:
        if size not in self._contexts:
            self._contexts[size] = await self._browser.new_context(
                viewport={"width": size[0], "height": size[1]},
                locale="fi-FI",
                timezone_id="Europe/Helsinki",
                reduced_motion="reduce",
            )
        return self._contexts[size]


async def _forget(page: Page, origins: Sequence[str]) -> None:
    await page.context.clear_cookies()
    await page.context.clear_permissions()
    browser = await page.context.new_cdp_session(page)
    for origin in origins:
        given = {"origin": origin, "storageTypes": "all"}
        await browser.send("Storage.clearDataForOrigin", given)
    await browser.detach()


@cache
def _port(name: str) -> socket.socket:
    port = socket.socket()
    port.bind(("127.0.0.1", 0))
    port.listen()
    return port


def origin(name: str) -> str:
    """The address of all servers of this name, one after the other, in this process."""
    return f"http://127.0.0.1:{_port(name).getsockname()[1]}"


@asynccontextmanager
async def served(app: web.Application, name: str) -> AsyncIterator[None]:
    """The application at the address of this name."""
    app.on_response_prepare.append(_keep)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.SockSite(runner, _port(name).dup()).start()
    yield
    await runner.cleanup()


async def _keep(request: web.Request, response: web.StreamResponse) -> None:
    if isinstance(response, web.FileResponse):
        response.headers.setdefault("Cache-Control", _KEPT)
