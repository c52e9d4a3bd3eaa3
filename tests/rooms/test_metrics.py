"""What a monitoring system reads, and whether what deploy/ asks for is there."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import asyncpg
import pytest
from aiohttp.test_utils import TestClient, TestServer
from prometheus_client.parser import text_string_to_metric_families

from contactcenter import edge, house_figures
from contactcenter.edge_services import services_for
from contactcenter.node_figures import NodeFigures
from contactcenter.web.server import build_app
from tests.house import House
from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
_NAMES = re.compile(r"\b(?:contactcenter|process)_[a-z0-9_]+")
_LABELLED = re.compile(r'(\bcontactcenter_[a-z0-9_]+)\{(\w+)=~?"')


async def scraped(house: House) -> str:
    """What GET /metrics says."""
    async with scraper(house) as scrape:
        return await scrape()


@asynccontextmanager
async def scraper(house: House) -> AsyncIterator[Callable[[], Awaitable[str]]]:
    """One process, to be scraped again and again."""
    services = services_for(house.node, with_demo=False)
    figures = NodeFigures(house.node, services.metrics, lambda: {"agent": 2, "chat": 1})
    assert figures
    try:
        async with TestClient(TestServer(build_app(services))) as client:
            await client.get("/health/live")

            async def scrape() -> str:
                answer = await client.get("/metrics")
                assert answer.status == 200
                return await answer.text()

            yield scrape
    finally:
        services.accounts.passwords.close()


def values(text: str) -> dict[str, dict[tuple[str, ...], float]]:
    """Each sample by its name and its labels' values, these in the order of the labels' names."""
    found: dict[str, dict[tuple[str, ...], float]] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            found.setdefault(sample.name, {})[tuple(sample.labels.values())] = sample.value
    return found


FULL = "DO $$ BEGIN RAISE 'no space left on device' USING ERRCODE = 'disk_full'; END $$"


async def test_who_waits_and_what_was_done_is_told(house: House) -> None:
    aino = await house.on_duty("aino@mikkeli.example")
    for _ in range(5):
        await house.arrives()
    await house.route()
    await house.node.counting.run_once()
    await house.node.publisher.settle()
    offers = len(await house.offers(aino))
    found = values(await scraped(house))
    assert found["contactcenter_waiting"]["mail", "general"] == 5 - offers
    assert found["contactcenter_waiting"]["mail", "building"] == 0
    assert found["contactcenter_longest_wait_seconds"]["mail", "general"] >= 0
    assert found["contactcenter_contacts"]["offered",] == offers
    assert found["contactcenter_agents"]["available",] == 1
    assert found["contactcenter_contacts_entered_total"]["mail", "general"] == 5
    assert found["contactcenter_nodes"][()] == 1
    assert found["contactcenter_outbox"][()] == 0
    assert found["contactcenter_sockets"]["agent",] == 2
    assert found["contactcenter_check_ok"]["postgres",] == 1
    connections = found["contactcenter_database_connections"]
    assert 0 < sum(connections.values()) <= found["contactcenter_database_connections_max"][()]


async def test_a_full_disk_is_told(house: House) -> None:
    db = house.node.db
    for conn in (db.connection(), db.keep()):
        db._full = -100.0
        assert values(await scraped(house))["contactcenter_check_ok"]["disk",] == 1
        with pytest.raises(asyncpg.DiskFullError):
            async with conn as here:
                await here.execute(FULL)
        assert values(await scraped(house))["contactcenter_check_ok"]["disk",] == 0


async def test_an_old_figure_is_not_told_as_a_new_one(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: Any, **__: Any) -> None:
        raise OSError

    async with scraper(house) as scrape:
        assert "contactcenter_waiting" in values(await scrape())
        monkeypatch.setattr(house_figures.SQL.nodes, "value", broken)
        found = values(await scrape())
    assert "contactcenter_waiting" not in found
    assert "contactcenter_tasks" in found


async def test_every_name_has_its_help_its_type_and_few_values(house: House) -> None:
    for family in text_string_to_metric_families(await scraped(house)):
        assert family.name.startswith(("contactcenter_", "process_")), family.name
        assert family.documentation, family.name
        assert family.type in ("counter", "gauge", "histogram"), family.name
        assert len(family.samples) < 200, family.name


async def test_a_node_without_pages_shows_its_own_on_a_port(house: House) -> None:
    port = free_port()
    close = await edge.start_metrics(house.node, port)
    try:
        async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as http:
            async with http.get("/metrics") as answer:
                assert "contactcenter_loop_lag_seconds_count" in await answer.text()
            async with http.get("/health/ready") as answer:
                assert (await answer.json())["checks"]["postgres"]["ok"] is True
            async with http.get("/metrics", headers={"X-Forwarded-For": "8.8.8.8"}) as answer:
                assert answer.status == 404
            async with http.get("/login") as answer:
                assert answer.status == 404
    finally:
        await close()


def asked_for() -> dict[str, str]:
    """Every name and label that the dashboard and the alerts ask for, by where."""
    panels = json.loads((DEPLOY / "grafana" / "dashboard.json").read_text())["panels"]
    board = "\n".join(target["expr"] for one in panels for target in one.get("targets", ()))
    alerts = (DEPLOY / "prometheus" / "alerts.yaml").read_text()
    rules = "\n".join(re.findall(r"^ +expr: (.+)$", alerts, re.MULTILINE))
    return {"dashboard": board, "alerts": rules}


async def test_the_dashboard_and_the_alerts_ask_for_what_there_is(house: House) -> None:
    text = await scraped(house)
    known = {sample.name for f in text_string_to_metric_families(text) for sample in f.samples}
    for family in text_string_to_metric_families(text):  # without a row there is no sample
        known.add(family.name + ("_total" if family.type == "counter" else ""))
    known |= {"process_resident_memory_bytes", "process_cpu_seconds_total"}
    for where, asked in asked_for().items():
        names = set(_NAMES.findall(asked))
        assert len(names) > 15, where
        assert names <= known, f"{where}: {sorted(names - known)}"
        for name, label in _LABELLED.findall(asked):
            samples = [
                sample
                for family in text_string_to_metric_families(text)
                for sample in family.samples
                if sample.name == name
            ]
            assert not samples or label in samples[0].labels, (where, name, label)


def test_each_alert_has_its_paragraph() -> None:
    alerts = (DEPLOY / "prometheus" / "alerts.yaml").read_text()
    names = re.findall(r"- alert: (\w+)", alerts)
    assert len(names) > 15
    told = re.findall(r"^### (Contactcenter\w+)$", (ROOT / "docs/operations.md").read_text(), re.M)
    assert sorted(told) == sorted(names)
    for name in names:
        assert f"runbook: docs/operations.md#{name.lower()}\n" in alerts


async def test_promtool_finds_no_fault(house: House) -> None:
    if (promtool := shutil.which("promtool")) is None:
        pytest.skip("promtool is not there (Debian: prometheus)")
    for what, file in (("rules", "alerts.yaml"), ("config", "prometheus.yml")):
        await said(promtool, "check", what, str(DEPLOY / "prometheus" / file))
    lines = (await scraped(house)).splitlines(True)
    ours = "".join(line for line in lines if "contactcenter_" in line)
    await said(promtool, "check", "metrics", given=ours)


async def said(*command: str, given: str = "") -> None:
    """Run a program that has nothing to find fault with."""
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    out, _ = await process.communicate(given.encode())
    assert process.returncode == 0, out.decode()
