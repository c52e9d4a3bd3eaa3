"""What the console needs to write mail: a preview of what is added, and files to send."""

from __future__ import annotations

from aiohttp import web

from contactcenter.desk import mailing, uploading
from contactcenter.desk.desk import Desk
from contactcenter.errors import Refused
from contactcenter.queue.own import lock_own
from contactcenter.web.agent.cases_api import SignedIn
from contactcenter.web.bodies import id_of, json_answer
from contactcenter.web.security import takes

MOST = uploading.MOST_BYTES


class MailApi:
    """Handlers; `signed_in` gives the user or raises Refused("not_signed_in")."""

    def __init__(self, desk: Desk, signed_in: SignedIn) -> None:
        self._desk = desk
        self._signed_in = signed_in

    def routes(self) -> list[web.RouteDef]:
        """Where they answer."""
        return [
            web.get("/api/contacts/{contact}/reply", self.preview),
            web.post("/api/uploads", self.upload),
            web.delete("/api/uploads/{id}", self.drop),
        ]

    async def preview(self, request: web.Request) -> web.StreamResponse:
        """What an answer to a contact of mine would be."""
        actor = await self._signed_in(request)
        contact = id_of(request.match_info["contact"])
        async with self._desk.db.transaction() as conn:
            row = await lock_own(conn, actor, contact, "active", "wrap_up")
            if row["channel"] != "mail":
                raise Refused("wrong_state", "only_mail", field="contact")
            shown = await mailing.preview(conn, self._desk, actor, row)
        return json_answer(shown)

    @takes(MOST + 1)
    async def upload(self, request: web.Request) -> web.StreamResponse:
        """Keep a file for a contact of mine: the body, as it is."""
        actor = await self._signed_in(request)
        contact = id_of(request.query.get("contact", ""), "contact")
        if (request.content_length or 0) > MOST:
            raise uploading.too_large()
        await uploading.may_add(self._desk, actor, contact)
        content = await _body(request)
        name, declared = request.query.get("name", ""), request.content_type
        made = await uploading.add(self._desk, actor, contact, name, declared, content)
        return json_answer(made, status=201)

    async def drop(self, request: web.Request) -> web.StreamResponse:
        """Delete a file that was not sent."""
        actor = await self._signed_in(request)
        await uploading.drop(self._desk, actor, id_of(request.match_info["id"]))
        return web.Response(status=204)


async def _body(request: web.Request) -> bytes:
    """The whole body, in memory. Raises Refused where it is longer than it said, or than may be."""
    content = bytearray()
    async for chunk in request.content.iter_any():
        content += chunk
        if len(content) > MOST:
            raise uploading.too_large()
    return bytes(content)
