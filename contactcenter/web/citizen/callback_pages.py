"""The form by which a citizen asks to be called. It needs no script, keeps what was typed, and a
double submit is one request: the form holds its request's id.

What it sends goes through the same door as a program's request, so both are judged alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import groupby

import msgspec
from aiohttp import web

from contactcenter.accounts.rules import email_key
from contactcenter.callback.numbers import read_number
from contactcenter.callback.windows import Window
from contactcenter.errors import Refused
from contactcenter.kernel.clock import stamp
from contactcenter.web.address import client_of, limit_key
from contactcenter.web.bodies import Form, form, fresh_id
from contactcenter.web.citizen import shown_form
from contactcenter.web.citizen.callback_queues import CallQueue, call_queues
from contactcenter.web.citizen.callbacks import door_of, room_of
from contactcenter.web.i18n import language_of
from contactcenter.web.look import Whose
from contactcenter.web.pages import page, with_language
from contactcenter.web.redirects import see_other
from contactcenter.web.refusals import in_minutes
from contactcenter.web.services import services_of
from contactcenter.web.when import When, Words

routes = web.RouteTableDef()
SOON = "soon"
_FINNISH = frozenset({"Europe/Helsinki", "Europe/Mariehamn"})
_REQUIRED = ("number", "matter")
_FIELDS = frozenset({"number", "matter", "name", "email", "window"})


@routes.get("/callback")
async def callback(request: web.Request) -> web.Response:
    """The form of a queue; without one, the queues to choose from."""
    door_of(request)
    queue = await _queue(request)
    if queue is None:
        return await _choice(request)
    return await _form(request, queue, Form([("request_id", fresh_id())]))


@routes.post("/callback")
async def post_callback(request: web.Request) -> web.Response:
    """Take the request in, then show its own page."""
    door, sent, queue = door_of(request), await form(request), await _queue(request)
    if queue is None:
        return await _choice(request)
    if "switch" in sent.values:  # only shown in another language, with what was typed so far
        return await _form(request, queue, sent)
    if wrong := _wrong(request, sent):
        return await _form(request, queue, sent, wrong)
    try:
        asked_for = door.read_request(msgspec.json.encode(_body(request, queue, sent)))
        asked = await room_of(request).ask(asked_for, limit_key(client_of(request)))
    except Refused as no:
        return await _form(request, queue, sent, [_on_the_form(no)])
    return see_other(with_language(request, f"/callback/{asked.token}", new=1))


async def _queue(request: web.Request) -> CallQueue | None:
    key = request.query.get("queue")
    found = await call_queues(request, key) if key else []
    return found[0] if found else None


def _body(request: web.Request, queue: CallQueue, sent: Form) -> dict[str, object]:
    window = sent.get("window", SOON)
    opens, _, closes = window.partition("/")
    return {
        "queue": queue.key,
        "language": language_of(request),
        "number": sent.get("number"),
        "matter": sent.get("matter").replace("\r\n", "\n"),
        "name": sent.get("name"),
        "email": sent.get("email"),
        "request_id": sent.get("request_id"),
        "window": None if window == SOON else {"from": opens, "to": closes},
    }


async def _choice(request: web.Request) -> web.Response:
    """The queues; where one was asked for that is not there, that is said above them."""
    queues = await call_queues(request)
    missing = bool(request.query.get("queue"))
    status = 404 if missing or not queues else 200
    groups = [(names, list(group)) for names, group in groupby(queues, lambda q: q.organisation)]
    return await page(
        request,
        "callback_choice.html",
        whose=Whose(),
        groups=groups,
        missing=missing,
        status=status,
    )


def _wrong(request: web.Request, sent: Form) -> list[Refused]:
    """What can be seen to be wrong at once, in the order of the form: all of it, so that nobody
    sends the form once for each."""
    return [
        Refused("bad_request", f"{name}_missing", field=name)
        for name in _REQUIRED
        if not sent.get(name).strip()
    ] + [no for no in (_wrong_number(request, sent), _wrong_email(sent)) if no is not None]


def _wrong_number(request: web.Request, sent: Form) -> Refused | None:
    try:
        if sent.get("number").strip():
            read_number(sent.get("number"), services_of(request).settings.callback_countries)
    except Refused as no:
        return no
    return None


def _wrong_email(sent: Form) -> Refused | None:
    email = sent.get("email").strip()
    wrong = email and not email_key(email)
    return Refused("bad_request", "invalid_email", field="email") if wrong else None


def _on_the_form(no: Refused) -> Refused:
    """The refusal as the form can show it."""
    if no.field == "request_id":  # sent before, then changed and sent again: a new request
        return Refused("request_id_used", "sent_before", field="request_id")
    if no.field == "window" and no.code == "bad_request":
        return Refused("bad_request", "window_form", field="window")
    return in_minutes(no)


async def _form(
    request: web.Request, queue: CallQueue, sent: Form, refused: Sequence[Refused] = ()
) -> web.Response:
    windows = list(await room_of(request).open_windows(queue.key))
    words = partial(services_of(request).catalogue.t, language_of(request))
    when = When(words, queue.zone, queue.now)
    return await shown_form.show(
        request,
        "callback_form.html",
        sent,
        refused,
        _FIELDS,
        whose=Whose(queue=queue.key),
        queue=queue,
        when=when,
        zone_hint=_zone_hint(words, queue),
        days=when.by_day(windows),
        offered={SOON, *map(_value, windows)},
        value=_value,
    )


def _zone_hint(words: Words, queue: CallQueue) -> str:
    """By which clock the times are."""
    if queue.zone.key in _FINNISH:
        return words("callback.window_hint")
    return words("callback.window_hint_zone", zone=queue.zone.key.replace("_", " "))


def _value(window: Window) -> str:
    """A window as the form holds it."""
    return f"{stamp(window.opens)}/{stamp(window.closes)}"
