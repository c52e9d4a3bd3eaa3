"""A case's own page, for whoever holds its link: how it stands, what was said, what to do.

It needs no script; where scripts run, one asks again from time to time, and is answered 304 (RFC
9110, 15.4.5) while nothing has changed.
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

from aiohttp import web

from contactcenter.case_page.reading import View
from contactcenter.errors import Refused
from contactcenter.kernel.i18n import LANGUAGES
from contactcenter.web.address import client_of, limit_key
from contactcenter.web.asked import LANGUAGE
from contactcenter.web.bodies import Form, form, fresh_id, id_of
from contactcenter.web.citizen import case_shown, sent_form, written_form
from contactcenter.web.citizen.case_pages import room_of
from contactcenter.web.citizen.private_link import counted, private
from contactcenter.web.citizen.sent_form import Sent
from contactcenter.web.i18n import language_of
from contactcenter.web.look import Whose
from contactcenter.web.pages import page, with_language
from contactcenter.web.redirects import see_other
from contactcenter.web.refusals import in_minutes
from contactcenter.web.security import open_door, takes
from contactcenter.web.services import services_of

routes = web.RouteTableDef()
_private = private("case_missing.html")
_LAST = 2**31 - 1  # of numbers of messages
_DONE = frozenset({"sent", "cancelled", "callback", "mail", "address", "transcript"})
_NOT_OURS = frozenset({"not_found", "link_ended"})


@routes.get("/case/{token}", allow_head=False)
@_private
async def look(request: web.Request) -> web.Response:
    """How the matter stands."""
    view = await _view(request)
    shown = case_shown.shown(request, view)
    tag = f'"{shown["tag"]}"'
    if request.headers.get("If-None-Match") == tag:
        return web.Response(status=304, headers={"ETag": tag})
    await room_of(request).seen(view.case)
    answer = await _page(request, view, shown, Form([]))
    answer.headers["ETag"] = tag
    return answer


@routes.get("/case/{token}/messages", allow_head=False)
@_private
async def older(request: web.Request) -> web.Response:
    """What was said before a message, ?before= its number."""
    view = await _view(request)
    before = min(id_of(request.query.get("before", ""), "before"), _LAST)
    said = await room_of(request).older(_token(request), before)
    when = case_shown.when_of(request, view)
    return await page(
        request,
        "case_older.html",
        view=view,
        token=_token(request),
        whose=Whose(view.organisation_key),
        said=[(one, when.moment(one.at)) for one in said.messages],
        more=said.more,
        newer=said.newer,
    )


@routes.get("/case/{token}/cancel", allow_head=False)
@_private
async def confirm(request: web.Request) -> web.Response:
    """Whether it shall be taken back: nothing is by a link that a mail filter may follow."""
    view = await _view(request)
    if view.over:
        return _to_page(request)
    return await page(
        request,
        "case_cancel.html",
        whose=Whose(view.organisation_key),
        view=view,
        token=_token(request),
    )


@routes.post("/case/{token}/cancel")
@open_door
@_private
async def cancel(request: web.Request) -> web.Response:
    """Take it back; again is the same."""
    return await _do(request, Form([]), "cancelled", room_of(request).cancel(_token(request)))


@routes.post("/case/{token}/message")
@open_door
@takes(sent_form.MOST_BODY)
@_private
async def message(request: web.Request) -> web.Response:
    """Write, or answer by a press. Beside a press, and when another language is chosen, what was
    typed so far stays."""
    sent = await sent_form.read(request)
    if written_form.is_switch(sent):
        return await _kept(request, sent, None)
    if choice := sent.get("choice"):
        done = room_of(request).write(_token(request), sent.get("request_id"), choice)
        return await _do(request, sent, "sent", done, beside=sent)
    if sent.refused is not None:
        return await _refused(request, sent, sent.refused)
    text = sent.get("text").replace("\r\n", "\n")
    done = room_of(request).write(_token(request), sent.get("request_id"), text, sent.files)
    return await _do(request, sent, "sent", done)


@routes.post("/case/{token}/callback")
@open_door
@_private
async def to_callback(request: web.Request) -> web.Response:
    """Be called instead."""
    sent = await form(request)
    number, address = sent.get("number").strip(), limit_key(client_of(request))
    done = room_of(request).to_callback(_token(request), number, sent.get("request_id"), address)
    return await _do(request, sent, "callback", done)


@routes.post("/case/{token}/mail")
@open_door
@_private
async def to_mail(request: web.Request) -> web.Response:
    """Be written to instead."""
    sent = await form(request)
    done = room_of(request).to_mail(_token(request), sent.get("address"))
    return await _do(request, sent, "mail", done)


@routes.post("/case/{token}/transcript")
@open_door
@_private
async def transcript(request: web.Request) -> web.Response:
    """What was said, by mail. The answer is the same whether the address is proven or not."""
    sent = await form(request)
    await _view(request)  # for its language
    token, address = _token(request), sent.get("transcript")
    asked = room_of(request).ask_transcript
    done = asked(token, sent.get("request_id"), address, language_of(request))
    return await _do(request, sent, "transcript", done)


@routes.post("/case/{token}/address")
@open_door
@_private
async def add_address(request: web.Request) -> web.Response:
    """Where answers go by mail."""
    sent = await form(request)
    done = room_of(request).add_address(_token(request), sent.get("address"))
    return await _do(request, sent, "address", done)


def _token(request: web.Request) -> str:
    return request.match_info["token"]


def _to_page(request: web.Request, done: str | None = None) -> web.Response:
    path, new = f"/case/{_token(request)}", request.query.get("new")
    return see_other(with_language(request, path, done=done, new=new))


async def _kept(request: web.Request, sent: Sent, done: str | None) -> web.Response:
    """The page, with what was typed or chosen and not sent, if anything."""
    if not (sent.get("text").strip() or sent.chosen):
        return _to_page(request, done)
    view = await _view(request)
    typed = Sent([("text", sent.get("text"))], sent.chosen)
    return await _page(request, view, case_shown.shown(request, view), typed, done=done)


async def _view(request: web.Request) -> View:
    view = await counted(request, room_of(request).look(_token(request)))
    if view.language in LANGUAGES:
        request[LANGUAGE] = view.language
    return view


async def _do(
    request: web.Request,
    sent: Form,
    what: str,
    done: Awaitable[None],
    beside: Sent | None = None,
) -> web.Response:
    """Do it and show the page; what is refused is said on it, beside its field where it has one,
    with what was typed. `beside`: what was typed and is not sent."""
    try:
        await counted(request, done)
    except Refused as no:
        if no.code in _NOT_OURS:
            raise
        return await _refused(request, sent, _on_page(no, what))
    return _to_page(request, what) if beside is None else await _kept(request, beside, what)


async def _refused(request: web.Request, sent: Form, no: Refused) -> web.Response:
    view = await _view(request)
    return await _page(request, view, case_shown.shown(request, view), sent, no)


def _on_page(no: Refused, what: str) -> Refused:
    """The refusal as the page can show it."""
    if no.field == "request_id" and what == "transcript":
        return Refused("request_id_used", "sent_before", field="transcript")
    if no.field == "request_id":  # sent before, then changed and sent again
        return Refused("request_id_used", "case_sent_before", field="text")
    if no.code == "wrong_state" and no.field == "type":
        return Refused("wrong_state", "case_moved_on")
    if no.field == "address":  # the page has several fields for one
        no.field = {"mail": "mailbox", "transcript": "transcript"}.get(what, "address")
    return in_minutes(no)


async def _page(
    request: web.Request,
    view: View,
    shown: dict[str, Any],
    sent: Form,
    no: Refused | None = None,
    done: str | None = None,
) -> web.Response:
    done = done or request.query.get("done", "")
    asks = None if view.asks is None else await services_of(request).feedback_links.url(view.asks)
    return await page(
        request,
        "case.html",
        no=no,
        form=sent,
        files=sent_form.field(request, sent),
        view=view,
        token=_token(request),
        url=f"{services_of(request).settings.public_url}/case/{_token(request)}",
        fresh="new" in request.query,
        done=done if done in _DONE else "",
        form_id=_form_id(sent, no),
        feedback_url=asks,
        whose=Whose(view.organisation_key),
        **shown,
    )


def _form_id(sent: Form, no: Refused | None) -> str:
    """The same again where nothing was done, so that a double click does it once."""
    before = sent.get("request_id")
    if before and no is not None and no.code != "request_id_used":
        return before
    return fresh_id()
