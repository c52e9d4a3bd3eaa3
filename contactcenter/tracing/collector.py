"""The collector that traces are told to, by OTLP over HTTP."""

from __future__ import annotations

import os
from collections.abc import Sequence

import aiohttp

from contactcenter.errors import ContactCenterError
from contactcenter.tracing import otlp
from contactcenter.tracing.rules import Span

TIMEOUT_S = 10.0
# What a collector would say of the same spans again. Others, such as 401 and 404, somebody mends.
_NEVER = (400, 413, 415, 422)


class CollectorAway(ContactCenterError):
    """The collector did not take what it was told, and may later: the HTTP status, or no answer."""


class Collector:
    """One collector. `house`: as otlp.request has it, the same on every node."""

    def __init__(self, url: str, house: str) -> None:
        self._url = otlp.endpoint(url)
        self._house = house
        self._resource = otlp.resource(os.environ)
        self._headers = otlp.headers(os.environ) | {"Content-Type": "application/json"}

    async def tell(self, spans: Sequence[Span]) -> bool:
        """Whether the collector has taken them; False: it never will. Raises CollectorAway."""
        status = await self._post(otlp.request(spans, self._house, self._resource))
        if 200 <= status < 300:
            return True
        if status in _NEVER:
            return False
        raise CollectorAway(str(status))

    async def _post(self, body: bytes) -> int:
        timeout = aiohttp.ClientTimeout(total=TIMEOUT_S)
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout, trust_env=True) as http,
                http.post(
                    self._url, data=body, headers=self._headers, allow_redirects=False
                ) as answer,
            ):
                return answer.status
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise CollectorAway(type(error).__name__) from None
