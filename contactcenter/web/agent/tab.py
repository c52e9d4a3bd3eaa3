"""An agent's open tab: numbered frames in their order, what was missed told again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import structlog

from contactcenter.kernel.db import TRANSIENT
from contactcenter.kernel.feed import seq_of
from contactcenter.kernel.live import LiveUnavailable
from contactcenter.web.socket import Socket, wire

MOST_EARLY = 200
RESTART = 1012
_NUMBERED = b'{"seq":'
_encode = msgspec.json.Encoder().encode
_log = structlog.get_logger(__name__)

Catch = Callable[[int], Awaitable[tuple[list[bytes], bytes | None]]]


class Tab:
    """A user's socket. `catch_up(after)` gives the frames kept after a number, or a snapshot. `seq`
    is the newest number sent, None before the first."""

    def __init__(self, socket: Socket, user: int, session: bytes, catch_up: Catch) -> None:
        self.user = user
        self.session = session
        self.seq: int | None = None
        self._socket = socket
        self._catch_up = catch_up
        self._early: list[bytes] = []  # heard while catching up
        self._catching = False
        self._again = False  # something was lost after the catch-up had read
        self._task: asyncio.Task[bool] | None = None

    @property
    def heard_at(self) -> float:
        """The time.monotonic of the last frame or pong."""
        return self._socket.heard_at

    async def receive(self) -> str | bytes | None:
        """The next frame; None when the socket is closed."""
        return await self._socket.receive()

    def send(self, frame: dict[str, Any]) -> None:
        """Send an unnumbered frame to this tab alone."""
        self._socket.send(_encode(frame))

    def hear(self, frame: bytes) -> None:
        """A frame for the user. Numbered, it is sent when all before it are; without a number it
        goes straight to a tab that has begun."""
        if not frame.startswith(_NUMBERED):
            if self.seq is not None:
                self._socket.send(frame)
        elif self.seq is None or self._catching:
            self._wait(frame)
        elif (number := seq_of(frame)) == self.seq + 1:
            self.seq = number
            self._socket.send(frame)
        elif number > self.seq:
            self._wait(frame)
            self.missed()

    def missed(self) -> None:
        """Frames may have been lost: catch up from the last number sent."""
        if self._catching:
            self._again = True
        elif self.seq is not None:
            self._catching = True
            self._task = asyncio.create_task(self.catch_up(self.seq))

    async def catch_up(self, after: int) -> bool:
        """Send what was missed, then what came meanwhile. Whether it went on from `after`; else it
        began again with a snapshot, or could not read and closed the socket."""
        self._catching, whole = True, True
        try:
            while True:
                self._again = False
                self._early.clear()  # what was told before we read is read
                whole = await self._step(after if self.seq is None else self.seq) and whole
                if not self._again:
                    break
        except Exception as error:  # else it would stay out of step for ever
            expected = isinstance(error, (LiveUnavailable, *TRANSIENT))
            (_log.warning if expected else _log.error)("not_told", error=type(error).__name__)
            await self._socket.close(RESTART)
            return False
        self._catching = False
        early, self._early = self._early, []
        for frame in early:
            self.hear(frame)
        return whole

    async def stop(self) -> None:
        """End the catch-up that may be under way."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def close(self, code: int) -> None:
        """Close with a code."""
        await self._socket.close(code)

    async def _step(self, after: int) -> bool:
        frames, snapshot = await self._catch_up(after)
        told = frames if snapshot is None else [snapshot]
        if told:
            self._socket.send_wire(b"".join(wire(frame) for frame in told))
        self.seq = seq_of(told[-1]) if told else after
        return snapshot is None

    def _wait(self, frame: bytes) -> None:
        if len(self._early) < MOST_EARLY:
            self._early.append(frame)
        elif self._catching:
            self._again = True  # it is kept: read it with the others
