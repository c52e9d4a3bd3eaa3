"""The map on which a place is chosen: whose tiles, where it begins, and the policy that lets a page
fetch them, from that host alone. Without the setting there is none, and no third party."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urlsplit

from aiohttp import web

from contactcenter.config import Settings


class Tiles(NamedTuple):
    """What the page says of the map: the tiles' address with {z}, {x} and {y}, the centre, and
    whose it is."""

    url: str
    lat: float
    long: float
    credit: str


def tiles_of(settings: Settings) -> Tiles | None:
    """None where the house has no map."""
    if settings.map_tiles is None:
        return None
    return Tiles(settings.map_tiles, *settings.map_centre, settings.map_credit)


def allow(answer: web.Response, settings: Settings) -> web.Response:
    """The answer, whose page may show the tiles: images of their host, and nothing else of it."""
    if settings.map_tiles is not None:
        parts = urlsplit(settings.map_tiles)
        policy = answer.headers["Content-Security-Policy"]
        wider = policy.replace("img-src 'self'", f"img-src 'self' {parts.scheme}://{parts.netloc}")
        answer.headers["Content-Security-Policy"] = wider
    return answer
