"""Asking to be called, for programs and for pages of the city on other sites.

Nothing here is done by cookie. A page of a configured site may ask from its script (CORS, without
credentials); who sends our cookie must come from our own pages or one of those, so that nobody's
sign-in is ever lent to a foreign page. The body must be application/json, which a foreign page
can't send without being asked for leave first (fetch standard, CORS-safelisted request-header).
"""

from __future__ import annotations

from functools import wraps

import msgspec
from aiohttp import web

from contactcenter.callback.asking import Asked
from contactcenter.errors import Refused
from contactcenter.kernel.i18n import LANGUAGES
from contactcenter.web.address import client_of, limit_key
from contactcenter.web.asked import LANGUAGE
from contactcenter.web.auth import has_cookie
from contactcenter.web.bodies import whole
from contactcenter.web.citizen.callbacks import door_of, room_of, status_url, window_object
from contactcenter.web.citizen.sites import widget_origins
from contactcenter.web.refusals import error_object, refusal_of, retry_header, status_of
from contactcenter.web.security import Handler, is_ours, open_door, origin
from contactcenter.web.services import services_of

routes = web.RouteTableDef()
_PREFLIGHT_S = 600


def shared(handler: Handler) -> Handler:
    """Let the scripts of configured sites read the answer, a refusal too."""

    @wraps(handler)
    async def answer(request: web.Request) -> web.StreamResponse:
        site = await _configured_site(request)
        try:
            if request.method == "POST":
                _require_leave(request, site)
            found = await handler(request)
        except Exception as error:
            no = refusal_of(error)
            if no is None:
                raise
            found = web.json_response(
                error_object(request, no), status=status_of(no), headers=retry_header(no)
            )
        found.headers["Vary"] = "Origin"
        if site is not None:
            found.headers["Access-Control-Allow-Origin"] = site
            found.headers["Access-Control-Expose-Headers"] = "Retry-After"
        return found

    return answer


async def _configured_site(request: web.Request) -> str | None:
    """The Origin as it was sent, where it is a configured one."""
    given = request.headers.getall("Origin", [])
    asked = origin(given[0]) if len(given) == 1 else None
    if asked is None or is_ours(request):
        return None
    known = {origin(one) for one in await widget_origins(services_of(request))}
    return given[0] if asked in known else None


def _require_leave(request: web.Request, site: str | None) -> None:
    if has_cookie(request) and site is None and not is_ours(request):
        raise Refused("forbidden")


@routes.options("/api/callbacks")
@routes.options("/api/callbacks/windows")
@shared
async def preflight(request: web.Request) -> web.Response:
    """What a configured site's script may send."""
    headers = {
        "Access-Control-Allow-Methods": "GET, POST",
        "Access-Control-Allow-Headers": "Content-Type, Accept-Language",
        "Access-Control-Max-Age": str(_PREFLIGHT_S),
    }
    return web.Response(status=204, headers=headers)


@routes.post("/api/callbacks")
@open_door
@shared
async def ask(request: web.Request) -> web.Response:
    """Take a request in: 201 after the commit, and the same 201 when it comes again."""
    if request.content_type != "application/json":
        raise Refused("bad_request", "not_json")
    door, body = door_of(request), await whole(request)
    _speak(request, body)
    asked = await room_of(request).ask(door.read_request(body), limit_key(client_of(request)))
    return web.json_response(_asked_object(request, asked), status=201)


@routes.get("/api/callbacks/windows")
@shared
async def windows(request: web.Request) -> web.Response:
    """The half hours that a queue still has."""
    door_of(request)
    found = await room_of(request).open_windows(request.query.get("queue", ""))
    return web.json_response({"windows": [window_object(one) for one in found]})


def _asked_object(request: web.Request, asked: Asked) -> dict[str, object]:
    found: dict[str, object] = {
        "contact": str(asked.contact),
        "status_url": status_url(request, asked.token),
    }
    if asked.promise is not None:
        found["promise"] = window_object(asked.promise)
    if asked.joined:
        found["joined"] = True
    return found


class _Speaks(msgspec.Struct):
    language: str


def _speak(request: web.Request, body: bytes) -> None:
    """Refuse in the language that the body names, also where the rest of it is wrong."""
    try:
        language = msgspec.json.decode(body, type=_Speaks).language.lower().partition("-")[0]
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        return  # whoever reads the whole of it says what is wrong
    if language in LANGUAGES:
        request[LANGUAGE] = language
