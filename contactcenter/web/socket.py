"""One WebSocket (RFC 6455) to a browser, without a task or a queue of its own.

Frames go to the transport at once and whole, and the transport's buffer is the only queue.
aiohttp shakes hands and reads; closing is done here, so that a browser that neither reads nor
answers can hold nobody up.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable

from aiohttp import WSMsgType, web

from contactcenter.kernel.pieces import pieces

PING_S = 5.0
SILENT_S = 10.0
STALL_S = 3.0
LINGER_S = 2.0
GOING_AWAY, TOO_SLOW = 1001, 4408
_PING = b"\x89\x00"
_MARK = b"."  # in a ping behind what is to arrive: its pong says that it has
_OPEN = (WSMsgType.TEXT, WSMsgType.BINARY, WSMsgType.PING, WSMsgType.PONG)


def wire(frame: bytes) -> bytes:
    """A text frame as it travels (RFC 6455 section 5.2): final, unmasked, not compressed. Encode
    once what many read."""
    size = len(frame)
    if size < 126:
        return bytes((0x81, size)) + frame
    if size < 65536:
        return b"\x81\x7e" + size.to_bytes(2, "big") + frame
    return b"\x81\x7f" + size.to_bytes(8, "big") + frame


class Socket:
    """A prepared WebSocketResponse(compress=False, autoping=False). When more than `most_bytes`
    wait for a reader it is closed with 4408; what is larger than that when written at once, as a
    snapshot may be, is not counted. `heard_at` is the time.monotonic of the last frame or pong."""

    __slots__ = (
        "_arriving",
        "_beside",
        "_closing",
        "_most_bytes",
        "_over",
        "_transport",
        "_ws",
        "heard_at",
        "listening",
    )

    def __init__(
        self, ws: web.WebSocketResponse, transport: asyncio.Transport, most_bytes: int
    ) -> None:
        self._ws = ws
        self._transport = transport
        self._most_bytes = most_bytes
        self._beside = 0
        self._arriving: deque[Callable[[], None]] = deque()
        self._closing = self._over = False
        self.heard_at = time.monotonic()
        self.listening = False

    @property
    def closed(self) -> bool:
        """Whether it is closing or closed."""
        return self._closing or self._transport.is_closing()

    async def receive(self) -> str | bytes | None:
        """The next text or binary frame; None when the socket is closed."""
        if self.listening or self._over:
            return None  # where `close` listens, nothing more is wanted from the browser
        self.listening = True
        try:
            while (message := await self._ws.receive()).type in _OPEN:
                if message.type == WSMsgType.PONG and message.data == _MARK and self._arriving:
                    self._arriving.popleft()()
                if self._closing:
                    continue  # until the browser's close frame comes or the transport ends
                self.heard_at = time.monotonic()
                if message.type == WSMsgType.PING:
                    self.send_wire(bytes((0x8A, len(message.data))) + message.data)
                elif message.type != WSMsgType.PONG:
                    data: str | bytes = message.data
                    return data
        finally:
            self.listening = False
        self._over = self._closing = True
        self._abort_soon()
        return None

    def send(self, frame: bytes) -> None:
        """Send a text frame."""
        self.send_wire(wire(frame))

    def send_wire(self, encoded: bytes) -> None:
        """Send what `wire` made: one frame, or several as one. Never waits."""
        if self.closed:
            return
        waiting = self._transport.get_write_buffer_size()
        if waiting == 0:
            self._beside = 0
        if waiting > self._most_bytes + self._beside:
            self.end(TOO_SLOW)
            return
        if len(encoded) > self._most_bytes:
            self._beside = max(self._beside, len(encoded))
        self._transport.write(encoded)

    def deliver(self, encoded: bytes, then: Callable[[], None]) -> None:
        """Send what `wire` made; `then` is called when the browser has it."""
        self._arriving.append(then)
        self.send_wire(encoded + bytes((0x89, len(_MARK))) + _MARK)

    def ping(self) -> None:
        """Ask whether the browser is there."""
        self.send_wire(_PING)

    def end(self, code: int) -> None:
        """Say goodbye behind what waits, and write nothing more. Our half is closed at once and
        theirs is read on: a port closed on unread frames would take the code away with it."""
        if self.closed:
            return
        self._closing = True
        self._transport.write(b"\x88\x02" + code.to_bytes(2, "big"))
        self._transport.write_eof()
        self._abort_soon()

    async def close(self, code: int) -> None:
        """Close with a code, and where nobody else listens hear the browser out, at most 2 s."""
        self.end(code)
        await self.receive()

    def _abort_soon(self) -> None:
        # A transport that is closed still waits for its buffer to be read, if need be for ever.
        asyncio.get_running_loop().call_later(LINGER_S, self._transport.abort)


class Heart:
    """The heartbeats of a node's sockets: one loop for all."""

    def __init__(self) -> None:
        self._sockets: set[Socket] = set()
        self._ran_at = time.monotonic()

    def add(self, socket: Socket) -> None:
        """Watch it from now on."""
        self._sockets.add(socket)

    def discard(self, socket: Socket) -> None:
        """Watch it no more."""
        self._sockets.discard(socket)

    async def run_once(self) -> int:
        """Ping those silent for 5 s, end those silent for 10 s. Returns how many were silent. What
        we did not hear while we stood still or were busy with a frame is nobody's silence."""
        now = time.monotonic()
        stood_still, self._ran_at = now - self._ran_at > STALL_S, now
        silent = [(s, now - s.heard_at) for s in self._sockets if now - s.heard_at >= PING_S]
        async for some in pieces(silent, 100):
            for socket, silent_s in some:
                if silent_s >= SILENT_S and socket.listening and not stood_still:
                    socket.end(GOING_AWAY)
                else:
                    socket.ping()
        return len(silent)
