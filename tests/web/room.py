"""Sockets by themselves: a server that holds them, and an independent client."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from contactcenter.web.socket import Socket

WAIT_S = 20.0
MOST = 100_000
Serve = Callable[[Socket], Awaitable[None]]


class Room:
    """A server whose sockets the test holds in its hands; `ended` counts handlers that ended."""

    def __init__(self) -> None:
        self.url = ""
        self.opened: asyncio.Queue[Socket] = asyncio.Queue()
        self.heard: asyncio.Queue[str | bytes | None] = asyncio.Queue()
        self.ended: asyncio.Queue[Socket] = asyncio.Queue()
        self.serve: Serve = self._listen

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One socket, as our doors open it."""
        ws = web.WebSocketResponse(compress=False, autoping=False, timeout=2.0)
        await ws.prepare(request)
        assert request.transport is not None
        socket = Socket(ws, request.transport, MOST)
        self.opened.put_nowait(socket)
        await self.serve(socket)
        self.ended.put_nowait(socket)
        return ws

    async def _listen(self, socket: Socket) -> None:
        while (data := await socket.receive()) is not None:
            self.heard.put_nowait(data)

    @asynccontextmanager
    async def enter(self, **given: Any) -> AsyncIterator[tuple[ClientConnection, Socket]]:
        """An open connection, both ends of it."""
        options = {"compression": None, "max_size": None, "max_queue": None, "ping_interval": None}
        async with connect(self.url, **options | given) as client:
            yield client, await self.opened.get()


@asynccontextmanager
async def open_room() -> AsyncIterator[Room]:
    """A server on loopback."""
    room = Room()
    app = web.Application()
    app.router.add_get("/", room.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=5.0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    room.url = f"ws://127.0.0.1:{runner.addresses[0][1]}/"
    async with asyncio.timeout(WAIT_S):
        yield room
    await runner.cleanup()


async def code(client: ClientConnection) -> int | None:
    """Read to the end; the close code."""
    try:
        while True:
            await client.recv()
    except ConnectionClosed:
        return client.close_code
