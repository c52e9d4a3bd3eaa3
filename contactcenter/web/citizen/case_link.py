"""A case's own page, for whoever holds its link: how it stands, what was said, what to do.

It needs no script; where scripts run, one asks again from time to time, and is answered 304 (RFC
9110, 15.4.5) while nothing has changed.
"""

from __future__ import annotations

from aiohttp import web

from contactcenter.errors import Refused
from contactcenter.web.address import client_of, limit_key
from contactcenter.web.bodies import Form, id_of
from contactcenter.web.citizen import case_answer, case_shown, case_typed, sent_form
from contactcenter.web.citizen.case_pages import room_of
from contactcenter.web.citizen.private_link import private
from contactcenter.web.citizen.sent_form import Sent
from contactcenter.web.i18n import language_of
from contactcenter.web.look import Whose
from contactcenter.web.pages import page
from contactcenter.web.security import open_door, takes

routes = web.RouteTableDef()
_private = private("case_missing.html")
_LAST = 2**31 - 1  # of numbers of messages


@routes.get("/case/{token}", allow_head=False)
@_private
async def look(request: web.Request) -> web.Response:
    """How the matter stands."""
    view = await case_answer.view_of(request)
    shown = case_shown.shown(request, view)
    tag = f'"{shown["tag"]}"'
    if request.headers.get("If-None-Match") == tag:
        return web.Response(status=304, headers={"ETag": tag})
    await room_of(request).seen(view.case)
    answer = await case_answer.shown_as(request, view, shown, Form([]))
    answer.headers["ETag"] = tag
    return answer


@routes.get("/case/{token}/messages", allow_head=False)
@_private
async def older(request: web.Request) -> web.Response:
    """What was said before a message, ?before= its number."""
    view = await case_answer.view_of(request)
    before = min(id_of(request.query.get("before", ""), "before"), _LAST)
    said = await room_of(request).older(case_answer.token(request), before)
    when = case_shown.when_of(request, view)
    return await page(
        request,
        "case_older.html",
        view=view,
        token=case_answer.token(request),
        whose=Whose(view.organisation_key),
        said=[(one, when.moment(one.at)) for one in said.messages],
        more=said.more,
        newer=said.newer,
    )


@routes.post("/case/{token}")
@open_door
@takes(sent_form.MOST_BODY)
@_private
async def enter(request: web.Request) -> web.Response:
    """No button of an act was pressed. Another language, and the page anew: all that was typed
    stays. Enter in a field: what the field is for, where no other is filled in."""
    sent = await sent_form.read(request)
    if {"switch", "refresh"} & sent.values.keys():
        return await case_answer.kept(request, case_typed.all_of(sent))
    meant = case_typed.meant(sent, (await case_answer.view_of(request)).offers)
    if meant is None:
        return await case_answer.refused(request, sent, Refused("bad_request", "case_which"))
    return await _ACTS[meant](request, sent)


@routes.get("/case/{token}/cancel", allow_head=False)
@_private
async def confirm(request: web.Request) -> web.Response:
    """Whether it shall be taken back: nothing is by a link that a mail filter may follow."""
    return await _confirm(request, Sent([]))


@routes.post("/case/{token}/cancel")
@open_door
@takes(sent_form.MOST_BODY)
@_private
async def cancel(request: web.Request) -> web.Response:
    """Take it back; again is the same. With `ask` or another language only ask, as above."""
    sent = await sent_form.read(request)
    if {"switch", "ask"} & sent.values.keys():
        return await _confirm(request, sent)
    done = room_of(request).cancel(case_answer.token(request))
    return await case_answer.do(request, sent, "cancelled", done, case_typed.all_of(sent))


@routes.post("/case/{token}/message")
@open_door
@takes(sent_form.MOST_BODY)
@_private
async def message(request: web.Request) -> web.Response:
    """Write, or answer by a press: what was typed so far stays beside that."""
    sent = await sent_form.read(request)
    if choice := sent.get("choice"):
        done = room_of(request).write(case_answer.token(request), sent.get("request_id"), choice)
        return await case_answer.do(request, sent, "sent", done, case_typed.all_of(sent))
    if sent.refused is not None:
        return await case_answer.refused(request, sent, sent.refused)
    text = sent.get("text").replace("\r\n", "\n")
    done = room_of(request).write(
        case_answer.token(request), sent.get("request_id"), text, sent.files
    )
    return await case_answer.do(request, sent, "sent", done, case_typed.without_message(sent))


async def _to_callback(request: web.Request, sent: Sent) -> web.Response:
    """Be called instead."""
    number, address = sent.get("number").strip(), limit_key(client_of(request))
    done = room_of(request).to_callback(
        case_answer.token(request), number, sent.get("request_id"), address
    )
    return await case_answer.do(request, sent, "callback", done)


async def _to_mail(request: web.Request, sent: Sent) -> web.Response:
    """Be written to instead."""
    done = room_of(request).to_mail(case_answer.token(request), sent.get("address"))
    return await case_answer.do(request, sent, "mail", done)


async def _transcript(request: web.Request, sent: Sent) -> web.Response:
    """What was said, by mail: to the address that was typed; with `known`, and without a field for
    one, to the address proven last. The answer is the same whether an address is proven or not."""
    await case_answer.view_of(request)  # for its language
    known = "known" in sent.values or "transcript" not in sent.values
    address = "" if known else sent.get("transcript")
    if not (known or address.strip()):
        no = Refused("bad_request", "invalid_email", field="transcript")
        return await case_answer.refused(request, sent, no)
    done = room_of(request).ask_transcript(
        case_answer.token(request), sent.get("request_id"), address, language_of(request)
    )
    left = case_typed.all_of(sent) if known else None
    return await case_answer.do(request, sent, "transcript", done, left)


async def _add_address(request: web.Request, sent: Sent) -> web.Response:
    """Where answers go by mail."""
    done = room_of(request).add_address(case_answer.token(request), sent.get("address"))
    return await case_answer.do(request, sent, "address", done)


_ACTS = {
    "callback": _to_callback,
    "mail": _to_mail,
    "transcript": _transcript,
    "address": _add_address,
}


@routes.post("/case/{token}/{act:callback|mail|transcript|address}")
@open_door
@takes(sent_form.MOST_BODY)
@_private
async def act(request: web.Request) -> web.Response:
    """One field is sent; what was typed into the others stays."""
    return await _ACTS[request.match_info["act"]](request, await sent_form.read(request))


async def _confirm(request: web.Request, sent: Sent) -> web.Response:
    """The question, with what was typed on the page."""
    view = await case_answer.view_of(request)
    if view.over:
        return await case_answer.kept(request, case_typed.all_of(sent))
    return await page(
        request,
        "case_cancel.html",
        whose=Whose(view.organisation_key),
        view=view,
        token=case_answer.token(request),
        typed=case_typed.typed(sent),
    )
