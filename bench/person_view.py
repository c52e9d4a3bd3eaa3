"""person_view_p95: ms to read all of a person, the audit's row and its commit included, with
1,000,000 contacts of 200,000 persons stored; 300 ms are promised. Some persons have hundreds of
contacts, every tenth consists of two."""

from __future__ import annotations

import random
import time
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit

import asyncpg

from bench.measure import ROUNDS, Sample, collect, quantile, report
from bench.stage import Stage
from contactcenter import demo
from contactcenter.accounts.authorise import Actor
from contactcenter.kernel.db import Database
from contactcenter.kernel.schema import migrate
from contactcenter.people import viewing
from contactcenter.people.persons import People

PERSONS, CONTACTS, READS, PROMISED_MS = 200_000, 1_000_000, 400, 300.0
PIECE = 100_000
FIRST = 1_000_000_000_000
# A person's share falls with the third power of a number in [0, 1): most have some contacts, a few
# have hundreds. A hash in place of chance, so that it is the same each time.
LOAD = [
    """
INSERT INTO person (id, organisation_id, name, language)
SELECT $1::bigint + n, o.id, 'Person ' || n, 'fi'
FROM generate_series(0, $2::bigint - 1) AS n, organisation o WHERE o.key = 'mikkeli'
""",
    """
INSERT INTO identity (organisation_id, kind, address, person_id, strength)
SELECT organisation_id, 'email', 'p' || id || '@example.org', id, 'asserted'
FROM person WHERE id >= $1
""",
    """
UPDATE person SET merged_into = id - 1 WHERE id >= $1 AND id % 20 = 1
""",
]
CONTACT = """
WITH made AS (
    SELECT $1::bigint + n * 2 AS id, $1::bigint + n * 2 + 1 AS case_id, q.id AS queue_id, q.organisation_id,
           $3::bigint + floor($4::bigint * power((hashint8(n) & 2147483647) / 2147483648.0, 3))::bigint AS person_id,
           now() - interval '1 s' * n AS at, (ARRAY['chat', 'mail', 'callback', 'visit'])[1 + n % 4] AS channel
    FROM generate_series($2::bigint, $2::bigint + $5::bigint - 1) AS n
    JOIN (SELECT q.id, q.organisation_id, row_number() OVER (ORDER BY q.id) - 1 AS nth FROM queue q
          JOIN organisation o ON o.id = q.organisation_id WHERE o.key = 'mikkeli') AS q
        ON q.nth = n / 7 % (SELECT count(*) FROM queue JOIN organisation o ON o.id = organisation_id WHERE o.key = 'mikkeli')
), opened AS (
    INSERT INTO cases (id, organisation_id, person_id, subject, state)
    SELECT case_id, organisation_id, person_id, 'Case ' || id, CASE WHEN id % 10 = 0 THEN 'open' ELSE 'resolved' END FROM made
), told AS (
    INSERT INTO feedback (contact_id, case_id, organisation_id, queue_id, channel, language, handling)
    SELECT id, case_id, organisation_id, queue_id, channel, 'fi', 4 FROM made WHERE id % 14 = 0
)
INSERT INTO contact (id, case_id, person_id, organisation_id, queue_id, channel, language, requirement, rank, state,
                     first_arrival, wait_from, closed_at)
SELECT id, case_id, person_id, organisation_id, queue_id, channel, 'fi', 'x', 0, 'closed', at, at, at FROM made
"""  # noqa: E501


async def run(stage: Stage) -> None:
    """Measure and print."""
    url = urlsplit(stage.database_url)._replace(path="/persons").geturl()
    await _run(stage.database_url, "CREATE DATABASE persons")
    await migrate(url)
    db = await Database.open(url)
    await demo.load(db)
    owner = await asyncpg.connect(url)
    await owner.execute("SET synchronous_commit = off")
    for statement in LOAD:
        await owner.execute(statement, *[FIRST, PERSONS][: statement.count("$")])
    for first in range(0, CONTACTS, PIECE):
        await owner.execute(CONTACT, 2 * FIRST, first, FIRST, PERSONS, min(PIECE, CONTACTS - first))
    await owner.execute("UPDATE queue SET sensitive = true WHERE id % 4 = 0")
    await owner.execute("VACUUM ANALYZE")
    actor = await _actor(owner)
    # As often as they turn up: who has many contacts is looked at more often.
    whose = await owner.fetch(
        "SELECT person_id FROM contact TABLESAMPLE BERNOULLI (2) LIMIT $1", 5 * READS
    )
    await owner.close()
    people = People(db, stage.node.ids, stage.node.publisher)
    report("person_view_p95", "ms", await collect(_rounds(people, actor, [p[0] for p in whose])))
    await db.close()
    await _run(stage.database_url, "DROP DATABASE persons WITH (FORCE)")


async def _rounds(people: People, actor: Actor, whose: list[int]) -> AsyncIterator[Sample]:
    chance = random.Random(1)  # noqa: S311 - the same persons each time
    for _ in range(ROUNDS):
        took = []
        for person in chance.choices(whose, k=READS):
            began = time.perf_counter()
            await viewing.view(people, actor, person)
            took.append((time.perf_counter() - began) * 1000)
        yield Sample(quantile(took, 0.95), PROMISED_MS)


async def _actor(conn: asyncpg.Connection) -> Actor:
    row: Any = await conn.fetchrow("SELECT * FROM users WHERE email = 'aino@mikkeli.example'")
    scope = (row["organisation_id"],)
    return Actor(row["id"], row["name"], row["role"], row["organisation_id"], scope)


async def _run(url: str, statement: str) -> None:
    conn = await asyncpg.connect(url)
    await conn.execute(statement)
    await conn.close()
