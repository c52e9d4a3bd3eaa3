"""The far end of a product's socket: what it was sent, seen frame by frame."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

WAIT_S = 30.0
Frame = dict[str, Any]


class Client:
    """Somebody's browser and its socket, which may be opened again and again."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.frames: list[Frame] = []
        self.close_code: int | None = None
        self._news = asyncio.Condition()
        self._ws: ClientConnection | None = None
        self._reader: asyncio.Task[None] | None = None

    async def _connect(self, path: str, origin: str | None, headers: dict[str, str]) -> None:
        self.close_code = None
        self._ws = await connect(
            self._url.replace("http", "ws") + path,
            origin=origin or self._url,  # type: ignore[arg-type]
            additional_headers=headers,
            compression=None,
        )
        self._reader = asyncio.create_task(self._read())

    async def close(self) -> None:
        """Close the tab."""
        if self._ws is not None:
            await self._ws.close()
        if self._reader is not None:
            await self._reader

    async def vanish(self) -> None:
        """Lose the network: nothing is said, the server must notice."""
        assert self._ws is not None
        self._ws.transport.abort()
        if self._reader is not None:
            await self._reader

    async def send(self, **frame: Any) -> None:
        """Send a frame."""
        await self.send_text(json.dumps(frame))

    async def send_text(self, text: str) -> None:
        """Send anything."""
        assert self._ws is not None
        await self._ws.send(text)

    async def wait(self, wanted: Callable[[Frame], bool], seconds: float = WAIT_S) -> Frame:
        """The first unseen frame that is wanted; it counts as seen from then on."""
        async with asyncio.timeout(seconds), self._news:
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

    def _keep(self, frame: Frame) -> None:
        self.frames.append(frame)

    async def _read(self) -> None:
        assert self._ws is not None
        try:
            async for text in self._ws:
                async with self._news:
                    self._keep(json.loads(text))
                    self._news.notify_all()
        except ConnectionClosed:
            pass
        async with self._news:
            self.close_code = self._ws.close_code
            self._news.notify_all()
