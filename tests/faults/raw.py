"""A browser's bytes, for those who do not behave as one: handshake and frames (RFC 6455)."""

from __future__ import annotations

import json
import struct
from typing import Any
from urllib.parse import urlsplit

TEXT, PART, CLOSE, PING = 0x81, 0x00, 0x88, 0x89  # whole, or a part with more to come


def upgrade(url: str, path: str, cookie: str = "") -> bytes:
    """The request for a WebSocket."""
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: {urlsplit(url).netloc}",
        f"Origin: {url}",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        *([f"Cookie: {cookie}"] if cookie else []),
    ]
    return "\r\n".join((*lines, "", "")).encode()


def frame(**given: Any) -> bytes:
    """A text frame."""
    return piece(TEXT, json.dumps(given).encode())


def piece(head: int, data: bytes, claimed: int | None = None, *, masked: bool = True) -> bytes:
    """A frame with this first byte, masked with zeros. `claimed`: the size that it says it has."""
    size, bit = len(data) if claimed is None else claimed, 0x80 if masked else 0
    if size < 126:
        said = bytes([bit | size])
    elif size < 65_536:
        said = bytes([bit | 126]) + struct.pack(">H", size)
    else:
        said = bytes([bit | 127]) + struct.pack(">Q", size)
    return bytes([head]) + said + (bytes(4) if masked else b"") + data


def ping() -> bytes:
    """The frame by which a page says that it is there."""
    return frame(type="ping")


def close_code(heard: bytes) -> int | None:
    """With which code a server said goodbye, among the frames that it sent."""
    at = 0
    while at + 2 <= len(heard):
        head, size, begins = heard[at], heard[at + 1], at + 2
        if size == 126:
            size, begins = int.from_bytes(heard[at + 2 : at + 4]), at + 4
        elif size == 127:
            size, begins = int.from_bytes(heard[at + 2 : at + 10]), at + 10
        if head == CLOSE:
            return int.from_bytes(heard[begins : begins + 2])
        at = begins + size
    return None
