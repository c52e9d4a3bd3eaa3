"""Mail that never came into the line or never arrived, for supervisors and admins: what is kept
out, blocked senders, answers that did not arrive, and where the loop breaker held back."""

from __future__ import annotations

from typing import Annotated, get_args

import msgspec
from aiohttp import web

from contactcenter.accounts.authorise import Actor, scope_for
from contactcenter.delivery import receipts, settling
from contactcenter.errors import Refused
from contactcenter.intake import aside, blocking
from contactcenter.web import auth
from contactcenter.web.agent import cases_api
from contactcenter.web.agent.aside_api import Address, Asked
from contactcenter.web.bodies import Body, form, query
from contactcenter.web.pages import page, with_language
from contactcenter.web.redirects import see_other
from contactcenter.web.services import services_of

routes = web.RouteTableDef()
WHYS: tuple[str, ...] = get_args(aside.Why)
_ASIDE, _BLOCKED, _UNDELIVERED = "/admin/aside", "/admin/blocked-senders", "/admin/undelivered"
_ID = r"[0-9]{1,18}"


class Part(Asked):
    """Which part of what is kept out, and what was done there."""

    done: str = ""


class By(Body):
    """The contact by which a sender was blocked."""

    contact: Annotated[int, msgspec.Meta(ge=1, le=2**62)]


@routes.get(_ASIDE)
async def kept_out(request: web.Request) -> web.Response:
    """What is kept out of the line, newest first."""
    return await _kept_out(request)


@routes.post(f"{_ASIDE}/{{contact:{_ID}}}/release")
async def release(request: web.Request) -> web.Response:
    """Put it into the line. Where somebody did so before, the page says it."""
    actor, services = await auth.signed_in(request), services_of(request)
    await form(request)
    try:
        contact = int(request.match_info["contact"])
        await aside.release(services.db, services.published, actor, contact)
    except Refused as no:
        if no.code != "wrong_state":
            raise
        return await _kept_out(request, no)
    return see_other(with_language(request, _ASIDE, why=request.query.get("why"), done="released"))


async def _kept_out(request: web.Request, no: Refused | None = None) -> web.Response:
    actor, asked = await auth.signed_in(request), query(request, Part)
    rows, more = await aside.listed(services_of(request).db, actor, asked.why, asked.before)
    return await page(
        request,
        "admin_aside.html",
        no=no,
        contacts=rows,
        older=rows[-1]["id"] if more else None,
        why=asked.why,
        whys=WHYS,
        queues=await queue_names(request, actor),
        done=asked.done,
    )


@routes.get(_BLOCKED)
async def blocked(request: web.Request) -> web.Response:
    """Blocked senders, newest first."""
    actor = await auth.signed_in(request)
    return await page(
        request,
        "admin_blocked.html",
        senders=await blocking.listed(services_of(request).db, actor),
        done=request.query.get("done"),
        undo=request.query.get("undo", ""),
    )


@routes.post(f"{_BLOCKED}/remove")
async def unblock(request: web.Request) -> web.Response:
    """Unblock one, whoever blocked it. A repeat changes nothing."""
    actor, given = await auth.signed_in(request), (await form(request)).read(Address)
    db = services_of(request).db
    contact = await blocking.remove(db, actor, given.organisation, given.address)
    return see_other(with_language(request, _BLOCKED, done="unblocked", undo=contact))


@routes.post(f"{_BLOCKED}/restore")
async def block_again(request: web.Request) -> web.Response:
    """Take back that one was unblocked."""
    actor, given = await auth.signed_in(request), (await form(request)).read(By)
    await blocking.restore(services_of(request).db, actor, given.contact)
    return see_other(with_language(request, _BLOCKED, done="blocked"))


@routes.get(_UNDELIVERED)
async def undelivered(request: web.Request) -> web.Response:
    """Answers that did not arrive and that nobody has settled, oldest first."""
    actor = await auth.signed_in(request)
    return await page(
        request,
        "admin_undelivered.html",
        answers=await settling.listed(services_of(request).db, actor),
        queues=await queue_names(request, actor),
        done=request.query.get("done"),
    )


@routes.post(f"{_UNDELIVERED}/{{send_id:{_ID}}}/dismiss")
async def dismiss(request: web.Request) -> web.Response:
    """Somebody looks after it in another way."""
    actor, services = await auth.signed_in(request), services_of(request)
    await form(request)
    send_id = int(request.match_info["send_id"])
    await settling.dismiss(services.db, services.published, actor, send_id)
    return see_other(with_language(request, _UNDELIVERED, done="dismissed"))


@routes.get("/admin/loop-hits")
async def loop_hits(request: web.Request) -> web.Response:
    """Mails that got no acknowledgement since machines might write to each other, newest first."""
    actor = await auth.signed_in(request)
    return await page(
        request, "admin_loop_hits.html", hits=await receipts.hits(services_of(request).db, actor)
    )


async def queue_names(request: web.Request, actor: Actor) -> dict[str, dict[str, str]]:
    """Names by language of the queues in sight, by key."""
    async with services_of(request).db.connection() as conn:
        rows = await cases_api.SQL.queues.all(conn, scope=scope_for(actor, "work"))
    return {row["key"]: msgspec.json.decode(row["name"]) for row in rows}
