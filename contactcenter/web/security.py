"""What every answer says to the browser, and which requests may change something.

A request that changes something by cookie must come from a page of ours: its Origin header, which
no page can forge, is the public URL's. That and SameSite=Lax are the defence against forged
requests (OWASP ASVS 5.0, 3.5.1); there is no token to leak.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar
from urllib.parse import urlsplit

from aiohttp import web

from contactcenter.errors import Refused
from contactcenter.web.auth import has_cookie, is_secure
from contactcenter.web.services import services_of
from contactcenter.web.vendor import IMPORT_MAP_HASH

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Marked = TypeVar("Marked", bound=Callable[..., Awaitable[web.StreamResponse]])
MAX_BODY = 64 * 1024
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_PORTS = {"http": 80, "https": 443}

CSP = "; ".join(
    (
        "default-src 'none'",
        f"script-src 'self' '{IMPORT_MAP_HASH}'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "frame-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
_HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # with no-referrer a form's Origin would be "null"
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
}
# The older word for the same, where it has one (RFC 7034): lists of sites it does not know.
_FRAMES = {"'none'": "DENY", "'self'": "SAMEORIGIN"}


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Put the headers on; what a handler set itself stays. A socket shows nothing in a browser, and
    thousands are open: each would keep them."""
    if response.status == 101:
        return
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    ancestors = response.headers["Content-Security-Policy"].partition("frame-ancestors ")[2]
    if word := _FRAMES.get(ancestors.partition(";")[0]):
        response.headers.setdefault("X-Frame-Options", word)
    if is_secure(services_of(request).settings):
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    response.headers["Server"] = "contactcenter"


def origin(url: str) -> tuple[str, str, int] | None:
    """(scheme, host, port) of a URL or an Origin header; None for "null" and other nonsense."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    host, known = parts.hostname, _PORTS.get(parts.scheme)
    if not host or known is None or parts.path not in ("", "/") or parts.username is not None:
        return None
    return parts.scheme, host, port or known


def is_ours(request: web.Request) -> bool:
    """Whether the Origin header names our own pages. Absent or doubled is not."""
    given = request.headers.getall("Origin", [])
    ours = origin(services_of(request).settings.public_url)
    return len(given) == 1 and ours is not None and origin(given[0]) == ours


def require_origin(request: web.Request) -> None:
    """For a socket's handshake. Raises Refused("forbidden")."""
    if not is_ours(request):
        raise Refused("forbidden", "foreign_origin", url=services_of(request).settings.public_url)


def by_password(handler: Handler) -> Handler:
    """Mark a handler that changes nothing by cookie (the caller proves who it is in the body): a
    program may call it without an Origin. A foreign Origin is refused all the same."""
    handler.by_password = True  # type: ignore[attr-defined]
    return handler


def open_door(handler: Handler) -> Handler:
    """Mark a handler that decides itself which origins it serves, and never by cookie."""
    handler.open_door = True  # type: ignore[attr-defined]
    return handler


def takes(max_body: int) -> Callable[[Marked], Marked]:
    """Mark a handler that reads longer bodies than others, in bytes. It reads them from
    `request.content`, or from a clone with that `client_max_size`."""

    def mark(handler: Marked) -> Marked:
        handler.max_body = max_body  # type: ignore[attr-defined]
        return handler

    return mark


def other_name(request: web.Request) -> str | None:
    """Where to go instead when a page was opened on this machine by another of its names:
    http://localhost:8080 for http://127.0.0.1:8080. Forms sent from there would be refused."""
    ours = origin(services_of(request).settings.public_url)
    asked = origin(f"http://{request.headers.get('Host', '')}")
    if ours is None or asked is None or ours == asked or ours[2] != asked[2]:
        return None
    if ours[1] not in _LOOPBACK or asked[1] not in _LOOPBACK or request.method != "GET":
        return None
    return f"{services_of(request).settings.public_url}{request.raw_path}"


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse a forged or oversized request before anything else is done with it."""
    place = other_name(request)
    if place is not None and "text/html" in request.headers.get("Accept", ""):
        return web.Response(status=307, headers={"Location": place})
    route = request.match_info.handler
    if (request.content_length or 0) > getattr(route, "max_body", MAX_BODY):
        raise Refused("too_large")
    if request.method not in _SAFE and not getattr(route, "open_door", False):
        may_lack = not has_cookie(request) or getattr(route, "by_password", False)
        if "Origin" in request.headers or not may_lack:
            require_origin(request)
    return await handler(request)
