"""Whether a person or a program looks at an answer that both may ask for."""

from __future__ import annotations

from aiohttp import web


def prefers_page(request: web.Request) -> bool:
    """Whether the Accept header prefers text/html to JSON; a program that says nothing does not
    (RFC 9110, 12.5.1)."""
    qualities = _qualities(request.headers.get("Accept", ""))
    html = qualities.get("text/html", 0.0)
    others = ("application/json", "application/*", "*/*")
    json = next((qualities[kind] for kind in others if kind in qualities), 0.0)
    return html > json


def _qualities(header: str) -> dict[str, float]:
    """Media types with how much they are wanted; what can't be read is not wanted."""
    found: dict[str, float] = {}
    for item in header[:1000].split(","):
        kind, *parameters = (part.strip().lower() for part in item.split(";"))
        q = next((part[2:] for part in parameters if part.startswith("q=")), "1")
        try:
            found[kind] = float(q)
        except ValueError:
            found[kind] = 0.0
    return found
