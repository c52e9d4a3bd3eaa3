"""How it went: the page on which a citizen gives feedback, by a signed link alone.

It needs no script. What was given is shown and can be changed while the link is good.
"""

from __future__ import annotations

from functools import partial
from zoneinfo import ZoneInfo

from aiohttp import web

from contactcenter.errors import Refused
from contactcenter.feedback.giving import View
from contactcenter.feedback.rules import ABOUT, MAX_TEXT, STEPS, Given
from contactcenter.kernel.i18n import LANGUAGES
from contactcenter.web.asked import LANGUAGE
from contactcenter.web.bodies import Form, form
from contactcenter.web.citizen.private_link import counted, private
from contactcenter.web.i18n import language_of
from contactcenter.web.look import Whose
from contactcenter.web.pages import day, page, with_language
from contactcenter.web.redirects import see_other
from contactcenter.web.refusals import error_object, in_minutes
from contactcenter.web.security import open_door, takes
from contactcenter.web.services import services_of
from contactcenter.web.when import When

routes = web.RouteTableDef()
_private = private("feedback_missing.html")
_MOST = 128 * 1024  # a full text of letters that take twelve bytes each in a form
_NOT_SAID = ""
_NO_STEP = -1
_NOT_OURS = frozenset({"not_found", "link_ended", "wrong_state"})


@routes.get("/feedback/{token}", allow_head=False)
@_private
async def look(request: web.Request) -> web.Response:
    """The form, with what was given so far."""
    view = await _view(request)
    return await _page(request, view, _given(view))


@routes.post("/feedback/{token}")
@open_door
@takes(_MOST)
@_private
async def give(request: web.Request) -> web.Response:
    """Keep it; again is the same."""
    sent, view = await form(request, _MOST), await _view(request)
    if "switch" in sent.values:  # only to be shown in another language
        return await _page(request, view, sent)
    given = Given(_mark(sent, "handling"), _mark(sent, "service"), sent.get("text"))
    token, giving = request.match_info["token"], services_of(request).giving
    try:
        await counted(request, giving.give(token, given, language_of(request)))
    except Refused as no:
        if no.code in _NOT_OURS:
            raise
        return await _page(request, view, sent, in_minutes(no))
    return see_other(with_language(request, f"/feedback/{token}", done=1))


async def _view(request: web.Request) -> View:
    token = request.match_info["token"]
    view = await counted(request, services_of(request).giving.look(token))
    if view.language in LANGUAGES:
        request[LANGUAGE] = view.language
    return view


def _mark(sent: Form, about: str) -> int | None:
    """The step chosen; none of ours where something else was sent."""
    text = sent.get(about)
    if text == _NOT_SAID:
        return None
    return int(text) if text in map(str, STEPS) else _NO_STEP


def _given(view: View) -> Form:
    """What was given, as the form has it; nothing is chosen before."""
    if view.given is None:
        return Form([])
    marks = [(about, str(getattr(view.given, about) or _NOT_SAID)) for about in ABOUT]
    return Form([*marks, ("text", view.given.text)])


async def _page(
    request: web.Request, view: View, sent: Form, no: Refused | None = None
) -> web.Response:
    words = partial(services_of(request).catalogue.t, language_of(request))
    when = When(words, ZoneInfo(view.zone), view.now)
    refused = () if no is None else no.errors or (no,)
    texts = [(one.field, error_object(request, one)["message"]) for one in refused]
    return await page(
        request,
        "feedback_give.html",
        no=no,
        form=sent,
        view=view,
        token=request.match_info["token"],
        done="done" in request.query and no is None,
        ended=when.moment(view.ended_at),
        until=day(view.until, language_of(request)),
        steps=STEPS,
        about=ABOUT,
        most=MAX_TEXT,
        wrong={field: text for field, text in texts if field is not None},
        other=[text for field, text in texts if field is None],
        whose=Whose(view.organisation_key),
    )
