"""Is the process alive, can contacts be taken, and the figures for a monitoring system."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from typing import Any

import structlog
from aiohttp import web
from prometheus_client import CollectorRegistry, Gauge, generate_latest

from contactcenter.errors import Refused
from contactcenter.kernel.clock import stamp
from contactcenter.web.address import is_inside
from contactcenter.web.services import Check, Services, services_of

TIMEOUT_S = 3.0
KEPT_S = 1.0  # anybody may ask, so the servers behind are asked once a second at most
_log = structlog.get_logger(__name__)
routes = web.RouteTableDef()


class Health:
    """The checks' last results, and since when each is as it is. The times are this process's:
    the database's clock may be what is missing."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._since: dict[str, tuple[bool, datetime]] = {}
        self._kept: tuple[float, dict[str, Any]] | None = None
        self._lock = asyncio.Lock()

    async def report(self) -> dict[str, Any]:
        """{status, checks: {name: {ok, since, detail}}}."""
        async with self._lock:
            if self._kept is None or time.monotonic() - self._kept[0] > KEPT_S:
                self._kept = (time.monotonic(), await self._look())
            return self._kept[1]

    async def _look(self) -> dict[str, Any]:
        checks = self._services.checks
        results = await asyncio.gather(*(_probe(check) for check in checks.values()))
        found = dict(zip(checks, results, strict=True))
        down = any(checks[name].vital and not ok for name, (ok, _) in found.items())
        well = all(ok for ok, _ in found.values())
        return {
            "status": "down" if down else "ok" if well else "degraded",
            "checks": {name: self._shown(name, ok, detail) for name, (ok, detail) in found.items()},
        }

    def _shown(self, name: str, ok: bool, detail: str) -> dict[str, Any]:
        known = self._since.get(name)
        if known is None or known[0] != ok:
            known = self._since[name] = (ok, datetime.now(UTC))
        return {"ok": ok, "since": stamp(known[1]), "detail": detail}


def _as_metrics(report: dict[str, Any]) -> CollectorRegistry:
    """The checks; mailboxes, of which admins give the names, have metrics of their own."""
    registry = CollectorRegistry()
    text = "Whether a part does what it should, by the health page's checks"
    gauge = Gauge("contactcenter_check_ok", text, ("check",), registry=registry)
    for name, check in report["checks"].items():
        if " " not in name:
            gauge.labels(name).set(check["ok"])
    return registry


def _for_anybody(report: dict[str, Any]) -> dict[str, Any]:
    """Without details and without what admins named."""
    known = {name: check for name, check in report["checks"].items() if " " not in name}
    shown = {name: check | {"detail": ""} for name, check in known.items()}
    return {"status": report["status"], "checks": shown}


async def _probe(check: Check) -> tuple[bool, str]:
    try:
        async with asyncio.timeout(TIMEOUT_S):
            return await check.probe()
    except TimeoutError:
        return False, "no answer"
    except Exception as error:  # a check that breaks is a check that fails
        return False, type(error).__name__


HEALTH = web.AppKey("health", Health)


@routes.get("/health/live")
async def live(request: web.Request) -> web.Response:
    """The process answers."""
    return web.json_response({"status": "ok"})


@routes.get("/health/ready")
async def ready(request: web.Request) -> web.Response:
    """503 only when contacts can't be taken. Anybody may ask; which servers stand behind, and what
    they say, is told inside alone."""
    report = await request.config_dict[HEALTH].report()
    if not is_inside(request):
        report = _for_anybody(report)
    return web.json_response(report, status=503 if report["status"] == "down" else 200)


@routes.get("/metrics")
async def metrics(request: web.Request) -> web.Response:
    """For this machine and trusted networks; for others it is not there."""
    if not is_inside(request):
        raise Refused("not_found")
    services = services_of(request)
    try:
        async with asyncio.timeout(TIMEOUT_S):
            await services.measured()
    except Exception as error:  # the others are told all the same
        _log.warning("figures_missing", error=type(error).__name__)
    report = await request.config_dict[HEALTH].report()
    body = generate_latest(services.metrics) + generate_latest(_as_metrics(report))
    return web.Response(body=body, headers={"Content-Type": "text/plain; version=0.0.4"})
