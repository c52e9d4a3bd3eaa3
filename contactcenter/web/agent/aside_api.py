"""What is kept out of the line, blocked senders, answers that did not arrive, the loop breaker: for
supervisors and admins, as JSON."""

from __future__ import annotations

from typing import Annotated

import msgspec
from aiohttp import web

from contactcenter.delivery import receipts, settling
from contactcenter.intake import aside, blocking
from contactcenter.kernel.clock import stamp
from contactcenter.kernel.sql import Row
from contactcenter.web import auth
from contactcenter.web.bodies import Body, Line, json_answer, query
from contactcenter.web.services import services_of

routes = web.RouteTableDef()
_ID = r"[0-9]{1,18}"


class Asked(Body):
    """Which part of what is kept."""

    why: aside.Why | None = None
    before: Annotated[int, msgspec.Meta(ge=1, le=2**62)] = 2**62


class Address(Body):
    """A blocked sender."""

    organisation: Line
    address: Line


@routes.get("/api/aside")
async def kept(request: web.Request) -> web.Response:
    """{contacts, more}, newest first."""
    actor, asked = await auth.signed_in(request), query(request, Asked)
    rows, more = await aside.listed(services_of(request).db, actor, asked.why, asked.before)
    return json_answer({"contacts": [_contact(row) for row in rows], "more": more})


@routes.post(f"/api/aside/{{contact:{_ID}}}/release")
async def release(request: web.Request) -> web.Response:
    """Into the line: {contact}."""
    actor, services = await auth.signed_in(request), services_of(request)
    contact = request.match_info["contact"]
    await aside.release(services.db, services.published, actor, int(contact))
    return json_answer({"contact": contact})


@routes.get("/api/blocked-senders")
async def blocked(request: web.Request) -> web.Response:
    """{senders}, newest first."""
    actor = await auth.signed_in(request)
    rows = await blocking.listed(services_of(request).db, actor)
    return json_answer({"senders": [_sender(row) for row in rows]})


@routes.delete("/api/blocked-senders")
async def unblock(request: web.Request) -> web.Response:
    """204, also where it was not blocked."""
    actor, given = await auth.signed_in(request), query(request, Address)
    await blocking.remove(services_of(request).db, actor, given.organisation, given.address)
    return web.Response(status=204)


@routes.get("/api/undelivered")
async def undelivered(request: web.Request) -> web.Response:
    """{answers}, oldest first."""
    actor = await auth.signed_in(request)
    rows = await settling.listed(services_of(request).db, actor)
    return json_answer({"answers": [_answer(row) for row in rows]})


@routes.post(f"/api/undelivered/{{send_id:{_ID}}}/dismiss")
async def dismiss(request: web.Request) -> web.Response:
    """204: somebody looks after it in another way."""
    actor, services = await auth.signed_in(request), services_of(request)
    send_id = int(request.match_info["send_id"])
    await settling.dismiss(services.db, services.published, actor, send_id)
    return web.Response(status=204)


@routes.get("/api/loop-hits")
async def loop_hits(request: web.Request) -> web.Response:
    """{hits}, newest first."""
    actor = await auth.signed_in(request)
    rows = await receipts.hits(services_of(request).db, actor)
    return json_answer({"hits": [_hit(row) for row in rows]})


def _contact(row: Row) -> dict[str, object]:
    return {
        "contact": str(row["id"]),
        "case": str(row["case_id"]),
        "why": row["why"],
        "queue": row["queue"],
        "organisation": row["organisation"],
        "address": row["address"],
        "name": row["name"] or "",
        "subject": row["subject"] or "",
        "text": row["text"] or "",
        "at": stamp(row["at"]),
        "by": row["by"],
    }


def _sender(row: Row) -> dict[str, object]:
    return {
        "organisation": row["organisation"],
        "address": row["address"],
        "at": stamp(row["at"]),
        "by": row["by"],
        "contact": None if row["contact_id"] is None else str(row["contact_id"]),
        "mails": row["mails"],
        "last_at": stamp(row["last_at"]),
    }


def _answer(row: Row) -> dict[str, object]:
    return {
        "send_id": str(row["send_id"]),
        "case": str(row["case_id"]),
        "contact": str(row["contact_id"]),
        "message_seq": row["seq"],
        "organisation": row["organisation"],
        "queue": row["queue"],
        "recipient": row["recipient"],
        "subject": row["subject"],
        "code": row["code"],
        "at": stamp(row["undelivered_at"]),
        "agent": row["agent"],
    }


def _hit(row: Row) -> dict[str, object]:
    return {
        "organisation": row["organisation"],
        "address": row["address"],
        "why": row["why"],
        "day": row["day"].isoformat(),
        "count": row["n"],
        "at": stamp(row["at"]),
    }
