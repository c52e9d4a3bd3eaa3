"""Catalogues of the tests, and what is found in them."""

from __future__ import annotations

from pathlib import Path

from contactcenter.services.reading import FORMATS, open_document
from contactcenter.services.things import Channel, Found, Service

CATALOGUES = Path(__file__).parent / "catalogues"
PARTS = {
    "ptv": ("ptv_services.json", "ptv_channels.json"),
    "hsds": ("hsds.json",),
    "open311": ("open311.json",),
    "own": ("own.toml",),
}


def documents(name: str) -> list[bytes]:
    """All parts of the catalogue of a format."""
    return [(CATALOGUES / part).read_bytes() for part in PARTS[name]]


def everything(data: bytes, name: str, language: str = "en") -> list[Found]:
    """What each item of a document holds."""
    read = FORMATS[name].read
    return [
        read(item, language) if item is not None else Found(left_out="not_read")
        for item in open_document(data, name)
    ]


def services(found: list[Found]) -> list[Service]:
    """The services among it."""
    return [one.service for one in found if one.service is not None]


def channels(found: list[Found]) -> list[Channel]:
    """The channels among it."""
    return [channel for one in found for channel in one.channels]
