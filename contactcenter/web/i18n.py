"""In which language to answer: ?lang=, what the body said, the user's own, what the browser asks
for, else Finnish."""

from __future__ import annotations

from aiohttp import web

from contactcenter.kernel.i18n import LANGUAGES, accepted
from contactcenter.web.asked import ACTOR, LANGUAGE


def chosen(request: web.Request) -> str | None:
    """The language chosen in the address; None where none was, or one that we don't have."""
    language = request.query.get("lang")
    return language if language in LANGUAGES else None


def language_of(request: web.Request) -> str:
    """The asker's language. A handler that read one in a body sets request[LANGUAGE]."""
    told: str | None = request.get(LANGUAGE)
    actor = request.get(ACTOR)
    own = actor.language if actor is not None and actor.language in LANGUAGES else None
    header = accepted(request.headers.get("Accept-Language", ""))
    return chosen(request) or told or own or header or LANGUAGES[0]
