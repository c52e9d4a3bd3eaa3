"""Each request gets an id, one line in the log and its share in the metrics.

The line names the route, never the path or the query: those may hold a link's secret. No address
and no name is logged either; the audit has them.
"""

from __future__ import annotations

import secrets
import time

import structlog
from aiohttp import web
from prometheus_client import CollectorRegistry, Counter, Histogram

from contactcenter.web.asked import ACTOR, ID
from contactcenter.web.security import Handler

_log = structlog.get_logger("contactcenter.access")
_QUIET = frozenset({"/health/live", "/health/ready", "/metrics"})


class Traffic:
    """The figures on HTTP."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.requests = Counter(
            "contactcenter_http_requests",
            "Requests answered, by route and status",
            ("method", "route", "status"),
            registry=registry,
        )
        self.seconds = Histogram(
            "contactcenter_http_seconds",
            "Time to answer a request, sockets excepted",
            registry=registry,
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
        )


TRAFFIC = web.AppKey("traffic", Traffic)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def route_of(request: web.Request) -> str:
    """The pattern that the path matched, such as /set-password/{token}."""
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else "none"


@web.middleware
async def observe(request: web.Request, handler: Handler) -> web.StreamResponse:
    """The outermost layer."""
    request[ID] = secrets.token_hex(8)
    started = time.perf_counter()
    status = 500
    try:
        response = await handler(request)
        status = response.status
        if not response.prepared:
            response.headers["X-Request-Id"] = request[ID]
        return response
    except web.HTTPException as error:  # a redirect
        status = error.status
        raise
    finally:
        _note(request, status, time.perf_counter() - started)


def _note(request: web.Request, status: int, seconds: float) -> None:
    route = route_of(request)
    method = request.method if request.method in _METHODS else "other"
    traffic = request.app[TRAFFIC]
    traffic.requests.labels(method, route, str(status)).inc()
    if status != 101:
        traffic.seconds.observe(seconds)
    if route not in _QUIET:
        actor = request.get(ACTOR)
        _log.info(
            "request",
            request=request[ID],
            method=method,
            route=route,
            status=status,
            ms=round(seconds * 1000, 1),
            user=actor.user_id if actor is not None else None,
        )
