"""The session cookie, and who is asking."""

from __future__ import annotations

from aiohttp import web

from contactcenter.accounts import sessions
from contactcenter.accounts.authorise import Actor
from contactcenter.accounts.rules import SESSION_LIFE
from contactcenter.accounts.secret import Secret
from contactcenter.config import Settings
from contactcenter.errors import Refused
from contactcenter.web.address import client_of
from contactcenter.web.asked import ACTOR
from contactcenter.web.services import services_of


def is_secure(settings: Settings) -> bool:
    """Whether browsers reach us by https."""
    return settings.public_url.startswith("https:")


def cookie_name(settings: Settings) -> str:
    """Under https the browser itself sees to it that no other host or path set the cookie
    (RFC 6265bis, 4.1.3.2)."""
    return "__Host-contactcenter" if is_secure(settings) else "contactcenter"


def session_hash(request: web.Request) -> bytes | None:
    """What the request's session is found by; None without a cookie of ours."""
    return sessions.session_hash(request.cookies.get(cookie_name(services_of(request).settings)))


def has_cookie(request: web.Request) -> bool:
    """Whether the browser sent a session cookie, good or not."""
    return cookie_name(services_of(request).settings) in request.cookies


async def actor_of(request: web.Request) -> Actor | None:
    """The signed-in user with today's rights, or None; looked up once a request."""
    if ACTOR not in request:
        token_hash = session_hash(request)
        actor = None
        if token_hash is not None:
            async with services_of(request).db.connection() as conn:
                actor = await sessions.find(conn, token_hash, client_of(request))
        request[ACTOR] = actor
    return request[ACTOR]


async def signed_in(request: web.Request) -> Actor:
    """The signed-in user. Raises Refused("not_signed_in"); a page then leads to sign-in."""
    actor = await actor_of(request)
    if actor is None:
        raise Refused("not_signed_in")
    return actor


def set_cookie(request: web.Request, response: web.StreamResponse, secret: Secret) -> None:
    """Give the browser its session."""
    settings = services_of(request).settings
    response.set_cookie(
        cookie_name(settings),
        secret.text,
        max_age=int(SESSION_LIFE.total_seconds()),
        path="/",
        httponly=True,
        secure=is_secure(settings),
        samesite="Lax",
    )


def drop_cookie(request: web.Request, response: web.StreamResponse) -> None:
    """Take it away."""
    settings = services_of(request).settings
    response.del_cookie(
        cookie_name(settings),
        path="/",
        httponly=True,
        secure=is_secure(settings),
        samesite="Lax",
    )
