"""The size of an image by its first bytes."""

from __future__ import annotations

import struct

import pytest

from contactcenter.image_size import image_size

JPEG = b"\xff\xd8\xff\xe0\0\x04ab\xff\xff\xc4\0\x03x\xff\xc2\0\x0b\x08" + struct.pack(">HH", 2, 3)


@pytest.mark.parametrize(
    ("content", "size"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 60_000, 60_000), (60_000, 60_000)),
        (b"GIF89a" + struct.pack("<HH", 3, 2), (3, 2)),
        (JPEG + bytes(9), (3, 2)),
        (b"RIFFxxxxWEBPVP8X" + bytes(8) + b"\2\0\0\1\0\0", (3, 2)),
        (b"RIFFxxxxWEBPVP8Lxxxx\x2f" + struct.pack("<I", 2 | 1 << 14) + bytes(9), (3, 2)),
        (b"RIFFxxxxWEBPVP8 xxxx" + b"abc\x9d\x01\x2a" + struct.pack("<HH", 3, 2), (3, 2)),
        (JPEG[:20], None),
        (b"\xff\xd8\xff\xe0\0\0" * 9, None),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0", None),
        (b"RIFFxxxxWEBPVP9 xxxx" + bytes(20), None),
        (b"<svg width='3' height='2'>", None),
        (b"", None),
    ],
)
def test_sizes(content: bytes, size: tuple[int, int] | None) -> None:
    assert image_size(content) == size
