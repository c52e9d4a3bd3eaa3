"""person_view_p95: ms to read all of a person, the audit's row and its commit included, with
1,000,000 contacts of 200,000 persons stored; 300 ms are promised. Some persons have hundreds of
contacts, every tenth consists of two."""

from __future__ import annotations

import random
import time
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import asyncpg

from bench import crowd
from bench.measure import ROUNDS, Sample, collect, quantile, report
from bench.stage import Stage
from contactcenter import demo
from contactcenter.accounts.authorise import Actor
from contactcenter.kernel.db import Database
from contactcenter.kernel.schema import migrate
from contactcenter.people import viewing
from contactcenter.people.persons import People

READS, PROMISED_MS = 400, 300.0


async def run(stage: Stage) -> None:
    """Measure and print."""
    url = urlsplit(stage.database_url)._replace(path="/persons").geturl()
    await crowd.do(stage.database_url, "CREATE DATABASE persons")
    await migrate(url)
    db = await Database.open(url)
    await demo.load(db)
    owner = await asyncpg.connect(url)
    await crowd.people(owner)
    await crowd.contacts(owner, apart_s=1.0)
    await owner.execute("UPDATE queue SET sensitive = true WHERE id % 4 = 0")
    await owner.execute("VACUUM ANALYZE")
    actor = await crowd.actor(owner, "aino@mikkeli.example")
    # As often as they turn up: who has many contacts is looked at more often.
    whose = await owner.fetch(
        "SELECT person_id FROM contact TABLESAMPLE BERNOULLI (2) LIMIT $1", 5 * READS
    )
    await owner.close()
    people = People(db, stage.node.ids, stage.node.publisher)
    report("person_view_p95", "ms", await collect(_rounds(people, actor, [p[0] for p in whose])))
    await db.close()
    await crowd.do(stage.database_url, "DROP DATABASE persons WITH (FORCE)")


async def _rounds(people: People, actor: Actor, whose: list[int]) -> AsyncIterator[Sample]:
    chance = random.Random(1)  # noqa: S311 - the same persons each time
    for _ in range(ROUNDS):
        took = []
        for person in chance.choices(whose, k=READS):
            began = time.perf_counter()
            await viewing.view(people, actor, person)
            took.append((time.perf_counter() - began) * 1000)
        yield Sample(quantile(took, 0.95), PROMISED_MS)
