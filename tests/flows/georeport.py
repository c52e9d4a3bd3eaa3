"""A client of Open311's GeoReport v2, written by the specification alone: it knows nothing of ours
but the address of the endpoint, and speaks XML, which every server must, or JSON."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import aiohttp

WAIT_S = 30.0
Thing = dict[str, Any]


class ServerSaidNo(Exception):
    """Errors as the specification gives them: a list of codes and descriptions."""

    def __init__(self, errors: list[Thing]) -> None:
        super().__init__(str(errors))
        self.codes = [int(one["code"]) for one in errors]


class GeoReport:
    """One endpoint, in one format."""

    def __init__(self, http: aiohttp.ClientSession, endpoint: str, kind: str = "xml") -> None:
        self._http, self._endpoint, self._kind = http, endpoint, kind

    async def services(self, **query: str) -> list[Thing]:
        """GET Service List."""
        return await self._list("GET", "services", query)

    async def ask(self, **fields: str) -> str:
        """POST Service Request; the new request's id."""
        (made,) = await self._list("POST", "requests", fields)
        return str(made["service_request_id"])

    async def requests(self, **query: str) -> list[Thing]:
        """GET Service Requests."""
        return await self._list("GET", "requests", query)

    async def request(self, number: str) -> Thing:
        """GET Service Request."""
        (found,) = await self._list("GET", f"requests/{number}", {})
        return found

    async def poll(self, number: str, wanted: Callable[[Thing], bool]) -> Thing:
        """Ask again until the request stands so."""
        async with asyncio.timeout(WAIT_S):
            while not wanted(found := await self.request(number)):
                pass
        return found

    async def _list(self, method: str, path: str, fields: dict[str, str]) -> list[Thing]:
        given = {"params": fields} if method == "GET" else {"data": fields}
        url = f"{self._endpoint}/{path}.{self._kind}"
        async with self._http.request(method, url, **given) as answer:  # type: ignore[arg-type]
            text = await answer.text()
            assert answer.content_type == f"application/{self._kind}", text
            things: list[Thing] = await answer.json() if self._kind == "json" else _things(text)
            if answer.status >= 400:
                raise ServerSaidNo(things)
        return things


def _things(text: str) -> list[Thing]:
    """A list of flat things; of a test's own server, so nothing in it is hostile."""
    return [{one.tag: one.text for one in thing} for thing in ElementTree.fromstring(text)]
