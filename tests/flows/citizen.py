"""A citizen's page, as the product's /ws/chat sees it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from tests.flows.client import Client, Frame
from tests.flows.product import Product


class Citizen(Client):
    """One page: what it was sent, and its secret. It may connect again and again."""

    def __init__(self, product: Product, queue: str = "general", language: str = "fi") -> None:
        super().__init__(product.url)
        self.queue, self.language = queue, language
        self.messages: dict[int, Frame] = {}
        self.secret: str | None = None
        self.contact: str | None = None

    async def connect(self, origin: str | None = None, **headers: str) -> None:
        """Open the socket; says nothing yet."""
        await self._connect("/ws/chat", origin, headers)

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

    def story(self) -> list[tuple[int, str, str]]:
        """What the page shows: number, direction, text."""
        shown = sorted(self.messages.items())
        return [(seq, m["direction"], m["text"]) for seq, m in shown]

    def _keep(self, frame: Frame) -> None:
        if frame["type"] == "message":
            self.messages[frame["seq"]] = frame
        super()._keep(frame)


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
