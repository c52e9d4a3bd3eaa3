"""The form by which a citizen writes to the city. It needs no script and no address, keeps what was
typed, and a double submit is one message: the form holds its request's id.

What is written becomes mail to the queue, answered by mail, or on the case's own page.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from aiohttp import web

from contactcenter.accounts.rules import email_key
from contactcenter.cases import written
from contactcenter.cases.written import MAX_TEXT, Written
from contactcenter.errors import Refused
from contactcenter.kernel.i18n import pick
from contactcenter.web.address import client_of, limit_key
from contactcenter.web.bodies import Form, form
from contactcenter.web.i18n import language_of
from contactcenter.web.matters import Matter, chosen
from contactcenter.web.pages import page, with_language
from contactcenter.web.redirects import see_other
from contactcenter.web.refusals import error_object
from contactcenter.web.security import takes
from contactcenter.web.services import services_of
from contactcenter.web.throttle import MINUTE

routes = web.RouteTableDef()
MAX_NAME = 100
MAX_BODY = 256 * 1024  # a full text of letters that a form writes as nine bytes each
_FIELDS = frozenset({"topic", "text", "name", "email"})


@routes.get("/message")
async def message(request: web.Request) -> web.Response:
    """The form for a topic or a queue; without one, the contact page."""
    if not (request.query.get("topic") or request.query.get("queue")):
        return see_other(with_language(request, "/contact"))
    matter, every = await _chosen(request)
    return await _form(request, matter, every, Form([("request_id", _fresh())]))


@routes.post("/message")
@takes(MAX_BODY)
async def post_message(request: web.Request) -> web.Response:
    """Take it in, then show the case's own page."""
    sent = await form(request.clone(client_max_size=MAX_BODY))
    matter, every = await _chosen(request)
    if "switch" in sent.values:  # only shown in another language, with what was typed so far
        return await _form(request, matter, every, sent)
    about = next((one for one in every if one.value == sent.get("topic")), None)
    refused = _wrong(about, sent)
    if about is None or refused:
        return await _form(request, matter, every, sent, refused)
    try:
        taken = await _take(request, about, sent)
    except Refused as no:
        if no.code == "unknown_queue":  # it gave up its address a moment ago
            no = Refused("bad_request", "message_topic", field="topic")
        return await _form(request, matter, every, sent, [_on_the_form(no)])
    token = await services_of(request).case_token(taken.case)
    return see_other(with_language(request, f"/case/{token}", new=1))


async def _chosen(request: web.Request) -> tuple[Matter, list[Matter]]:
    """The matter asked for, and those that messages may be about. Raises Refused("not_found")."""
    matter, every = await chosen(request)
    if services_of(request).receive is None or matter is None or matter.address is None:
        raise Refused("not_found")
    return matter, [one for one in every if one.address is not None]


def _wrong(about: Matter | None, sent: Form) -> list[Refused]:
    """Everything that is wrong, in the order of the form."""
    found = []
    if about is None:
        found.append(Refused("bad_request", "message_topic", field="topic"))
    text, name, email = (sent.get(field) for field in ("text", "name", "email"))
    if not text.strip():
        found.append(Refused("bad_request", "message_missing", field="text"))
    if len(_lines(text)) > MAX_TEXT:
        found.append(Refused("too_large", "message_long", field="text", most=MAX_TEXT))
    if len(name.strip()) > MAX_NAME or not name.strip().isprintable():
        found.append(Refused("bad_request", "invalid_name", field="name"))
    if email.strip() and not email_key(email):
        found.append(Refused("bad_request", "invalid_email", field="email"))
    return found


async def _take(request: web.Request, about: Matter, sent: Form) -> written.Taken:
    services, language = services_of(request), language_of(request)
    if services.receive is None or about.address is None:
        raise Refused("not_found")
    limit = services.settings.chats_per_minute_per_address
    await services.limits.take("chat", limit_key(client_of(request)), limit, MINUTE)
    return await written.take_in(
        services.db,
        services.receive,
        Written(
            form="form",
            request_id=sent.get("request_id"),
            to=about.address,
            subject=pick(about.names, language),
            text=_lines(sent.get("text")),
            language=language,
            name=sent.get("name").strip(),
            address=sent.get("email").strip(),
            has_page=True,
        ),
    )


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def _on_the_form(no: Refused) -> Refused:
    """The refusal as the form can show it."""
    if no.field == "request_id":  # sent before, then changed and sent again: a new message
        return Refused("request_id_used", "message_sent_before", field="request_id")
    return no


async def _form(
    request: web.Request,
    matter: Matter,
    every: list[Matter],
    sent: Form,
    refused: Sequence[Refused] = (),
) -> web.Response:
    if any(no.field == "request_id" for no in refused) or not sent.get("request_id"):
        sent.values["request_id"] = [_fresh()]
    texts = [(no.field, error_object(request, no)["message"]) for no in refused]
    answer = await page(
        request,
        "message.html",
        no=refused[0] if refused else None,
        form=sent,
        wrong={field: text for field, text in texts if field in _FIELDS},
        other=[text for field, text in texts if field not in _FIELDS],
        matter=matter,
        every=every,
    )
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def _fresh() -> str:
    return f"form-{secrets.token_urlsafe(18)}"
