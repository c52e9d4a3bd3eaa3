"""scaling: how much more two processes take in than one, on the same Postgres and Redis: contacts/s
through the whole intake, 16 writers in all. Floor: how much more two processes store than one by
the statement that is `intake`'s floor. On two cores the servers share them with both."""

from __future__ import annotations

import asyncio
import sys
import time

from bench.measure import ROUNDS, Sample, report
from bench.stage import Stage

WRITERS, EACH = 16, 250


async def run(stage: Stage) -> None:
    """Measure and print."""
    samples = []
    for _ in range(ROUNDS):
        floor = await _rate(stage, "floor", 2) / await _rate(stage, "floor", 1)
        value = await _rate(stage, "product", 2) / await _rate(stage, "product", 1)
        samples.append(Sample(value, floor))
    report("scaling", "times", samples)


async def _rate(stage: Stage, what: str, processes: int) -> float:
    """Contacts/s of so many processes together, from the word to the last one's end."""
    words = (
        sys.executable,
        "-m",
        "bench.scaling_writers",
        what,
        str(WRITERS // processes),
        str(EACH),
    )
    started = [
        await asyncio.create_subprocess_exec(
            *words,
            env=stage.environment(),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        for _ in range(processes)
    ]
    for process in started:
        assert process.stdout is not None
        assert await process.stdout.readline() == b"ready\n"
    began = time.perf_counter()
    for process in started:
        assert process.stdin is not None
        process.stdin.write(b"go\n")
    for process in started:
        assert process.stdout is not None
        assert await process.stdout.readline() == b"done\n"
    took = time.perf_counter() - began
    for process in started:
        assert process.stdin is not None
        process.stdin.close()
        assert await process.wait() == 0
    return WRITERS * EACH / took
