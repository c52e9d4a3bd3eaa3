"""A browser's bytes, for those who do not behave as one: handshake and frames (RFC 6455)."""

from __future__ import annotations

import json
import struct
from typing import Any
from urllib.parse import urlsplit


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
    """A text frame, masked with zeros."""
    data = json.dumps(given).encode()
    size = bytes([0x80 | len(data)]) if len(data) < 126 else b"\xfe" + struct.pack(">H", len(data))
    return b"\x81" + size + bytes(4) + data


def ping() -> bytes:
    """The frame by which a page says that it is there."""
    return frame(type="ping")
