"""Pages that are opened by a signed link alone.

The link is the only proof. An unknown one and a malformed one are answered alike; wrong ones count
by address. Every answer is told to nobody: no cache, no index, no referrer.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import TypeVar

from aiohttp import web

from contactcenter.errors import Refused
from contactcenter.web import throttle
from contactcenter.web.accept import prefers_page
from contactcenter.web.look import Whose
from contactcenter.web.pages import page
from contactcenter.web.refusals import error_object, retry_header, status_of
from contactcenter.web.security import Handler

_PRIVATE = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow"}
T = TypeVar("T")


def private(missing: str) -> Callable[[Handler], Handler]:
    """Answer what is refused in the form that was asked for, for people with the template
    `missing`, and mark every answer."""

    def mark(handler: Handler) -> Handler:
        @wraps(handler)
        async def answer(request: web.Request) -> web.StreamResponse:
            try:
                found = await handler(request)
            except Refused as no:
                found = await _refused(request, missing, no)
            found.headers.update(_PRIVATE)
            return found

        return answer

    return mark


async def counted(request: web.Request, verb: Awaitable[T]) -> T:
    """What the room says of the link; who guesses links is slowed down, who has one is not."""
    try:
        return await verb
    except Refused as no:
        if no.code == "not_found":
            await throttle.link(request)
        raise


async def _refused(request: web.Request, missing: str, no: Refused) -> web.Response:
    if prefers_page(request):
        return await page(request, missing, no=no, whose=Whose())
    return web.json_response(
        error_object(request, no), status=status_of(no), headers=retry_header(no)
    )
