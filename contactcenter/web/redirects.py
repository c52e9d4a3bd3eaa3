"""Where to go after signing in: a page of ours, or the console."""

from __future__ import annotations

from urllib.parse import urlsplit

HOME = "/console"


def safe_next(place: str | None) -> str:
    """The path if it surely stays on this site, else the console. Browsers read `//x`, `/\\x`,
    and both with control characters inside, as another host (OWASP ASVS 5.0, 3.7.2)."""
    if not place or len(place) > 500 or not place.isascii() or not place.isprintable():
        return HOME
    if not place.startswith("/") or place[1:2] in ("/", "\\") or "\\" in place or " " in place:
        return HOME
    parts = urlsplit(place)
    if parts.scheme or parts.netloc or parts.path.startswith(("//", "/login", "/logout")):
        return HOME
    return place
