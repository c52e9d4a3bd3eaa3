"""A collector of traces on this machine: OTLP over HTTP, as the specification has it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer


@dataclass(frozen=True)
class Got:
    """A span as it came."""

    trace: str
    id: str
    parent: str
    name: str
    since_ns: int
    until_ns: int
    facts: dict[str, Any]
    events: list[str]
    service: str
    failed: bool


@dataclass
class FakeCollector:
    """`status`: what it answers. `raw`: the bytes of what it took."""

    status: int = 200
    url: str = ""
    asked: int = 0
    spans: list[Got] = field(default_factory=list)
    raw: bytes = b""
    headers: list[dict[str, str]] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.Response:
        """One request."""
        self.asked += 1
        body = await request.read()
        if self.status != 200:
            return web.Response(status=self.status)
        self.raw += body
        self.headers.append(dict(request.headers))
        self.spans += _spans(json.loads(body))
        return web.json_response({})

    def named(self, name: str) -> list[Got]:
        """The spans of one name, by when they began."""
        return sorted((s for s in self.spans if s.name == name), key=lambda s: s.since_ns)


@asynccontextmanager
async def fake_collector() -> AsyncIterator[FakeCollector]:
    """One that listens."""
    fake = FakeCollector()
    app = web.Application()
    app.router.add_post("/v1/traces", fake.answer)
    async with TestServer(app) as server:
        fake.url = str(server.make_url("/")).rstrip("/")
        yield fake


def _spans(request: dict[str, Any]) -> list[Got]:
    return [
        Got(
            span["traceId"],
            span["spanId"],
            span.get("parentSpanId", ""),
            span["name"],
            int(span["startTimeUnixNano"]),
            int(span["endTimeUnixNano"]),
            _facts(span["attributes"]),
            [event["name"] for event in span.get("events", ())],
            _facts(of["resource"]["attributes"])["service.name"],
            span.get("status") == {"code": 2},
        )
        for of in request["resourceSpans"]
        for scope in of["scopeSpans"]
        for span in scope["spans"]
    ]


def _facts(pairs: list[dict[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for pair in pairs:
        ((kind, value),) = pair["value"].items()
        found[pair["key"]] = int(value) if kind == "intValue" else value
    return found
