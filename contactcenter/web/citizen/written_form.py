"""A form with which a citizen writes to a queue: judged, taken in once, shown again with what was
typed. The message form and the one on accessibility are such."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from aiohttp import web

from contactcenter.accounts.rules import email_key
from contactcenter.cases import written
from contactcenter.cases.rules import one_line
from contactcenter.cases.written import MAX_TEXT, Written
from contactcenter.errors import Refused
from contactcenter.web.address import client_of, limit_key
from contactcenter.web.bodies import fresh_id
from contactcenter.web.citizen import sent_form, shown_form
from contactcenter.web.citizen.matters import Matter
from contactcenter.web.citizen.sent_form import Sent
from contactcenter.web.i18n import language_of
from contactcenter.web.pages import with_language
from contactcenter.web.redirects import see_other
from contactcenter.web.services import services_of
from contactcenter.web.throttle import MINUTE

MAX_NAME = 100
_FIELDS = frozenset({"topic", "text", "name", "email", "files"})


def empty() -> Sent:
    """Nothing typed yet."""
    return Sent([("request_id", fresh_id())])


def is_switch(sent: Sent) -> bool:
    """Whether it is only to be shown in another language, with what was typed so far."""
    return "switch" in sent.values


def wrong(sent: Sent) -> list[Refused]:
    """Everything that is wrong, in the order of the form."""
    found = []
    text, name, email = (sent.get(field) for field in ("text", "name", "email"))
    if not text.strip():
        found.append(Refused("bad_request", "message_missing", field="text"))
    if len(_lines(text)) > MAX_TEXT:
        found.append(Refused("too_large", "message_long", field="text", most=MAX_TEXT))
    if len(one_line(name)) > MAX_NAME:
        found.append(Refused("bad_request", "invalid_name", field="name"))
    if email.strip() and not email_key(email):
        found.append(Refused("bad_request", "invalid_email", field="email"))
    if sent.refused is not None:
        found.append(sent.refused)
    return found


async def take(
    request: web.Request,
    matter: Matter,
    sent: Sent,
    subject: str,
    kind: str = "form",
    answer_by: datetime | None = None,
) -> web.Response:
    """Take it in as mail to the matter's queue, and lead to the case's own page. `kind` tells
    forms apart. Raises Refused."""
    services, language = services_of(request), language_of(request)
    if services.receive is None or matter.address is None:
        raise Refused("not_found")
    limit = services.settings.chats_per_minute_per_address
    await services.limits.take("chat", limit_key(client_of(request)), limit, MINUTE)
    taken = await written.take_in(
        services.db,
        services.receive,
        Written(
            form=kind,
            request_id=sent.get("request_id"),
            to=matter.address,
            subject=subject,
            text=_lines(sent.get("text")),
            language=language,
            name=one_line(sent.get("name")),
            address=sent.get("email").strip(),
            has_page=True,
            answer_by=answer_by,
            files=sent.files,
        ),
    )
    return see_other(with_language(request, await services.pages.path(taken.case), new=1))


async def show(
    request: web.Request,
    template: str,
    sent: Sent,
    refused: Sequence[Refused] = (),
    **given: Any,
) -> web.Response:
    """The form as it was typed, and what is wrong with it."""
    refused = [_on_the_form(no) for no in refused]
    files = sent_form.field(request, sent)
    return await shown_form.show(request, template, sent, refused, _FIELDS, files=files, **given)


def _on_the_form(no: Refused) -> Refused:
    """The refusal as the form can show it."""
    if no.field == "request_id":  # sent before, then changed and sent again: a new message
        return Refused("request_id_used", "message_sent_before", field="request_id")
    return no


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").strip()
