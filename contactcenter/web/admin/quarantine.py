"""What could not be read: shown to admins, given out raw, tried again, rejected."""

from __future__ import annotations

from aiohttp import web

from contactcenter.accounts.authorise import require
from contactcenter.errors import Refused
from contactcenter.web import auth
from contactcenter.web.admin.mail import queue_names
from contactcenter.web.bodies import form
from contactcenter.web.pages import page, with_language
from contactcenter.web.redirects import see_other
from contactcenter.web.services import Quarantine, services_of

routes = web.RouteTableDef()
_CONTACT = r"/admin/quarantine/{contact:[0-9]{1,18}}"


@routes.get("/admin/quarantine")
async def listed(request: web.Request) -> web.Response:
    """The list."""
    actor, services = await auth.signed_in(request), services_of(request)
    rows = await _quarantine(request).list_quarantined(services.db, actor)
    return await page(
        request,
        "admin_quarantine.html",
        contacts=rows,
        may_retry=services.retry is not None,
        queues=await queue_names(request, actor),
        done=request.query.get("done"),
    )


@routes.get(_CONTACT + "/raw")
async def raw(request: web.Request) -> web.StreamResponse:
    """The bytes as they came, to be saved and never shown: they are what someone out there made
    (OWASP ASVS 5.0, 3.2.1)."""
    actor, contact = await auth.signed_in(request), int(request.match_info["contact"])
    size, chunks = await _quarantine(request).raw(services_of(request).db, actor, contact)
    headers = {
        "Content-Type": "application/octet-stream",
        "Content-Length": str(size),
        "Content-Disposition": f'attachment; filename="contact-{contact}.eml"',
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    response = web.StreamResponse(headers=headers)
    await response.prepare(request)
    async for piece in chunks:
        await response.write(piece)
    await response.write_eof()
    return response


@routes.post(_CONTACT + "/retry")
async def retry(request: web.Request) -> web.Response:
    """Try to read it again."""
    actor, _ = await auth.signed_in(request), await form(request)
    require(actor, "read_quarantine")
    again = services_of(request).retry
    if again is None:
        raise Refused("not_found")
    could = await again(actor, int(request.match_info["contact"]))
    done = "read" if could else "unreadable"
    return see_other(with_language(request, "/admin/quarantine", done=done))


@routes.post(_CONTACT + "/reject")
async def reject(request: web.Request) -> web.Response:
    """Close it without an answer; the source is kept."""
    actor, _ = await auth.signed_in(request), await form(request)
    contact = int(request.match_info["contact"])
    await _quarantine(request).reject(services_of(request).db, actor, contact)
    return see_other(with_language(request, "/admin/quarantine", done="rejected"))


def _quarantine(request: web.Request) -> Quarantine:
    found = services_of(request).quarantine
    if found is None:
        raise Refused("not_found")
    return found
