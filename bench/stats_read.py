"""stats_read_growth: ms to read the figures of today (a board that begins) and of the last 30 days
(`contactcenter stats`) with 1,000,000 contacts of these 30 days stored; its floor is the same with
1,000. Two databases on one server, read in turns. The load is made by generate_series and counted
by the product's own loop."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import asyncpg

from bench.measure import ROUNDS, Sample, collect, report
from bench.stage import Stage
from contactcenter import demo
from contactcenter.kernel.db import Database
from contactcenter.kernel.schema import migrate
from contactcenter.stats.board import Board
from contactcenter.stats.counting import Counting
from contactcenter.stats.period import Moment
from contactcenter.stats.report import Asked
from contactcenter.stats.report import report as read_report

FEW, MANY, PIECE = 1_000, 1_000_000, 50_000
READS = 20
# Finished contacts, evenly over the 30 days and over queues, channels and languages.
LOAD = """
WITH made AS (
    SELECT n + 1000000000000 AS id, now() - interval '30 days' + (n::float8 / $3) * interval '30 days' AS at,
           q.id AS queue_id, q.organisation_id, (ARRAY['chat', 'mail', 'callback', 'visit'])[1 + n / 3 % 4] AS channel,
           (ARRAY['fi', 'sv', 'en'])[1 + n % 3] AS language
    FROM generate_series($1::bigint, $2::bigint - 1) AS n
    JOIN (SELECT id, organisation_id, row_number() OVER (ORDER BY id) - 1 AS nth FROM queue) AS q
        ON q.nth = n / 12 % (SELECT count(*) FROM queue)
), stored AS (
    INSERT INTO contact (id, organisation_id, queue_id, channel, language, requirement, rank, state, first_arrival,
                         wait_from, closed_at)
    SELECT id, organisation_id, queue_id, channel, language, 'x', 0, 'closed', at, at, at FROM made
)
INSERT INTO event (at, kind, organisation_id, contact_id, queue_id, channel, language, direction, wait_from)
SELECT m.at + k.after_s * interval '1 s', k.kind, organisation_id, m.id, queue_id, channel, language, 'citizen',
       CASE WHEN k.kind <> 'closed' THEN m.at END
FROM made m, (VALUES ('entered', 0), ('accepted', 40), ('closed', 300)) AS k (kind, after_s)
ORDER BY 1
"""  # noqa: E501


async def run(stage: Stage) -> None:
    """Measure and print."""
    async with _stored(stage, "few", FEW) as few, _stored(stage, "many", MANY) as many:
        report("stats_read_growth", "ms", await collect(_rounds(few, many)))


async def _rounds(few: Database, many: Database) -> AsyncIterator[Sample]:
    await _read(few)
    await _read(many)
    for _ in range(ROUNDS):
        floor = await _read(few)
        yield Sample(await _read(many), floor)


async def _read(db: Database) -> float:
    """ms for both reads, the mean of some."""
    since = Moment((datetime.now(UTC) - timedelta(days=30)).date())
    began = time.perf_counter()
    for _ in range(READS):
        board = Board(db)
        await board.look()
        await read_report(db, Asked(since))
    return (time.perf_counter() - began) * 1000 / READS


@asynccontextmanager
async def _stored(stage: Stage, name: str, count: int) -> AsyncIterator[Database]:
    """A database with so many finished contacts in it, all counted."""
    url = urlsplit(stage.database_url)._replace(path=f"/{name}").geturl()
    await _run(stage.database_url, f"CREATE DATABASE {name}")
    await migrate(url)
    db = await Database.open(url)
    await demo.load(db)
    owner = await asyncpg.connect(url)
    for first in range(0, count, PIECE):
        await owner.execute("SET synchronous_commit = off")
        await owner.execute(LOAD, first, min(first + PIECE, count), count)
        await Counting(db).run_once()
    await owner.execute("VACUUM ANALYZE")
    await owner.close()
    yield db
    await db.close()
    await _run(stage.database_url, f"DROP DATABASE {name} WITH (FORCE)")


async def _run(url: str, statement: str) -> None:
    conn = await asyncpg.connect(url)
    await conn.execute(statement)
    await conn.close()
