"""Files of a theme: a logo as PNG, JPEG or WebP, fonts as WOFF2. Pure.

What a file is called and what its sender says it is count for nothing: its bytes do. SVG is not
taken: it is a program to a browser that opens it, and cleaning it is a race that others have lost.
"""

from __future__ import annotations

import hashlib
import re
from typing import NamedTuple

from contactcenter.configuration.fields import wrong
from contactcenter.image_size import image_size

DIGEST = re.compile(r"[0-9a-f]{32}", re.ASCII)
MOST_BYTES = {"logo": 100_000, "font": 120_000}
MOST_SIDE = 2_000  # pixels: what a browser unpacks may be much more than what is sent
_MOST_GLYPHS = 8 * 1024 * 1024  # bytes of a font unpacked
_OUTLINES = frozenset((b"\0\1\0\0", b"OTTO", b"true"))
EXTENSIONS = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/webp": "webp",
    "font/woff2": "woff2",
}


class File(NamedTuple):
    """One that is what it should be. `digest` names it; `width` and `height` in pixels of an
    image."""

    digest: str
    media_type: str
    width: int | None
    height: int | None
    data: bytes


def read_file(data: bytes, field: str) -> File:
    """A logo or, in other fields, a font. Raises Refused naming the field."""
    kind = "logo" if field.endswith("logo") else "font"
    most = MOST_BYTES[kind]
    if len(data) > most:
        raise wrong("theme_too_large", field, most=most // 1000)
    return _logo(data, field) if kind == "logo" else _font(data, field)


def _named(data: bytes, media_type: str, size: tuple[int, int] | None = None) -> File:
    width, height = size or (None, None)
    return File(hashlib.sha256(data).hexdigest()[:32], media_type, width, height, data)


def _logo(data: bytes, field: str) -> File:
    media_type, size = _image(data), image_size(data)
    if media_type is None or size is None or min(size) < 1:
        raise wrong("theme_logo_type", field)
    if max(size) > MOST_SIDE:
        raise wrong("theme_pixels", field, most=MOST_SIDE)
    if _moves(data, media_type):
        raise wrong("theme_moves", field)
    return _named(data, media_type, size)


def _image(data: bytes) -> str | None:
    """The type, of an image that is whole: its end is its last byte, and nothing follows it."""
    if data.startswith(b"\x89PNG\r\n\x1a\n") and data.endswith(b"\0\0\0\0IEND\xaeB`\x82"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff") and data.endswith(b"\xff\xd9"):
        return "image/jpeg"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        length = int.from_bytes(data[4:8], "little")
        return "image/webp" if len(data) == 8 + length else None
    return None


def _moves(data: bytes, media_type: str) -> bool:
    """Whether it is animated, which nobody could stop (WCAG 2.2, 2.2.2)."""
    if media_type == "image/png":
        return b"acTL" in data[: data.find(b"IDAT")]
    return media_type == "image/webp" and data[12:16] == b"VP8X" and bool(data[20] & 2)


def _font(data: bytes, field: str) -> File:
    """By its header (W3C WOFF 2.0, 4.1); what is inside the browser judges before it uses it."""
    fits = int.from_bytes(data[8:12], "big") == len(data) and data[14:16] == b"\0\0"
    if data[:4] != b"wOF2" or data[4:8] not in _OUTLINES or len(data) < 48 or not fits:
        raise wrong("theme_font_type", field)
    if int.from_bytes(data[16:20], "big") > _MOST_GLYPHS:
        raise wrong("theme_font_type", field)
    return _named(data, "font/woff2")
