"""Open311's GeoReport v2 (wiki.open311.org/GeoReport_v2): services, requests, how they stand.

A jurisdiction is an organisation, by its key; without one, the house's first. A request is taken in
as mail to the organisation's queue for feedback, and is answered when it is committed. What
everybody may read of it: that there is one, its service, how it stands and why; its words and place
only where they were published. Nothing here is done by cookie.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from contactcenter.cases import written
from contactcenter.cases.written import Written
from contactcenter.channel import OpenFeedback
from contactcenter.errors import Refused
from contactcenter.feedback import open_feedback, public_requests
from contactcenter.kernel.i18n import LANGUAGES, names_of, pick
from contactcenter.kernel.sql import Row
from contactcenter.web.address import client_of, limit_key
from contactcenter.web.allowance import one_of_all
from contactcenter.web.asked import LANGUAGE
from contactcenter.web.bodies import form
from contactcenter.web.citizen.matters import KEY
from contactcenter.web.citizen.open_feedback_page import subject
from contactcenter.web.citizen.owners import for_feedback_of
from contactcenter.web.i18n import language_of
from contactcenter.web.open311 import reading
from contactcenter.web.open311.writing import Value, answer
from contactcenter.web.security import open_door, takes
from contactcenter.web.services import services_of
from contactcenter.web.throttle import MINUTE

routes = web.RouteTableDef()
_BASE = "/open311/v2"
_FORMAT = ".{format:json|xml}"
_MOST = 256 * 1024
_SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
_CHANGESET = "2026-11-27T00:00:00Z"
READING = web.AppKey("open311_reading", Counter[str])  # readers now, by address and in all ("")
AT_ONCE, ALL_AT_ONCE = 2, 8  # of a node's connections to the database most stay for its own work


@routes.get(f"{_BASE}/discovery{_FORMAT}")
async def discovery(request: web.Request) -> web.Response:
    """Where what is."""
    await _enter(request)
    url = services_of(request).settings.public_url
    endpoint: dict[str, Value] = {
        "specification": _SPECIFICATION,
        "url": f"{url}{_BASE}",
        "changeset": _CHANGESET,
        "type": "production",
        "formats": ["application/json", "application/xml"],
    }
    told: dict[str, Value] = {
        "changeset": _CHANGESET,
        "contact": f"{url}/contact",
        "key_service": "",
        "endpoints": [endpoint],
    }
    return answer(request, "discovery", told)


@routes.get(f"{_BASE}/services{_FORMAT}")
async def offered(request: web.Request) -> web.Response:
    """What a request may be about."""
    await _enter(request)
    whose, language = (
        await _jurisdiction(request, request.query.get("jurisdiction_id")),
        language_of(request),
    )
    async with services_of(request).db.connection() as conn:
        rows = await open_feedback.SQL.services.all(conn, organisation_id=whose["id"])
    return answer(request, "services", [_service(row, language) for row in rows])


@routes.get(f"{_BASE}/services/{{code}}{_FORMAT}")
async def definition(request: web.Request) -> web.Response:
    """What a service asks besides: nothing."""
    await _enter(request)
    whose = await _jurisdiction(request, request.query.get("jurisdiction_id"))
    code = request.match_info["code"]
    await _known_service(request, whose, code)
    return answer(request, "service_definition", {"service_code": code, "attributes": []})


@routes.post(f"{_BASE}/requests{_FORMAT}")
@open_door
@takes(_MOST)
async def ask(request: web.Request) -> web.Response:
    """Take it in. The same again on the same day is the same request."""
    await _enter(request)
    settings, sent = services_of(request).settings, await form(request, _MOST)
    reading.require_key(settings, sent)
    whose = await _jurisdiction(
        request, sent.get("jurisdiction_id") or request.query.get("jurisdiction_id")
    )
    wanted = reading.read(sent)
    service = await _known_service(request, whose, wanted.service)
    contact = await _take(request, whose, wanted, service)
    notice = services_of(request).catalogue.t(language_of(request), "open311.notice")
    made = {"service_request_id": contact, "service_notice": notice, "account_id": None}
    return answer(request, "service_requests", [made], 201)


@routes.get(f"{_BASE}/requests{_FORMAT}")
async def requests(request: web.Request) -> web.Response:
    """How requests stand: of at most 90 days, 200 at once."""
    await _enter(request)
    whose = await _jurisdiction(request, request.query.get("jurisdiction_id"))
    want = public_requests.asked(request.query, datetime.now(UTC))
    return await _told(request, whose, want)


@routes.get(f"{_BASE}/requests/{{id}}{_FORMAT}")
async def one(request: web.Request) -> web.Response:
    """How one stands; a list of one."""
    await _enter(request)
    whose = await _jurisdiction(request, request.query.get("jurisdiction_id"))
    number = public_requests.number(request.match_info["id"])
    if number is None:
        raise Refused("not_found", "open311_request")
    return await _told(request, whose, public_requests.Asked(ids=[number]), some=True)


@routes.get(f"{_BASE}/tokens/{{token}}{_FORMAT}")
async def token(request: web.Request) -> web.Response:
    """None is ever given: a request has its number at once."""
    await _enter(request)
    raise Refused("not_found", "open311_token")


async def _enter(request: web.Request) -> None:
    """Whether we are here at all, and not asked too often."""
    services = services_of(request)
    if services.settings.open311 == "off":
        raise Refused("not_found")
    if (locale := request.query.get("locale")) in LANGUAGES:
        request[LANGUAGE] = locale
    most = services.settings.open311_per_minute_per_address
    await services.limits.take("open311", limit_key(client_of(request)), most, MINUTE)


async def _jurisdiction(request: web.Request, key: str | None) -> Row:
    key = (key or "").strip().lower() or None
    row = None
    if key is None or KEY.fullmatch(key):
        async with services_of(request).db.connection() as conn:
            row = await public_requests.SQL.organisation.one(conn, key=key)
    if row is None:
        raise Refused("not_found", "open311_jurisdiction", field="jurisdiction_id")
    return row


async def _known_service(request: web.Request, whose: Row, code: str) -> int:
    number = public_requests.number(code)
    if number is not None and number < 2**31:
        async with services_of(request).db.connection() as conn:
            found: int | None = await open_feedback.SQL.service.value(
                conn, service=number, organisation_id=whose["id"]
            )
        if found is not None:
            return found
    raise Refused("not_found", "open311_service", field="service_code")


async def _take(request: web.Request, whose: Row, wanted: reading.Wanted, service: int) -> str:
    services, language = services_of(request), language_of(request)
    matter = await for_feedback_of(request, whose["key"], whose["feedback_queue"])
    if services.receive is None or matter is None or matter.address is None:
        raise Refused("unavailable")
    limit = services.settings.chats_per_minute_per_address
    await services.limits.take("chat", limit_key(client_of(request)), limit, MINUTE)
    given = OpenFeedback(
        via="open311",
        kind="fault",
        service=service,
        language=language,
        place=wanted.where.words,
        lat=wanted.where.lat,
        long=wanted.where.long,
        media_url=wanted.media_url,
        publish=services.settings.open311_publishes,
    )
    taken = await written.take_in(
        services.db,
        services.receive,
        Written(
            form="open311",
            request_id=f"{datetime.now(UTC):%Y%m%d}-{wanted.digest}",
            to=matter.address,
            subject=await subject(request, given),
            text=wanted.text,
            rest=wanted.rest,
            language=language,
            name=wanted.name,
            address=wanted.email,
            has_page=bool(wanted.email),
            feedback=given,
        ),
    )
    return taken.contact


async def _told(
    request: web.Request, whose: Row, want: public_requests.Asked, *, some: bool = False
) -> web.Response:
    readers, address = request.config_dict[READING], limit_key(client_of(request))
    with one_of_all(AT_ONCE, ALL_AT_ONCE, readers, address):
        rows = await public_requests.listed(services_of(request).db, whose["id"], want)
    if some and not rows:
        raise Refused("not_found", "open311_request")
    language = language_of(request)
    agency = pick(names_of(whose["name"]), language)
    return answer(request, "service_requests", [_request(row, agency, language) for row in rows])


def _service(row: Row, language: str) -> dict[str, Any]:
    summary, description = names_of(row["summary"]), names_of(row["description"])
    return {
        "service_code": str(row["id"]),
        "service_name": pick(names_of(row["name"]), language),
        "description": pick(summary or description, language),
        "metadata": False,
        "type": "realtime",
        "keywords": ", ".join(_also(row["also"], language)),
        "group": pick(names_of(row["class"]), language),
    }


def _also(encoded: str, language: str) -> list[str]:
    found = open_feedback.lists(encoded)
    return found.get(language) or next(iter(found.values()), [])


def _request(row: Row, agency: str, language: str) -> dict[str, Any]:
    return {
        "service_request_id": str(row["contact_id"]),
        "status": "closed" if row["closed"] else "open",
        "status_notes": row["reason"] or None,
        "service_name": pick(names_of(row["service_name"]), language) or None,
        "service_code": None if row["service_id"] is None else str(row["service_id"]),
        "description": row["public_text"],
        "agency_responsible": agency,
        "service_notice": None,
        "requested_datetime": _moment(row["given_at"]),
        "updated_datetime": _moment(row["stands_since"]),
        "expected_datetime": None,
        "address": row["place"] or None,
        "address_id": None,
        "zipcode": None,
        "lat": row["lat"],
        "long": row["long"],
        "media_url": row["media_url"],
    }


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
