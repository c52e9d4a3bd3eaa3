"""rss_idle: MB of the whole stack that stands idle: PostgreSQL, Redis and one process of the
product, pages that they share counted once (PSS). Floor: 150 MB, which the house promises."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.chat_idle import memory_kb
from bench.measure import Sample, report
from bench.stage import Stage, free_port
from contactcenter.kernel.db import IDLE_S

PROMISED_MB = 150.0
AT_REST_S = IDLE_S + 20.0  # spare connections are gone


async def run(_: Stage) -> None:
    """Measure and print."""
    report("rss_idle", "MB", [Sample(await _stack(), PROMISED_MB)])


async def _stack() -> float:
    """MB of a new installation at rest."""
    with TemporaryDirectory(prefix="contactcenter-bench-") as folder:
        await asyncio.to_thread(Path(folder).chmod, 0o755)
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "contactcenter", "serve"),
            env={
                "PATH": os.environ["PATH"],
                "PYTHONPATH": os.pathsep.join(sys.path),
                "CONTACTCENTER_HOME": f"{folder}/home",
                "CONTACTCENTER_PORT": str(free_port()),
                "CONTACTCENTER_SMTP_PORT": str(free_port()),
                "CONTACTCENTER_LOG_LEVEL": "error",
            },
            stdout=asyncio.subprocess.PIPE,
        )
        try:
            assert process.stdout is not None
            assert b"ready" in await process.stdout.readline()
            await asyncio.sleep(AT_REST_S)
            return sum(memory_kb(pid, "Pss") for pid in family(process.pid)) / 1024
        finally:
            process.terminate()
            await process.wait()


def family(pid: int) -> Iterator[int]:
    """A process and all that descend from it."""
    yield pid
    for thread in Path(f"/proc/{pid}/task").iterdir():
        for child in (thread / "children").read_text().split():
            yield from family(int(child))
