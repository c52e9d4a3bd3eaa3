"""Files of messages: who may open one is decided here, for every door. Pure."""

from __future__ import annotations

from typing import Any, Protocol

from contactcenter.errors import Refused

# What the browser may draw where it stands. The type is what the first bytes prove (files.py);
# SVG and HTML are never any of these.
IMAGES = frozenset(("image/png", "image/jpeg", "image/gif", "image/webp"))
_OPEN = frozenset(("none", "clean"))
_WAIT_S = 5.0


class File(Protocol):
    """A row or an object with the columns that are asked for."""

    def __getitem__(self, key: str, /) -> Any: ...


def is_open(file: File) -> bool:
    """Whether a file may be read by anybody: the scanner found nothing, or there was none when it
    came. `file` has `scan`."""
    return file["scan"] in _OPEN


def require_open(file: File, field: str | None = None) -> None:
    """Raise Refused for a file that nobody may read, send or pass on: `unavailable` while it waits
    for the scanner, `forbidden` for what is infected or could not be scanned. `file` has `name`,
    `scan` and `scan_name`."""
    if is_open(file):
        return
    name = file["name"]
    if file["scan"] == "waiting":
        raise Refused("unavailable", "file_waiting", field=field, retry_after_s=_WAIT_S, name=name)
    found = file["scan_name"] or ""
    detail = "file_infected" if file["scan"] == "infected" else "file_unscanned"
    raise Refused("forbidden", detail, field=field, name=name, found=found)


def shown(file: File) -> dict[str, Any]:
    """A file as screens get it (docs/protocol.md)."""
    told: dict[str, Any] = {
        "id": str(file["id"]),
        "name": file["name"],
        "media_type": file["media_type"],
        "size": file["size"],
        "scan": file["scan"],
    }
    if file["scan_name"]:
        told["scan_name"] = file["scan_name"]
    return told
