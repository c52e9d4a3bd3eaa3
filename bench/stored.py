"""Databases with a past: so many finished contacts of the last 30 days, counted."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import asyncpg

from bench.stage import Stage
from contactcenter import demo
from contactcenter.kernel.db import Database
from contactcenter.kernel.schema import migrate
from contactcenter.stats.counting import Counting

PIECE = 50_000
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


@asynccontextmanager
async def stored(stage: Stage, name: str, count: int) -> AsyncIterator[Database]:
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
