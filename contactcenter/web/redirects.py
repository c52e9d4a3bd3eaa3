"""Where to go next: a page of ours, whatever the address says."""

from __future__ import annotations

from urllib.parse import urlsplit

from aiohttp import web

HOME = "/"  # leads on by role


def safe_next(place: str | None, home: str = HOME) -> str:
    """The path if it surely stays on this site, else `home`. Browsers read `//x`, `/\\x`,
    and both with control characters inside, as another host (OWASP ASVS 5.0, 3.7.2)."""
    if not place or len(place) > 500 or not place.isascii() or not place.isprintable():
        return home
    if not place.startswith("/") or place[1:2] in ("/", "\\") or "\\" in place or " " in place:
        return home
    parts = urlsplit(place)
    if parts.scheme or parts.netloc or parts.path.startswith(("//", "/login", "/logout")):
        return home
    return place


def see_other(place: str) -> web.Response:
    """After a form was taken in: look there (RFC 9110, 15.4.4)."""
    return web.Response(status=303, headers={"Location": place})
