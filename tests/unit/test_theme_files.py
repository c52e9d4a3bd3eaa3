"""Logos and fonts are what their bytes say, and whole."""

from __future__ import annotations

import struct
import zlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contactcenter.configuration.theme_files import MOST_BYTES, read_file
from contactcenter.errors import Refused


def chunk(kind: bytes, data: bytes) -> bytes:
    """A part of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int = 2, height: int = 2, *more: bytes) -> bytes:
    """A small PNG that can be drawn."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0))
    rows = zlib.compress((b"\0" + b"\xff\xff\xff\xff" * width) * height)
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(more) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def woff2(flavor: bytes = b"\0\1\0\0", unpacked: int = 1000, body: bytes = b"x" * 60) -> bytes:
    """The header of a WOFF2 with something behind it."""
    rest = struct.pack(">HHIIHHIIIII", 1, 0, unpacked, len(body), 1, 0, 0, 0, 0, 0, 0)
    return b"wOF2" + flavor + struct.pack(">I", 12 + len(rest) + len(body)) + rest + body


JPEG = b"\xff\xd8\xff\xc0\x00\x0b\x08\x00\x05\x00\x07\x01\x01\x11\x00\xff\xd9"


def webp(flags: int = 0) -> bytes:
    """A WebP of 10 x 20 pixels, as its first chunk says."""
    body = b"WEBPVP8X" + struct.pack("<I", 10) + bytes([flags]) + b"\0\0\0\x09\0\0\x13\0\0"
    return b"RIFF" + struct.pack("<I", len(body)) + body


def refused(data: bytes, field: str) -> str | None:
    """Why a file is not taken."""
    with pytest.raises(Refused) as no:
        read_file(data, field)
    assert no.value.field == field
    return no.value.detail


def test_images_and_fonts_are_taken_and_named_by_their_bytes() -> None:
    assert read_file(png(3, 4), "logo")[1:4] == ("image/png", 3, 4)
    assert read_file(JPEG, "logo")[1:4] == ("image/jpeg", 7, 5)
    assert read_file(webp(), "logo")[1:4] == ("image/webp", 10, 20)
    assert read_file(woff2(), "font_regular")[1:4] == ("font/woff2", None, None)
    assert read_file(woff2(b"OTTO"), "font_bold").media_type == "font/woff2"
    assert len({read_file(png(n), "logo").digest for n in (1, 2, 3)}) == 3


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<?xml version='1.0'?><svg/>",
        b"GIF89a\2\0\2\0;",
        png() + b"<script>alert(1)</script>",
        png()[:-1],
        b"\x89PNG\r\n\x1a\n<svg/>" + chunk(b"IEND", b""),
        JPEG + b"<html>",
        webp() + b"x",
        woff2(),
        png(0, 5),
    ],
)
def test_what_lies_about_being_an_image_is_refused(data: bytes) -> None:
    assert refused(data, "logo") == "theme_logo_type"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"wOFF" + woff2()[4:],
        woff2()[:40],
        woff2() + b"x",
        woff2(b"ttcf"),
        woff2(unpacked=100_000_000),
        b"wOF2" + b"<script>" * 10,
        png(),
    ],
)
def test_what_lies_about_being_a_font_is_refused(data: bytes) -> None:
    assert refused(data, "font_regular") == "theme_font_type"


def test_what_is_too_much_is_refused() -> None:
    assert refused(bytes(MOST_BYTES["logo"] + 1), "logo") == "theme_too_large"
    assert refused(bytes(MOST_BYTES["font"] + 1), "font_bold") == "theme_too_large"
    assert refused(png(2001, 1), "logo") == "theme_pixels"
    assert refused(png(2, 2, chunk(b"acTL", bytes(8))), "logo") == "theme_moves"
    assert refused(webp(2), "logo") == "theme_moves"


@given(st.binary(max_size=200), st.sampled_from(["logo", "font_regular"]))
def test_any_bytes_are_judged_without_an_accident(data: bytes, field: str) -> None:
    for start in (b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF\0\0\0\0WEBP", b"wOF2"):
        with suppress(Refused):
            read_file(start + data, field)
