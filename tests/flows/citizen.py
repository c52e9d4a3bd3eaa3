"""A citizen's page, as the product's /ws/chat sees it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.flows.product import WAIT_S, Frame, Product


class Citizen:
    """One page: what it was sent, and its secret. It may connect again and again."""

    def __init__(self, product: Product, queue: str = "general", language: str = "fi") -> None:
        self._product = product
        self.queue, self.language = queue, language
        self.frames: list[Frame] = []
        self.messages: dict[int, Frame] = {}
        self.secret: str | None = None
        self.contact: str | None = None
        self.close_code: int | None = None
        self._news = asyncio.Condition()
        self._ws: ClientConnection | None = None
        self._reader: asyncio.Task[None] | None = None

    async def connect(self, origin: str | None = None, **headers: str) -> None:
        """Open the socket; says nothing yet."""
        self.close_code = None
        self._ws = await connect(
            self._product.url.replace("http", "ws") + "/ws/chat",
            origin=origin or self._product.url,  # type: ignore[arg-type]
            additional_headers=headers,
            compression=None,
        )
        self._reader = asyncio.create_task(self._read())

    async def hello(self, **given: Any) -> Frame:
        """Begin, or go on with the secret; the `welcome`."""
        frame = {"queue": self.queue, "language": self.language} | given
        if self.secret is not None:
            frame.setdefault("resume", self.secret)
        await self.send(type="hello", **frame)
        welcome = await self.of("welcome")
        self.secret, self.contact = welcome["resume"], welcome["contact"]
        return welcome

    async def say(self, text: str, client_id: str) -> Frame:
        """Write; the echo, which says that it is stored."""
        await self.send(type="message", client_id=client_id, text=text)
        return await self.of("message", client_id=client_id)

    async def send(self, **frame: Any) -> None:
        """Send a frame."""
        await self.send_text(json.dumps(frame))

    async def send_text(self, text: str) -> None:
        """Send anything."""
        assert self._ws is not None
        await self._ws.send(text)

    async def close(self) -> None:
        """Close the page."""
        if self._ws is not None:
            await self._ws.close()
        if self._reader is not None:
            await self._reader

    async def vanish(self) -> None:
        """Lose the network."""
        assert self._ws is not None
        self._ws.transport.abort()
        if self._reader is not None:
            await self._reader

    async def wait(self, wanted: Callable[[Frame], bool]) -> Frame:
        """The first unseen frame that is wanted; it counts as seen from then on."""
        async with asyncio.timeout(WAIT_S), self._news:
            while True:
                for frame in self.frames:
                    if wanted(frame):
                        self.frames.remove(frame)
                        return frame
                assert self.close_code is None, f"closed with {self.close_code}: {self.frames}"
                await self._news.wait()

    async def of(self, kind: str, **fields: Any) -> Frame:
        """The first unseen frame of a type with these fields."""
        return await self.wait(
            lambda f: f["type"] == kind and all(f.get(n) == v for n, v in fields.items())
        )

    async def closed(self) -> int:
        """Wait for the socket's end; the code."""
        async with asyncio.timeout(WAIT_S), self._news:
            while self.close_code is None:
                await self._news.wait()
        return self.close_code

    def story(self) -> list[tuple[int, str, str]]:
        """What the page shows: number, direction, text."""
        shown = sorted(self.messages.items())
        return [(seq, m["direction"], m["text"]) for seq, m in shown]

    async def _read(self) -> None:
        assert self._ws is not None
        ws = self._ws
        try:
            async for text in ws:
                frame = json.loads(text)
                async with self._news:
                    if frame["type"] == "message":
                        self.messages[frame["seq"]] = frame
                    self.frames.append(frame)
                    self._news.notify_all()
        except ConnectionClosed:
            pass
        async with self._news:
            self.close_code = ws.close_code
            self._news.notify_all()


@asynccontextmanager
async def open_citizen(
    product: Product, queue: str = "general", language: str = "fi"
) -> AsyncIterator[Citizen]:
    """A page that is connected."""
    citizen = Citizen(product, queue, language)
    await citizen.connect()
    try:
        yield citizen
    finally:
        await citizen.close()
