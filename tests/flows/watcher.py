"""A supervisor's board, as the product's /ws/board shows it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp

from tests.flows.client import Client, Frame
from tests.flows.product import Product


class Watcher(Client):
    """One page of the board; only the newest frame is kept of many."""

    async def open(self, origin: str | None, cookie: str | None) -> None:
        """Open the socket."""
        headers = {} if cookie is None else {"Cookie": cookie}
        await self._connect("/ws/board", origin, headers)

    async def board(self, after: str = "") -> Frame:
        """The newest board, of a moment after this one."""
        return await self.wait(lambda f: f["type"] == "board" and f["at"] > after)

    def _keep(self, frame: Frame) -> None:
        if frame["type"] == "board":
            self.frames = [f for f in self.frames if f["type"] != "board"]
        super()._keep(frame)


@asynccontextmanager
async def signed_in(
    product: Product, email: str, password: str = "mikkeli-demo"
) -> AsyncIterator[tuple[aiohttp.ClientSession, str]]:
    """A browser's HTTP session, and its cookie as a header."""
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(headers={"Origin": product.url}, cookie_jar=jar) as http:
        async with http.post(
            f"{product.url}/api/session", json={"email": email, "password": password}
        ) as answer:
            assert answer.status == 200, await answer.text()
            cookie = "; ".join(f"{n}={c.value}" for n, c in answer.cookies.items())
        yield http, cookie


@asynccontextmanager
async def watching(
    product: Product, email: str = "seppo@mikkeli.example"
) -> AsyncIterator[Watcher]:
    """A supervisor who watches."""
    async with signed_in(product, email) as (_, cookie):
        watcher = Watcher(product.url)
        await watcher.open(None, cookie)
        try:
            yield watcher
        finally:
            await watcher.close()
