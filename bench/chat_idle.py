"""chat_idle: kB of the serving process for each citizen who has said hello and waits, at 1,000 and
at 5,000. Floor: a bare aiohttp socket (bench/bare_socket.py)."""

from __future__ import annotations

import asyncio
import resource
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from bench.chat_client import connect
from bench.chat_stage import Process, bare, citizen, in_turn, node, open_queue
from bench.measure import Known, Sample, report
from bench.stage import Stage

STEPS = (1000, 5000)
ROUNDS = 2
AT_ONCE = 20
REST_S, RIPPLE_KB, MOST_LOOKS = 5.0, 100, 24  # when a process is at rest
Open = Callable[[Process], Awaitable[Any]]


async def run(stage: Stage) -> None:
    """Measure and print."""
    allow_files(max(STEPS) + 500)
    await open_queue(stage)
    rounds = []
    for _ in range(ROUNDS):
        async with bare(stage, "bench.bare_socket", stage.redis_url) as process:
            floor = await _fill(process, _bare_socket)
        async with node(stage) as process:
            rounds.append((await _fill(process, _waiting_citizen), floor))
    for n, step in enumerate(STEPS):
        samples = [Sample(value[n], floor[n]) for value, floor in rounds]
        report(f"chat_idle_{step}", "kB", samples, Known(13.6, rate=False))


async def _bare_socket(process: Process) -> Any:
    return await connect(process.port, "/", lambda frame: None)


async def _waiting_citizen(process: Process) -> Any:
    return (await citizen(process.port)).client


async def _fill(process: Process, open_one: Open) -> list[float]:
    """kB a connection at each step."""
    clients = await in_turn(50, AT_ONCE, lambda: open_one(process))  # what is made once is made now
    before, found = kilobytes(process), []
    for step in STEPS:
        missing = step - (len(clients) - 50)
        clients += await in_turn(missing, AT_ONCE, lambda: open_one(process))
        await asyncio.sleep(1)  # every loop of the node has been round
        found.append((kilobytes(process) - before) / step)
    for client in clients:
        client.close()
    return found


def kilobytes(process: Process) -> float:
    """A process's resident memory."""
    return memory_kb(process.pid, "Rss")


async def at_rest(process: Process) -> float:
    """Its resident memory once its loops have made what they make once: it has not grown for some
    seconds."""
    newest = kilobytes(process)
    for _ in range(MOST_LOOKS):
        await asyncio.sleep(REST_S)
        before, newest = newest, kilobytes(process)
        if newest - before < RIPPLE_KB:
            return newest
    raise TimeoutError("the process at rest takes more and more memory")


def memory_kb(pid: int, kind: str) -> float:
    """A process's memory: Rss, or Pss, which counts its share of what others have as well."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith(f"{kind}:"):
            return float(line.split()[1])
    raise LookupError(pid)


def allow_files(files: int) -> None:
    """Allow so many open files at both ends; the server's process inherits it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < files:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(files, hard), hard))
