"""ready: s from the start of `serve` to its word that it is ready, with 1,000,000 contacts stored,
10,000 of them waiting, and Redis empty, so that the line is built anew. Floor: 3 s, which is what
the house promises."""

from __future__ import annotations

import asyncio
import sys
import time

from bench.measure import Sample, report
from bench.stage import Stage, free_port
from contactcenter.kernel.db import Database

WAITING, ROUNDS = 10_000, 5
PROMISED_S = 3.0
# As many in each queue and language, of the class that the queue asks for: any other would be
# written anew while we count.
WAIT = """
WITH home AS (
    SELECT q.id, q.organisation_id, o.key || '/' || q.task || '/' || l || '/' || q.level AS requirement, l,
           row_number() OVER (ORDER BY q.id, l) - 1 AS nth, count(*) OVER () AS homes
    FROM queue q JOIN organisation o ON o.id = q.organisation_id, unnest(q.languages) AS l
)
INSERT INTO contact (id, case_id, person_id, organisation_id, queue_id, channel, language, requirement, rank, state,
                     first_arrival, wait_from)
SELECT 9000000000000 + n, n, n, organisation_id, id, 'mail', l, requirement, n, 'queued', now(), now()
FROM generate_series(1, $1::int) AS n JOIN home ON nth = n % homes
"""  # noqa: E501


async def measure(stage: Stage, stored: Database) -> None:
    """Let so many wait in this database, start a node on it some times, and print."""
    async with stored.connection() as conn:
        await conn.execute(WAIT, WAITING, timeout=60)
    samples = [Sample(await _start(stage, stored.url), PROMISED_S) for _ in range(ROUNDS)]
    report("ready", "s", samples)


async def _start(stage: Stage, database_url: str) -> float:
    """Seconds until it says that it is ready, and all stand in the line."""
    await stage.node.live.call("FLUSHALL")
    environment = stage.environment() | {
        "CONTACTCENTER_DATABASE_URL": database_url,
        "CONTACTCENTER_SMTP_PORT": str(free_port()),
        "CONTACTCENTER_PORT": str(free_port()),
    }
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "contactcenter", "serve"),
        env=environment,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        assert b"ready" in await process.stdout.readline()
        took = time.perf_counter() - began
        line = stage.node.publisher.line
        stand = len(await line.ranks(await line.classes()))
        assert stand == WAITING, f"{stand} of {WAITING} stand in the line when it says ready"
    finally:
        process.terminate()
        await process.wait()
    return took
