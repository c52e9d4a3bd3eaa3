"""A WebSocket client as thin as can be: the load must not be what is measured."""

from __future__ import annotations

import asyncio
import base64
import json
import os
from collections.abc import Callable
from typing import Any

Heard = Callable[[bytes], None]
_PONG = b"\x8a\x80\x00\x00\x00\x00"


class Client(asyncio.Protocol):
    """One connection. `on_frame` gets every text frame; pings are answered."""

    def __init__(self, on_frame: Heard) -> None:
        self.on_frame = on_frame
        self.shaken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._transport: asyncio.Transport
        self._rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See asyncio.Protocol."""
        self._transport = transport  # type: ignore[assignment] # uvloop's is no asyncio.Transport

    def connection_lost(self, error: Exception | None) -> None:
        """See asyncio.Protocol."""
        if not self.shaken.done():
            self.shaken.set_exception(ConnectionResetError())

    def data_received(self, data: bytes) -> None:
        """See asyncio.Protocol."""
        data = self._rest + data if self._rest else data
        if not self.shaken.done():
            head, end, data = data.partition(b"\r\n\r\n")
            if not end:
                self._rest = head
                return
            if b" 101 " not in head[:20]:
                self.shaken.set_exception(ConnectionRefusedError(head[:80].decode()))
                return
            self.shaken.set_result(None)
        self._rest = self._take_frames(data)

    def _take_frames(self, data: bytes) -> bytes:
        """Hand on the whole frames; returns what is left."""
        at = 0
        while len(data) - at >= 2:
            size, begin = data[at + 1], at + 2
            if size == 126:
                size, begin = int.from_bytes(data[at + 2 : at + 4], "big"), at + 4
            elif size == 127:
                size, begin = int.from_bytes(data[at + 2 : at + 10], "big"), at + 10
            if begin > len(data) or begin + size > len(data):
                break
            if data[at] == 0x81:
                self.on_frame(data[begin : begin + size])
            elif data[at] == 0x89:
                self._transport.write(_PONG)
            at = begin + size
        return data[at:]

    def send(self, text: bytes) -> None:
        """A text frame, masked (RFC 6455 section 5.3) by a key of zeros: it stays as it is."""
        size = len(text)
        if size < 126:
            head = bytes((0x81, 0x80 | size))
        else:
            head = b"\x81\xfe" + size.to_bytes(2, "big")
        self._transport.write(head + b"\0\0\0\0" + text)

    def say(self, **frame: Any) -> None:
        """A JSON frame."""
        self.send(json.dumps(frame).encode())

    def close(self) -> None:
        """Hang up."""
        self._transport.abort()


async def connect(
    port: int, path: str, on_frame: Heard, headers: dict[str, str] | None = None
) -> Client:
    """An open connection to 127.0.0.1. Raises ConnectionRefusedError."""
    loop = asyncio.get_running_loop()
    transport, client = await loop.create_connection(lambda: Client(on_frame), "127.0.0.1", port)
    lines = {
        "Host": f"127.0.0.1:{port}",
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(),
        "Sec-WebSocket-Version": "13",
        "Origin": f"http://127.0.0.1:{port}",
    } | (headers or {})
    text = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    transport.write(f"GET {path} HTTP/1.1\r\n{text}\r\n".encode())
    await client.shaken
    return client
