"""A picture as it is kept: drawn as before, without what the camera wrote."""

from __future__ import annotations

import struct
import zlib

import pytest

from contactcenter.cases.picture import plain
from contactcenter.channel import Attachment
from contactcenter.errors import Refused

SECRET = b"61.6886N 27.2726E"


def segment(marker: int, body: bytes) -> bytes:
    """One of a JPEG."""
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def exif(order: str, turn: int) -> bytes:
    """An Exif segment with how to turn the picture, and a place."""
    head = b"II*\0" if order == "<" else b"MM\0*"
    entries = struct.pack(order + "HHIHH", 0x0112, 3, 1, turn, 0)
    entries += struct.pack(order + "HHII", 0x8825, 4, 1, 26)
    tiff = head + struct.pack(order + "IH", 8, 2) + entries
    return segment(0xE1, b"Exif\0\0" + tiff + bytes(4) + SECRET)


SCAN = segment(0xDA, b"\x01\x01\0\0\x3f\0") + b"\x12\xff\0\x34\xff\xd0\x56"
ICC = segment(0xE2, b"ICC_PROFILE\0\x01\x01profile")
TABLES = segment(0xDB, bytes(65)) + segment(0xC0, b"\x08\0\x02\0\x03\x01\x01\x11\0")
JPEG = (
    b"\xff\xd8" + segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0") + exif("<", 6)
    + segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + SECRET) + segment(0xED, SECRET)
    + segment(0xFE, SECRET) + segment(0xE2, b"MPF\0" + SECRET) + ICC + TABLES + SCAN
    + segment(0xC4, bytes(17)) + SCAN + b"\xff\xd9" + b"ftypmp4 " + SECRET
)  # fmt: skip


def chunk(kind: bytes, body: bytes) -> bytes:
    """One of a PNG."""
    crc = struct.pack(">I", zlib.crc32(kind + body))
    return struct.pack(">I", len(body)) + kind + body + crc


def riff(*chunks: tuple[bytes, bytes]) -> bytes:
    """A WebP."""
    body = b"".join(
        kind + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)
        for kind, data in chunks
    )
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


PNG = (
    b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", bytes(13)) + chunk(b"eXIf", SECRET)
    + chunk(b"tEXt", b"Comment\0" + SECRET) + chunk(b"IDAT", b"drawn") + chunk(b"IEND", b"")
    + SECRET
)  # fmt: skip
WEBP = riff(
    (b"VP8X", b"\x0c" + bytes(9)), (b"VP8 ", b"drawn"), (b"EXIF", SECRET), (b"XMP ", SECRET)
)


def kept(content: bytes, kind: str) -> bytes:
    """What stays of it."""
    return plain(Attachment(name="a", media_type=kind, content=content)).content


def test_of_a_jpeg_the_picture_its_colours_and_how_to_turn_it_stay() -> None:
    found = kept(JPEG, "image/jpeg")
    assert SECRET not in found
    assert found.startswith(b"\xff\xd8\xff\xe0")
    assert found.endswith(b"\xff\xd9")
    assert found.count(SCAN) == 2
    assert ICC in found
    assert TABLES in found
    assert b"\x01\x12\0\x03\0\0\0\x01\0\x06" in found
    assert kept(found, "image/jpeg") == found


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("turn", [1, 8, 9, 0])
def test_only_a_turn_that_there_is_stays(order: str, turn: int) -> None:
    found = kept(b"\xff\xd8" + exif(order, turn) + SCAN + b"\xff\xd9", "image/jpeg")
    assert (b"Exif" in found) == (turn == 8)
    assert SECRET not in found


def test_of_a_png_and_a_webp_what_is_drawn_stays() -> None:
    png, webp = kept(PNG, "image/png"), kept(WEBP, "image/webp")
    assert SECRET not in png + webp
    assert chunk(b"IDAT", b"drawn") in png
    assert png.endswith(chunk(b"IEND", b""))
    assert webp == riff((b"VP8X", bytes(10)), (b"VP8 ", b"drawn"))


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"GIF89a", "image/gif"),
        (b"words", "text/plain"),
        *((JPEG[:end], "image/jpeg") for end in (2, 3, 5, 40, JPEG.index(SCAN) + 12)),
        (b"\xff\xd8" + segment(0xE1, b"Exif\0\0II*\0\xff\xff\xff\xff")[:-2], "image/jpeg"),
        (b"\xff\xd8\xff\xe0\0\x01\xff\xd9", "image/jpeg"),
        (PNG[:30], "image/png"),
        (b"\x89PNG\r\n\x1a\n\xff\xff\xff\xffIDAT", "image/png"),
        (WEBP[:40], "image/webp"),
        (b"RIFF\xff\xff\xff\xffWEBP", "image/webp"),
        # Of so many pieces that going through them would hold others up.
        (b"\xff\xd8" + b"\xff\xd0" * 30_000 + JPEG[2:], "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n" + chunk(b"tEXt", b"") * 30_000 + PNG[8:], "image/png"),
        (riff(*[(b"ALPH", b"")] * 30_000), "image/webp"),
    ],
)
def test_what_is_none_or_broken_is_refused(content: bytes, kind: str) -> None:
    with pytest.raises(Refused) as refused:
        kept(content, kind)
    assert refused.value.detail in ("picture_type", "picture_broken")


def test_a_small_copy_and_filling_go() -> None:
    copy = segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\x01\x01" + SECRET[:3])
    assert kept(b"\xff\xd8" + copy + b"\xff" * 1000 + JPEG[20:], "image/jpeg") == kept(
        JPEG, "image/jpeg"
    )
