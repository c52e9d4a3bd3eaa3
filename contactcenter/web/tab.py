"""One WebSocket to a browser: a bounded queue out, heartbeats, numbered frames in order."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import msgspec
from aiohttp import WSMsgType, web

from contactcenter.kernel.db import TRANSIENT
from contactcenter.kernel.feed import seq_of
from contactcenter.kernel.live import LiveUnavailable

PING_S = 5.0
SILENT_S = 10.0
LOOK_S = 1.0
MOST_WAITING = 500
TOO_SLOW = 4408
_encode = msgspec.json.Encoder().encode

Catch = Callable[[int], Awaitable[tuple[list[bytes], bytes | None]]]


class Tab:
    """A user's socket. `catch_up(after)` gives the frames kept after a number, or a snapshot."""

    def __init__(
        self, ws: web.WebSocketResponse, user: int, session: bytes, catch_up: Catch
    ) -> None:
        self.ws = ws
        self.user = user
        self.session = session
        self.heard_at = time.monotonic()
        self.seq: int | None = None  # None: not in step, frames wait for the catch-up
        self._catch_up = catch_up
        self._out: asyncio.Queue[bytes] = asyncio.Queue(MOST_WAITING)
        self._early: list[bytes] = []
        self._closing = False
        self._tasks: set[asyncio.Task[object]] = set()

    def start(self) -> None:
        """Send and ping until closed."""
        self._spawn(self._write())
        self._spawn(self._ping())

    async def stop(self) -> None:
        """End the tasks."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def receive(self) -> str | bytes | None:
        """The next text frame; None when the socket is closed."""
        while True:
            message = await self.ws.receive()
            self.heard_at = time.monotonic()
            if message.type in (WSMsgType.TEXT, WSMsgType.BINARY):
                data: str | bytes = message.data
                return data
            if message.type == WSMsgType.PING:
                await self.ws.pong(message.data)
            elif message.type != WSMsgType.PONG:
                return None

    def send(self, frame: dict[str, Any]) -> None:
        """Send an unnumbered frame."""
        self._put(_encode(frame))

    def hear(self, frame: bytes) -> None:
        """A numbered frame; what came before it must have been sent."""
        if self.seq is None:
            self._early.append(frame)
            return
        number = seq_of(frame)
        if number <= self.seq:
            return
        if number != self.seq + 1:
            self._early.append(frame)
            self.missed()
            return
        self.seq = number
        self._put(frame)

    def missed(self) -> None:
        """Catch up from the last number sent."""
        if self.seq is not None:
            after, self.seq = self.seq, None
            self._spawn(self.catch_up(after))

    async def catch_up(self, after: int) -> bool:
        """Send what was missed, then what came meanwhile. Whether it went on from `after`; else it
        began again with a snapshot."""
        try:
            frames, snapshot = await self._catch_up(after)
        except (LiveUnavailable, *TRANSIENT):  # else it would stay out of step for ever
            await self.close(1012)
            return False
        if snapshot is not None:
            frames = [snapshot]
        for frame in frames:
            self._put(frame)
        self.seq = seq_of(frames[-1]) if frames else after
        early, self._early = self._early, []
        for frame in early:
            self.hear(frame)
        return snapshot is None

    async def close(self, code: int) -> None:
        """Close with a code; what still waits to be sent is dropped."""
        self._closing = True
        await self.ws.close(code=code)

    def _put(self, frame: bytes) -> None:
        if self._closing:
            return
        try:
            self._out.put_nowait(frame)
        except asyncio.QueueFull:
            self._closing = True
            self._spawn(self.close(TOO_SLOW))

    def _spawn(self, work: Coroutine[Any, Any, object]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _write(self) -> None:
        while True:
            frame = await self._out.get()
            try:
                await self.ws.send_frame(frame, WSMsgType.TEXT)
            except (ConnectionError, RuntimeError):
                return

    async def _ping(self) -> None:
        while not self.ws.closed:
            for _ in range(int(PING_S / LOOK_S)):
                await asyncio.sleep(LOOK_S)
                if time.monotonic() - self.heard_at > SILENT_S:
                    await self.close(1001)
                    return
            try:
                await self.ws.ping()
            except (ConnectionError, RuntimeError):
                return
