"""soak_*: what a node that works for long takes more and more of, if anything. Citizens and agents
are played at 5 contacts/s; after two minutes to warm up, five are looked at each 2 s: the process'
memory, open files and tasks, the keys of Redis, and bytes of the tables that should stay small. And
the contacts under way: where these grow, the machine had no room for the played agents to keep up,
the others grow with them, and nothing was learned.

The value is the growth over the five minutes by the line of least squares, in per cent of the mean;
the floor is how far that line may lean by chance, twice its standard error and at least 1 %. So a
ratio above 1 is growth. It takes seven minutes, and runs only where it is named."""

from __future__ import annotations

import asyncio
import re
import sys
import urllib.request
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from math import sqrt
from statistics import fmean

import asyncpg

from bench.chat_stage import ENDS, nobody_waits, node
from bench.measure import Sample, report
from bench.stage import Stage, free_port

NAMES = ("soak_memory", "soak_files", "soak_tasks", "soak_keys", "soak_tables", "soak_line")
WARM_S, SECONDS, EVERY_S = 120.0, 300.0, 2.0
RATE, AGENTS = "5", "9"
LEAST = 1.0  # per cent
FIGURES = {
    "soak_memory": "process_resident_memory_bytes",
    "soak_files": "process_open_fds",
    "soak_tasks": "contactcenter_tasks",
}
SMALL = """
SELECT sum(pg_total_relation_size(t))::bigint FROM unnest(ARRAY['outbox', 'agent', 'lease', 'session', 'draft',
    'line_note', 'receipt_due', 'feedback_due', 'callback_slot', 'upload']::regclass[]) AS t
"""  # noqa: E501
UNDER_WAY = "SELECT count(*) FROM contact WHERE state IN ('queued', 'offered', 'active', 'wrap_up')"
Series = list[tuple[float, float]]


async def run(stage: Stage) -> None:
    """Measure and print all."""
    await nobody_waits(stage)
    smtp_port = free_port()
    async with node(stage, smtp_port) as process, _traffic(stage, process.port, smtp_port):
        conn = await asyncpg.connect(stage.database_url)
        try:
            await asyncio.sleep(WARM_S)
            for name, series in (await _watch(stage, conn, process.port)).items():
                growth, chance = lean(series)
                report(name, "%", [Sample(growth, max(LEAST, 2 * chance))])
        finally:
            await conn.close()


@asynccontextmanager
async def _traffic(stage: Stage, port: int, smtp_port: int) -> AsyncIterator[None]:
    """Citizens and agents for as long as it takes; those who end early would be a calm town."""
    words = ["--rate", RATE, "--agents", AGENTS, "--url", f"http://127.0.0.1:{port}"]
    words += ["--smtp-port", str(smtp_port), "--minutes", str((WARM_S + SECONDS) / 60 + 1)]
    traffic = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "contactcenter", "traffic", *words),
        env=stage.environment() | ENDS,
        stdout=DEVNULL,
    )
    try:
        yield
        assert traffic.returncode is None, "traffic ended early"
    finally:
        if traffic.returncode is None:
            traffic.terminate()
        await traffic.wait()


async def _watch(stage: Stage, conn: asyncpg.Connection, port: int) -> dict[str, Series]:
    loop = asyncio.get_running_loop()
    began, found = loop.time(), {name: Series() for name in NAMES}
    while (now := loop.time() - began) < SECONDS:
        told = await asyncio.to_thread(_metrics, port)
        for name, figure in FIGURES.items():
            found[name].append((now, told[figure]))
        found["soak_keys"].append((now, float(await stage.node.live.call("DBSIZE"))))
        found["soak_tables"].append((now, float(await conn.fetchval(SMALL))))
        found["soak_line"].append((now, float(await conn.fetchval(UNDER_WAY))))
        await asyncio.sleep(EVERY_S)
    return found


def _metrics(port: int) -> dict[str, float]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
        text = answer.read().decode()
    return {name: float(value) for name, value in re.findall(r"^(\w+) (\S+)$", text, re.MULTILINE)}


def lean(series: Series) -> tuple[float, float]:
    """How much a series grows from its begin to its end by its line of least squares, and the
    standard error of that, both in per cent of its mean."""
    times, values = zip(*series, strict=True)
    middle, mean = fmean(times), fmean(values)
    spread = sum((t - middle) ** 2 for t in times)
    slope = sum((t - middle) * v for t, v in series) / spread
    rest = sum((v - mean - slope * (t - middle)) ** 2 for t, v in series) / (len(series) - 2)
    whole = (times[-1] - times[0]) * 100 / mean if mean else 0.0
    return slope * whole, sqrt(rest / spread) * whole
