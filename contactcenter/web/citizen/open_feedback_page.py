"""The form by which a citizen says something unasked: thanks, a complaint, a question, a proposal,
a fault. It needs no script, name or address, and a double submit is one item.

It becomes mail to the organisation's queue for feedback; what comes of it is seen by a link of its
own, which tells nothing of what was written.
"""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web

from contactcenter.cases import picture, written
from contactcenter.cases.rules import one_line
from contactcenter.cases.written import Written
from contactcenter.channel import OpenFeedback
from contactcenter.errors import Refused
from contactcenter.feedback import open_rules as rules
from contactcenter.feedback.open_feedback import SQL
from contactcenter.kernel.i18n import names_of, pick
from contactcenter.web.address import client_of, limit_key
from contactcenter.web.citizen import sent_form, shown_form, written_form
from contactcenter.web.citizen.matters import Matter
from contactcenter.web.citizen.owners import Owner, for_feedback, owner
from contactcenter.web.citizen.sent_form import Sent
from contactcenter.web.citizen.tiles import allow, tiles_of
from contactcenter.web.i18n import language_of
from contactcenter.web.look import Whose
from contactcenter.web.pages import with_language
from contactcenter.web.redirects import see_other
from contactcenter.web.security import takes
from contactcenter.web.services import services_of
from contactcenter.web.throttle import MINUTE

routes = web.RouteTableDef()
_FIELDS = frozenset({"kind", "about", "service", "text", "place", "files", "name", "email"})
_PLACE = "/give-feedback"


@routes.get(_PLACE)
async def shown(request: web.Request) -> web.Response:
    """The form of ?organisation=; ?kind= and ?service= are chosen beforehand."""
    of, _ = await _whose(request)
    sent = written_form.empty()
    for name in ("kind", "service"):
        sent.values[name] = [request.query.get(name, "")[:40]]
    return await _show(request, of, sent)


@routes.post(_PLACE)
@takes(sent_form.MOST_BODY)
async def give(request: web.Request) -> web.Response:
    """Take it in, then show how it stands."""
    sent, (of, matter) = await sent_form.read(request), await _whose(request)
    refused: list[Refused] = []
    if not written_form.is_switch(sent):
        try:
            return await _take(request, of, matter, await _read(request, of, sent), sent)
        except Refused as no:
            refused = list(no.errors or (no,))
    return await _show(request, of, sent, refused)


async def _whose(request: web.Request) -> tuple[Owner, Matter]:
    of = await owner(request)
    matter = await for_feedback(request, of)
    if services_of(request).receive is None or matter is None:
        raise Refused("not_found")
    return of, matter


async def _read(request: web.Request, of: Owner, sent: Sent) -> OpenFeedback:
    """What is said beside the words. Raises Refused with all that is wrong."""
    wrong: list[Refused] = []
    kind, about = sent.get("kind"), sent.get("about", "service")
    if kind not in rules.KINDS:
        wrong.append(Refused("bad_request", "feedback_kind", field="kind"))
    if about not in rules.ABOUT:
        wrong.append(Refused("bad_request", "invalid_field", field="about"))
    service = await _service(request, of, sent.get("service"))
    if sent.get("service") and service is None:
        wrong.append(Refused("bad_request", "invalid_field", field="service"))
    where = rules.Place("")
    try:
        where = rules.place(sent.get("place"))
    except Refused as no:
        wrong.append(no)
    wrong += written_form.wrong(sent)
    if wrong:
        raise Refused("bad_request", errors=tuple(wrong))
    key = await services_of(request).feedback_links.links.key()
    token = rules.status_token(key, of.key, sent.get("request_id"))
    return OpenFeedback(
        via="form",
        kind=kind,  # type: ignore[arg-type]
        about=about,  # type: ignore[arg-type]
        service=service,
        language=language_of(request),
        place=where.words,
        lat=where.lat,
        long=where.long,
        token_hash=rules.token_hash(token),
        days=services_of(request).settings.feedback_status_days,
    )


async def _service(request: web.Request, of: Owner, chosen: str) -> int | None:
    if not (chosen.isascii() and chosen.isdigit() and len(chosen) <= 9):
        return None
    async with services_of(request).db.connection() as conn:
        found: int | None = await SQL.service.value(
            conn, service=int(chosen), organisation_id=of.id
        )
    return found


async def _take(
    request: web.Request, of: Owner, matter: Matter, given: OpenFeedback, sent: Sent
) -> web.Response:
    services, language = services_of(request), language_of(request)
    if services.receive is None or matter.address is None:
        raise Refused("not_found")
    limit = services.settings.chats_per_minute_per_address
    await services.limits.take("chat", limit_key(client_of(request)), limit, MINUTE)
    files = tuple([await asyncio.to_thread(picture.plain, one) for one in sent.files])
    address = sent.get("email").strip()
    await written.take_in(
        services.db,
        services.receive,
        Written(
            form="open_feedback",
            request_id=sent.get("request_id"),
            to=matter.address,
            subject=await subject(request, given),
            text=sent.get("text").replace("\r\n", "\n").strip(),
            language=language,
            name=one_line(sent.get("name")),
            address=address,
            has_page=bool(address),
            files=files,
            feedback=given,
        ),
    )
    key = await services.feedback_links.links.key()
    token = rules.status_token(key, of.key, sent.get("request_id"))
    return see_other(with_language(request, f"{_PLACE}/{token}", new=1))


async def subject(request: web.Request, given: OpenFeedback) -> str:
    """Of the new case: what kind it is, and of which service; so that service is suggested."""
    services, language = services_of(request), given.language
    said = services.catalogue.t(language, f"open_feedback.kind.{given.kind}")
    if given.service is None:
        return said
    async with services.db.connection() as conn:
        name = await SQL.service_name.value(conn, service=given.service)
    return f"{said}: {pick(names_of(name), language)}"


async def _show(
    request: web.Request, of: Owner, sent: Sent, refused: list[Refused] | None = None
) -> web.Response:
    language, settings = language_of(request), services_of(request).settings
    async with services_of(request).db.connection() as conn:
        rows = await SQL.services.all(conn, organisation_id=of.id)
    offered = sorted((pick(names_of(row["name"]), language), row["id"]) for row in rows)
    shown: dict[str, Any] = {
        "whose": Whose(of.key),
        "of": of,
        "kinds": rules.KINDS,
        "abouts": rules.ABOUT,
        "services": offered,
        "files": sent_form.field(request, sent),
        "types": ",".join(picture.TYPES),
        "tiles": tiles_of(settings),
    }
    answer = await shown_form.show(
        request,
        "open_feedback.html",
        sent,
        [_on_the_form(no) for no in refused or []],
        _FIELDS,
        **shown,
    )
    return allow(answer, settings)


def _on_the_form(no: Refused) -> Refused:
    """The refusal as the form can show it."""
    if no.field == "request_id":  # sent before, then changed and sent again: a new item
        return Refused("request_id_used", "message_sent_before", field="request_id")
    if no.field == "address":
        no.field = "email"
    return no
