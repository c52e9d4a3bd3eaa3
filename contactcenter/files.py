"""Files that came to us: a name that is safe to show, and a type that is safe to name. Pure.

The name never becomes a path: a file lies under a number of ours. It is made safe all the same,
since it reaches screens, download headers and the disks of those who save it.
"""

from __future__ import annotations

import re
import unicodedata

MAX_NAME, MAX_EXTENSION = 120, 10
OCTETS = "application/octet-stream"
MAIL = "message/rfc822"

PATH = re.compile(r"[/\\\u2044\u2215\u29f8\u29f5\uff0f\uff3c]")
_FORBIDDEN = re.compile(r'[<>:"|?*\ufffd]')
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|\Z)", re.IGNORECASE)

_EXTENSIONS = {
    "text/plain": ".txt", "text/html": ".html", "text/csv": ".csv", "text/calendar": ".ics",
    "text/vcard": ".vcf", "message/rfc822": ".eml", "application/pdf": ".pdf",
    "image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif", "image/webp": ".webp",
    "image/tiff": ".tif", "image/heic": ".heic", "application/zip": ".zip",
}  # fmt: skip

_MAGIC = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"{\\rtf", "application/rtf"),
    (b"\x1f\x8b", "application/gzip"),
    (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
)
_OFFICE = "application/vnd.openxmlformats-officedocument."
_ZIPPED = frozenset(
    (
        _OFFICE + "wordprocessingml.document",
        _OFFICE + "spreadsheetml.sheet",
        _OFFICE + "presentationml.presentation",
        "application/vnd.oasis.opendocument.text",
        "application/vnd.oasis.opendocument.spreadsheet",
        "application/vnd.oasis.opendocument.presentation",
    )
)
_OLE = frozenset(
    (
        "application/msword",
        "application/vnd.ms-excel",
        "application/vnd.ms-powerpoint",
        "application/vnd.ms-outlook",
    )
)
_TEXT = {
    "text/plain": "text/plain",
    "text/csv": "text/csv",
    "text/calendar": "text/calendar",
    "text/vcard": "text/vcard",
    "text/x-vcard": "text/vcard",
    "text/rfc822-headers": "text/plain",
    "message/delivery-status": "text/plain",
    "message/disposition-notification": "text/plain",
}


def safe_name(name: str, number: int, media_type: str) -> str:
    """A file name without path, control, hidden, direction-changing and reserved characters, of
    at most 120 characters; `attachment-<number>` where nothing of it is left."""
    name = unicodedata.normalize("NFC", name[-4_000:])
    name = "".join(c for c in name if unicodedata.category(c) not in _DROPPED or c in "\t ")
    name = PATH.split(name)[-1]
    name = re.sub(r"\s+", " ", _FORBIDDEN.sub("_", name)).strip(" .")
    stem, dot, extension = name.rpartition(".")
    if not dot or not 0 < len(extension) <= MAX_EXTENSION:
        stem, extension = name, ""
    stem = stem[: MAX_NAME - MAX_EXTENSION - 1].rstrip(" .")
    if not stem.strip("_ "):
        stem = f"attachment-{number}"
        extension = extension or _EXTENSIONS.get(media_type, ".bin")[1:]
    name = f"{stem}.{extension}" if extension else stem
    return f"_{name}" if _DEVICE.match(name) else name


_DROPPED = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))


def safe_type(declared: str, content: bytes) -> str:
    """The media type: what the first bytes prove, else what was declared where it can do no harm,
    else application/octet-stream. HTML, SVG, XML and scripts are octets."""
    if sniffed := _sniffed(declared, content):
        return sniffed
    if declared in ("message/rfc822", "message/global", "message/news"):
        return MAIL
    if declared in _TEXT and b"\0" not in content[:4_096]:
        return _TEXT[declared]
    return OCTETS


def _sniffed(declared: str, content: bytes) -> str | None:
    for magic, media_type in _MAGIC:
        if content.startswith(magic):
            return media_type
    if content[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav"}.get(content[8:12])
    if content[4:8] == b"ftyp":
        return "image/heic" if content[8:12] in (b"heic", b"heix", b"mif1") else "video/mp4"
    if content[:4] == b"PK\x03\x04":
        return declared if declared in _ZIPPED else "application/zip"
    if content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return declared if declared in _OLE else OCTETS
    return None


# What Windows, macOS, shells and browsers run. Nobody sends a citizen such a file, and mail servers
# on the way would refuse it.
_PROGRAMS = frozenset(
    """app application appref-ms appx bat chm cmd com command cpl desktop diagcab dll dmg exe
    gadget hta htm html img inf iso jar jnlp js jse library-ms lnk mht mhtml mjs msc msi msix
    msp pif ps1 ps1xml psm1 reg scf scr sct search-ms settingcontent-ms sh shtml svg svgz swf
    url vb vbe vbs vhd vhdx webloc website ws wsc wsf wsh xhtml xht xll xml xsl""".split()
)
_PROGRAM_STARTS = (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"#!")
_MARKUP = re.compile(rb"\s*(?:<!doctype html|<html|<script|<svg|<\?xml)", re.IGNORECASE)


def is_program(name: str, content: bytes) -> bool:
    """Whether a file could run something where it is opened, by its name or its first bytes."""
    extension = name.rpartition(".")[2].lower()
    start = content[:1_024].removeprefix(b"\xef\xbb\xbf")
    return (
        extension in _PROGRAMS
        or start.startswith(_PROGRAM_STARTS)
        or _MARKUP.match(start) is not None
    )
