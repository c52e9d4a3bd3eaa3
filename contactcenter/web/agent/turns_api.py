"""What is done with turns over HTTP: taking a waiting contact, ending a shift."""

from __future__ import annotations

from aiohttp import web

from contactcenter.desk import pulling, shift
from contactcenter.desk.desk import Desk
from contactcenter.errors import Refused
from contactcenter.web.agent.agent_frames import Id
from contactcenter.web.agent.cases_api import SignedIn
from contactcenter.web.bodies import Body, form, json_answer, json_body
from contactcenter.web.pages import with_language
from contactcenter.web.redirects import see_other
from contactcenter.web.supervisor.waiting_page import shown_one

_ID = "[0-9]{1,18}"


class Pull(Body):
    """For whom; without an agent for oneself."""

    agent: Id | None = None


class TurnsApi:
    """Handlers; `signed_in` gives the user or raises Refused("not_signed_in")."""

    def __init__(self, desk: Desk, signed_in: SignedIn) -> None:
        self._desk = desk
        self._signed_in = signed_in

    def routes(self) -> list[web.RouteDef]:
        """Where they answer."""
        return [
            web.get("/api/waiting/mine", self.waiting),
            web.post(f"/api/contacts/{{contact:{_ID}}}/pull", self.pull),
            web.post(f"/waiting/{{contact:{_ID}}}/pull", self.pull_by_form),
            web.post(f"/api/agents/{{agent:{_ID}}}/end-shift", self.end_shift),
        ]

    async def waiting(self, request: web.Request) -> web.StreamResponse:
        """{contacts}: what I may take out of its turn."""
        actor = await self._signed_in(request)
        return json_answer({"contacts": await pulling.waiting(self._desk, actor)})

    async def pull(self, request: web.Request) -> web.StreamResponse:
        """{contact, agent}: taken for me, or offered to the agent."""
        actor = await self._signed_in(request)
        given = await json_body(request, Pull)
        contact = int(request.match_info["contact"])
        if given.agent is None:
            await pulling.pull(self._desk, actor, contact)
        else:
            await pulling.assign(self._desk, actor, contact, int(given.agent))
        return json_answer({"contact": str(contact), "agent": given.agent or str(actor.user_id)})

    async def pull_by_form(self, request: web.Request) -> web.StreamResponse:
        """From the supervisors' page: on to the console, or back to the page, which says so."""
        actor, given = await self._signed_in(request), (await form(request)).read(Pull)
        contact = int(request.match_info["contact"])
        try:
            if given.agent is None:
                await pulling.pull(self._desk, actor, contact)
                return see_other(f"/console#{contact}")
            await pulling.assign(self._desk, actor, contact, int(given.agent))
        except Refused as no:
            if no.code not in ("wrong_state", "unavailable") and no.detail != "not_able":
                raise
            return await shown_one(request, no)
        return see_other(with_language(request, f"/waiting/{contact}", done="offered"))

    async def end_shift(self, request: web.Request) -> web.StreamResponse:
        """204: the agent is offline, and nothing is in hand any more."""
        actor = await self._signed_in(request)
        await shift.end_for(self._desk, actor, int(request.match_info["agent"]))
        return web.Response(status=204)
