"""How large an image would be on a screen, by its first bytes; it is never decoded here."""

from __future__ import annotations

from typing import Literal

_NO_FRAME = frozenset((0xC4, 0xC8, 0xCC))  # the markers among JPEG's C0 to CF that start no frame


def image_size(content: bytes) -> tuple[int, int] | None:
    """Width and height in pixels of a PNG, GIF, JPEG or WebP; None where that can't be told."""
    if content.startswith(b"\x89PNG\r\n\x1a\n") and content[12:16] == b"IHDR":
        return _pair(content[16:24], 4, "big")
    if content.startswith((b"GIF87a", b"GIF89a")):
        return _pair(content[6:10], 2, "little")
    if content.startswith(b"\xff\xd8"):
        return _jpeg(content)
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return _webp(content)
    return None


def _pair(data: bytes, width: int, order: Literal["big", "little"]) -> tuple[int, int] | None:
    if len(data) != 2 * width:
        return None
    return int.from_bytes(data[:width], order), int.from_bytes(data[width:], order)


def _jpeg(content: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 <= len(content):
        if content[at] != 0xFF:
            return None
        marker = content[at + 1]
        if marker == 0xFF:  # filling
            at += 1
        elif 0xC0 <= marker <= 0xCF and marker not in _NO_FRAME:
            size = _pair(content[at + 5 : at + 9], 2, "big")
            return size and (size[1], size[0])
        else:
            at += 2 + max(2, int.from_bytes(content[at + 2 : at + 4], "big"))
    return None


def _webp(content: bytes) -> tuple[int, int] | None:
    kind, data = content[12:16], content[20:30]
    if len(data) < 10:
        return None
    if kind == b"VP8X":
        size = _pair(data[4:10], 3, "little")
        return size and (size[0] + 1, size[1] + 1)
    if kind == b"VP8L":
        bits = int.from_bytes(data[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 ":
        size = _pair(data[6:10], 2, "little")
        return size and (size[0] & 0x3FFF, size[1] & 0x3FFF)
    return None
