"""A citizen's picture without what the camera wrote into it: where and when it was taken, by which
device. What is drawn is not touched, so nothing is decoded here. Pure.

JPEG (ITU-T T.81, Exif 2.32), PNG (ISO/IEC 15948) and WebP (RFC 9649). How a JPEG is to be turned
stays. What stands behind the picture's end, such as a film of the same moment, goes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from contactcenter.channel import Attachment
from contactcenter.errors import Refused

TYPES = ("image/jpeg", "image/png", "image/webp")
_PNG = b"\x89PNG\r\n\x1a\n"
# Of a PNG what says how it is drawn; all else may say anything.
_DRAWN = frozenset(
    (b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB",
     b"cICP", b"bKGD", b"pHYs", b"acTL", b"fcTL", b"fdAT")
)  # fmt: skip
_WEBP_DRAWN = frozenset((b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"))
_EXIF = b"Exif\x00\x00"
_SOI, _EOI, _SOS, _APP0, _APP1, _APP2, _APP14, _COM = 0xD8, 0xD9, 0xDA, 0xE0, 0xE1, 0xE2, 0xEE, 0xFE
_ALONE = frozenset((0x01, *range(0xD0, 0xD8)))  # markers without a length
_FILLING = re.compile(rb"\xff+")
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7]", re.DOTALL)  # not drawn
_MOST_PIECES = 20_000  # no picture has so many; each takes time


def plain(picture: Attachment) -> Attachment:
    """The picture as it is kept. Raises Refused for what is none of these, or is broken."""
    strip = {"image/jpeg": _jpeg, "image/png": _png, "image/webp": _webp}.get(picture.media_type)
    if strip is None:
        raise Refused("bad_request", "picture_type", field="files", name=picture.name)
    try:
        content = b"".join(strip(picture.content))
    except (ValueError, IndexError):
        raise Refused("bad_request", "picture_broken", field="files", name=picture.name) from None
    return msgspec.structs.replace(picture, content=content)


def _jpeg(data: bytes) -> Iterator[bytes]:
    if data[:2] != b"\xff\xd8":
        raise ValueError
    yield data[:2]
    at = 2
    for _ in range(_MOST_PIECES):
        filling = _FILLING.match(data, at)
        if filling is None:
            raise ValueError
        at = filling.end() - 1
        marker = data[at + 1]
        if marker == _EOI:
            yield data[at : at + 2]
            return
        elif marker in _ALONE:
            at += 2
        else:
            end = at + 2 + int.from_bytes(_exactly(data, at + 2, 2), "big")
            segment = _exactly(data, at, end - at)
            if len(segment) < 4:
                raise ValueError
            yield _kept(marker, segment)
            at = end
            if marker == _SOS:
                at = _after_scan(data, end)
                yield data[end:at]
    raise ValueError


def _kept(marker: int, segment: bytes) -> bytes:
    """A segment as it stays: what programs wrote goes, but for colours and how to turn it."""
    if marker == _APP1 and segment[4:10] == _EXIF:
        return _turned(segment[10:])
    if marker == _APP0:  # how dense it is (JFIF); its small copy may show what was cut off
        is_known = segment[4:9] == b"JFIF\x00" and len(segment) >= 18
        return b"\xff\xe0\x00\x10" + segment[4:16] + b"\x00\x00" if is_known else b""
    if marker == _APP2:
        return segment if segment[4:16] == b"ICC_PROFILE\x00" else b""
    is_written = _APP0 < marker <= 0xEF or marker == _COM
    return b"" if is_written and marker != _APP14 else segment


def _turned(tiff: bytes) -> bytes:
    """An Exif segment that says only how the picture is to be turned (tag 0x0112)."""
    order = {b"II*\x00": "little", b"MM\x00*": "big"}.get(tiff[:4])
    if order is None:
        return b""

    def number(at: int, size: int) -> int:
        return int.from_bytes(tiff[at : at + size], "little" if order == "little" else "big")

    first = number(4, 4)
    for entry in range(first + 2, first + 2 + 12 * min(number(first, 2), 200), 12):
        if number(entry, 2) == 0x0112 and 1 < number(entry + 8, 2) <= 8:
            turn = number(entry + 8, 2).to_bytes(2, "big")
            said = b"MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01"
            body = _EXIF + said + turn + b"\x00" * 6
            return b"\xff\xe1" + (len(body) + 2).to_bytes(2, "big") + body
    return b""


def _after_scan(data: bytes, at: int) -> int:
    """Where the next marker stands that ends the drawn lines (T.81, B.1.1.5)."""
    found = _MARKER.search(data, at)
    if found is None:
        raise ValueError
    return found.start()


def _png(data: bytes) -> Iterator[bytes]:
    if not data.startswith(_PNG):
        raise ValueError
    yield _PNG
    at = len(_PNG)
    for _ in range(_MOST_PIECES):
        size = int.from_bytes(_exactly(data, at, 4), "big")
        chunk = _exactly(data, at, size + 12)
        kind = chunk[4:8]
        if kind in _DRAWN:
            yield chunk
        if kind == b"IEND":
            return
        at += len(chunk)
    raise ValueError


def _webp(data: bytes) -> Iterator[bytes]:
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP":
        raise ValueError
    end = 8 + int.from_bytes(data[4:8], "little")
    if end > len(data):
        raise ValueError
    kept, at = [], 12
    for _ in range(_MOST_PIECES):
        if at >= end:
            break
        size = int.from_bytes(_exactly(data, at + 4, 4), "little")
        chunk = _exactly(data, at, 8 + size) + b"\x00" * (size % 2)
        if chunk[:4] == b"VP8X":  # without the flags for Exif (0x08) and XMP (0x04)
            chunk = chunk[:8] + bytes([chunk[8] & ~0x0C]) + chunk[9:]
        if chunk[:4] in _WEBP_DRAWN:
            kept.append(chunk)
        at += len(chunk)
    else:
        raise ValueError
    yield b"RIFF" + (4 + sum(map(len, kept))).to_bytes(4, "little") + b"WEBP"
    yield from kept


def _exactly(data: bytes, at: int, size: int) -> bytes:
    piece = data[at : at + size]
    if len(piece) < size:
        raise ValueError
    return piece
