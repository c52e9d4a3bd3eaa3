"""From an error to an answer: JSON for programs, a page for people.

Every error body of the HTTP doors is {code, message, field?, retry_after_s?}. What went
wrong inside is told to the log by the error's name and place only: its text could hold a citizen's
words.
"""

from __future__ import annotations

import asyncio
import traceback
from contextlib import suppress
from urllib.parse import urlencode

import structlog
from aiohttp import web

from contactcenter.errors import DatabaseUnavailable, Refused
from contactcenter.kernel.db import TRANSIENT
from contactcenter.web.asked import ID
from contactcenter.web.auth import actor_of
from contactcenter.web.open311 import writing as open311
from contactcenter.web.pages import error_page
from contactcenter.web.refusals import error_object, refusal_of, retry_header, status_of
from contactcenter.web.security import Handler

_log = structlog.get_logger(__name__)
WHO_S = 1.0  # no longer is an error kept waiting for whom it is shown to
_PROGRAMS = ("/api/", "/health/", "/metrics", "/ws/", "/static/", "/vendor/")


def wants_page(request: web.Request) -> bool:
    """Whether a person looks at the answer."""
    return not request.path.startswith(_PROGRAMS) and "text/html" in request.headers.get(
        "Accept", ""
    )


@web.middleware
async def errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer what a handler refused or could not do."""
    try:
        return await handler(request)
    except web.HTTPMethodNotAllowed as error:
        await _look_who(request)
        answer = _answer(request, Refused("bad_request", "wrong_method"), 405)
        answer.headers["Allow"] = ", ".join(sorted(error.allowed_methods))
        return answer
    except web.HTTPRedirection:
        raise
    except web.HTTPNotFound as error:
        await _look_who(request)
        return _refusal(request, error)
    except Exception as error:
        return _refusal(request, error)


async def _look_who(request: web.Request) -> None:
    """Where there is no page, staff are shown those that they have; unless nobody can tell who it
    is."""
    if wants_page(request):
        with suppress(DatabaseUnavailable, *TRANSIENT):
            async with asyncio.timeout(WHO_S):
                await actor_of(request)


def _refusal(request: web.Request, error: Exception) -> web.Response:
    no = refusal_of(error)
    if no is None and isinstance(error, web.HTTPException):
        return _answer(request, Refused("bad_request"), error.status)
    if no is None:
        log_failure(request, error)
        no = Refused("internal")
    if no.code == "not_signed_in" and request.method in ("GET", "HEAD") and wants_page(request):
        place = urlencode({"next": request.path_qs})
        return web.Response(status=303, headers={"Location": f"/login?{place}"})
    return _answer(request, no, status_of(no))


def _answer(request: web.Request, no: Refused, status: int) -> web.Response:
    if request.path.startswith(open311.PREFIX):
        return open311.refusal(request, no, status)
    if wants_page(request):
        return error_page(request, no, status)
    return web.json_response(error_object(request, no), status=status, headers=retry_header(no))


def log_failure(request: web.Request, error: Exception) -> None:
    """Note an error that nobody foresaw: its name and the lines it came through."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    lines = [f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in frames]
    _log.error("request_failed", request=request[ID], error=type(error).__name__, at=lines)
