"""A request's own page, for whoever holds its link: how it stands, taking it back, the calendar.

What all such pages have in common stands in private_link.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web

from contactcenter.callback.status import OVER, Status
from contactcenter.callback.windows import Window
from contactcenter.errors import Refused
from contactcenter.kernel.clock import stamp
from contactcenter.kernel.i18n import LANGUAGES, pick
from contactcenter.queue.bands import Band, rounded
from contactcenter.queue.wait_words import closing_words, wait_words
from contactcenter.web.accept import prefers_page
from contactcenter.web.asked import LANGUAGE
from contactcenter.web.citizen import private_link
from contactcenter.web.citizen.callback_ics import MEDIA_TYPE, Entry, calendar_file
from contactcenter.web.citizen.callbacks import room_of, status_url, window_object
from contactcenter.web.i18n import language_of
from contactcenter.web.look import Whose
from contactcenter.web.pages import page, with_language
from contactcenter.web.redirects import see_other
from contactcenter.web.security import open_door
from contactcenter.web.services import services_of
from contactcenter.web.when import When, Words

routes = web.RouteTableDef()
Verb = Callable[[str], Awaitable[Status]]
private = private_link.private("callback_missing.html")


@routes.get("/callback/{token}")
@private
async def look(request: web.Request) -> web.Response:
    """How the request stands."""
    return await _answer(request, await _status(request))


@routes.get("/callback/{token}/cancel")
@private
async def confirm(request: web.Request) -> web.Response:
    """Whether it shall be taken back: nothing is by a link that a mail filter may follow."""
    return await _answer(request, await _status(request), asking=True)


@routes.post("/callback/{token}/cancel")
@open_door
@private
async def cancel(request: web.Request) -> web.Response:
    """Take it back; again is the same."""
    try:
        status = await _counted(request, room_of(request).cancel)
    except Refused as no:
        if no.code != "wrong_state" or not prefers_page(request):
            raise
        return await _answer(request, await _status(request), no=no)
    if not prefers_page(request):
        return await _answer(request, status)
    return see_other(with_language(request, f"/callback/{request.match_info['token']}"))


@routes.get("/callback/{token}/callback.ics")
@private
async def calendar(request: web.Request) -> web.Response:
    """The promised half hour for a calendar. Without a promise there is none."""
    status = await _status(request)
    if status.promise is None:
        raise Refused("not_found")
    return web.Response(
        body=calendar_file(_entry(request, status, status.promise), datetime.now(UTC)),
        content_type=MEDIA_TYPE,
        charset="utf-8",
        headers={"Content-Disposition": 'attachment; filename="callback.ics"'},
    )


async def _status(request: web.Request) -> Status:
    return await _counted(request, room_of(request).status)


async def _counted(request: web.Request, verb: Verb) -> Status:
    """What the room says of the link."""
    status = await private_link.counted(request, verb(request.match_info["token"]))
    if status.language in LANGUAGES:
        request[LANGUAGE] = status.language
    return status


async def _answer(
    request: web.Request, status: Status, *, asking: bool = False, no: Refused | None = None
) -> web.Response:
    urls: dict[str, Any] = {
        "case_url": await _case_url(request, status),
        "feedback_url": await _feedback_url(request, status),
    }
    if not prefers_page(request):
        return web.json_response(_status_object(status) | urls)
    token, t = request.match_info["token"], _words(request)
    when = When(t, ZoneInfo(status.organisation_zone), datetime.now(UTC))
    promise = status.promise if not status.attempts else None  # kept or not: it is over
    return await page(
        request,
        "callback_status.html",
        no=no,
        whose=Whose(status.organisation),
        standing=status,
        story=_story(status),
        promise=None if promise is None else when.window(promise),
        earliest=_earliest(status, when),
        wait=_wait(request, status, when),
        over=status.state in OVER,
        ahead=status.state not in OVER and status.state != "active",
        asking=asking and status.cancellable,
        fresh="new" in request.query,
        token=token,
        url=status_url(request, token),
        **urls,
    )


async def _feedback_url(request: web.Request, status: Status) -> str | None:
    """Where to say how it went; None before it is over, and where nobody asks."""
    links = services_of(request).feedback_links
    return None if status.asks is None else await links.url(status.asks)


async def _case_url(request: web.Request, status: Status) -> str | None:
    """Where the whole matter is shown; None for who joined another's request."""
    room = services_of(request).cases
    return None if room is None or status.case is None else await room.give(status.case)


def _status_object(status: Status) -> dict[str, object]:
    return {
        "state": status.state,
        "promise": None if status.promise is None else window_object(status.promise),
        "cancellable": status.cancellable,
        "joined": status.joined,
        "result": status.result,
        "next_at": None if status.next_at is None else stamp(status.next_at),
        "estimate": None if status.wait is None else _rounded(status.wait),
    }


def _rounded(band: Band) -> dict[str, int]:
    low, high = rounded(band)
    return {"low_s": low, "high_s": high}


def _wait(request: web.Request, status: Status, when: When) -> str | None:
    """How long the wait is estimated to last yet, in words."""
    catalogue, language = services_of(request).catalogue, language_of(request)
    if status.wait is not None:
        return wait_words(catalogue, language, status.wait)
    if status.closes_at is not None:
        return closing_words(catalogue, language, when.clock(status.closes_at))
    return None


def _earliest(status: Status, when: When) -> str | None:
    """When a call without a promise comes at the earliest; None where it may come any minute."""
    if status.next_at is None or _story(status) not in ("again", "opening"):
        return None
    return when.moment(status.next_at)


def _story(status: Status) -> str:
    """Which of the catalogue's `callback.status.*` it is."""
    if status.state in OVER:
        known = status.result in ("reached", "not_reached", "wrong_number", "cancelled")
        over = "cancelled" if status.state == "abandoned" else "over"
        return str(status.result) if known else over
    if status.joined:
        return "joined"
    if status.state == "scheduled" and status.attempts:
        return "again"
    if status.state == "scheduled":
        return "opening" if status.promise is None else "promised"
    return "calling" if status.state == "active" else "waiting"


def _entry(request: web.Request, status: Status, window: Window) -> Entry:
    t, token = _words(request), request.match_info["token"]
    queue, url = pick(status.queue, language_of(request)), status_url(request, token)
    return Entry(
        token=token,
        window=window,
        zone=ZoneInfo(status.organisation_zone),
        sequence=status.sequence,
        cancelled=status.result == "cancelled" or status.state == "abandoned",
        summary=t("callback.calendar.summary", queue=queue),
        description=t("callback.calendar.description", url=url),
        url=url,
        organiser=f"no-reply@{services_of(request).settings.mail_domain}",
        organiser_name=queue,
    )


def _words(request: web.Request) -> Words:
    return partial(services_of(request).catalogue.t, language_of(request))
