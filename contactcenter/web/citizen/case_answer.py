"""The page of a case as the answer to what was done on it."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

from aiohttp import web

from contactcenter.case_page.reading import View
from contactcenter.errors import Refused
from contactcenter.kernel.i18n import LANGUAGES
from contactcenter.web.asked import LANGUAGE
from contactcenter.web.bodies import Form, fresh_id
from contactcenter.web.citizen import case_shown, case_typed, sent_form
from contactcenter.web.citizen.case_pages import room_of
from contactcenter.web.citizen.private_link import counted
from contactcenter.web.citizen.sent_form import Sent
from contactcenter.web.look import Whose
from contactcenter.web.pages import page, with_language
from contactcenter.web.redirects import see_other
from contactcenter.web.refusals import in_minutes
from contactcenter.web.services import services_of

_DONE = frozenset({"sent", "cancelled", "callback", "mail", "address", "transcript"})
_NOT_OURS = frozenset({"not_found", "link_ended"})
_SENT_BEFORE = {"transcript": "transcript", "callback": "number"}  # where that is said


def token(request: web.Request) -> str:
    """What the link says."""
    return request.match_info["token"]


def _to_page(request: web.Request, done: str | None = None) -> web.Response:
    path, new = f"/case/{token(request)}", request.query.get("new")
    return see_other(with_language(request, path, done=done, new=new))


async def kept(request: web.Request, left: Sent, done: str | None = None) -> web.Response:
    """The page, with what was typed or chosen and not sent, if anything."""
    if case_typed.is_empty(left):
        return _to_page(request, done)
    view = await view_of(request)
    return await shown_as(request, view, case_shown.shown(request, view), left, done=done)


async def view_of(request: web.Request) -> View:
    """How the matter stands; from here on the answer is in its citizen's language."""
    view = await counted(request, room_of(request).look(token(request)))
    if view.language in LANGUAGES:
        request[LANGUAGE] = view.language
    return view


async def do(
    request: web.Request,
    sent: Sent,
    what: str,
    done: Awaitable[None],
    left: Sent | None = None,
) -> web.Response:
    """Do it and show the page; what is refused is said on it, beside its field where it has one,
    with what was typed. `left`: what was not sent; without it, all but the act's own field."""
    try:
        await counted(request, done)
    except Refused as no:
        if no.code in _NOT_OURS:
            raise
        return await refused(request, sent, _on_page(no, what))
    return await kept(request, case_typed.without_field(sent, what) if left is None else left, what)


async def refused(request: web.Request, sent: Form, no: Refused) -> web.Response:
    """The page with everything that was typed, and what is wrong."""
    view = await view_of(request)
    return await shown_as(request, view, case_shown.shown(request, view), sent, no)


def _on_page(no: Refused, what: str) -> Refused:
    """The refusal as the page can show it."""
    if no.field == "request_id" and what in _SENT_BEFORE:
        return Refused("request_id_used", "sent_before", field=_SENT_BEFORE[what])
    if no.field == "request_id":  # sent before, then changed and sent again
        return Refused("request_id_used", "case_sent_before", field="text")
    if no.code == "wrong_state" and no.field == "type":
        return Refused("wrong_state", "case_moved_on")
    if no.field == "address":  # the page has several fields for one
        no.field = {"mail": "mailbox", "transcript": "transcript"}.get(what, "address")
    return in_minutes(no)


async def shown_as(
    request: web.Request,
    view: View,
    shown: dict[str, Any],
    sent: Form,
    no: Refused | None = None,
    done: str | None = None,
) -> web.Response:
    """The page: with what was typed, and what was refused or done."""
    done = done or request.query.get("done", "")
    asks = None if view.asks is None else await services_of(request).feedback_links.url(view.asks)
    return await page(
        request,
        "case.html",
        no=no,
        form=sent,
        files=sent_form.field(request, sent),
        view=view,
        token=token(request),
        url=f"{services_of(request).settings.public_url}/case/{token(request)}",
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
