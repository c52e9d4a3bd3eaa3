"""Pages of what is configured under an organisation and a key: a form for a new one, one of them,
changed, out of use, and in use again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import msgspec
from aiohttp import web

from contactcenter.configuration.document import Kind, Thing, key_of
from contactcenter.errors import Refused
from contactcenter.web.admin import configuring
from contactcenter.web.bodies import Form, form

_KEY = "[a-z][a-z0-9_-]{0,39}"


@dataclass(frozen=True)
class KeyedPages:
    """`kind`: which kind a request is about; `wanted`: what the form says of a thing of that kind,
    None for a new one; `show`: the form's page, with what is wrong and what was typed."""

    kind: Callable[[web.Request], Kind]
    wanted: Callable[[Kind, Form, Any], Thing]
    show: Callable[[web.Request, Any, Refused | None, Form | None], Awaitable[web.Response]]

    def routes(self, every: str, new: str) -> list[web.RouteDef]:
        """By the paths of their list and of the form for a new one."""
        one = f"{every}/{{organisation:{_KEY}}}/{{key:{_KEY}}}"
        return [
            web.get(new, self.new),
            web.post(new, self.add),
            web.get(one, self.one),
            web.post(one, self.change),
            web.post(f"{one}/disable", self.disable),
            web.post(f"{one}/enable", self.enable),
        ]

    async def new(self, request: web.Request) -> web.Response:
        """An empty form."""
        return await self.show(request, None, None, None)

    async def add(self, request: web.Request) -> web.Response:
        """Add one."""
        return await self._save(request, await form(request), None)

    async def one(self, request: web.Request) -> web.Response:
        """One of them."""
        return await self.show(request, await self._thing(request), None, None)

    async def change(self, request: web.Request) -> web.Response:
        """Change it."""
        return await self._save(request, await form(request), await self._thing(request))

    async def disable(self, request: web.Request) -> web.Response:
        """Out of use: what has it already keeps it."""
        return await self._use(request, disabled=True)

    async def enable(self, request: web.Request) -> web.Response:
        """In use again."""
        return await self._use(request, disabled=False)

    async def _thing(self, request: web.Request) -> Any:
        match = request.match_info
        key = f"{match['organisation']}/{match['key']}"
        _, thing = await configuring.found(request, self.kind(request), key)
        return thing

    async def _use(self, request: web.Request, *, disabled: bool) -> web.Response:
        sent, thing = await form(request), await self._thing(request)
        wanted = msgspec.structs.replace(thing, disabled=disabled)
        try:
            done = await configuring.save(request, self.kind(request), wanted, sent)
        except Refused as no:
            return await self.show(request, thing, no, None)
        return configuring.saved(request, request.path.rpartition("/")[0], done)

    async def _save(self, request: web.Request, sent: Form, thing: Any) -> web.Response:
        kind = self.kind(request)
        try:
            wanted = self.wanted(kind, sent, thing)
            done = await configuring.save(request, kind, wanted, sent)
        except Refused as no:
            if no.code in ("forbidden", "unavailable"):
                raise
            newest = None if thing is None else await self._thing(request)
            return await self.show(request, newest, no, sent)
        return configuring.saved(request, f"/admin/{kind}s/{key_of(kind, wanted)}", done)
