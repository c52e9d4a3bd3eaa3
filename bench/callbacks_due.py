"""callbacks_due: seconds until 10,000 callbacks, due at one moment, have all entered the line in
order; and the offers that go on beside it, against those of the quiet moment before.

The callbacks are of the class whose mails are offered, and every agent has something in hand: so no
agent can take one, and the mails behind them all must be offered all the same. Floor: one statement
that writes as many rows and events, and one ZADD.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import asyncpg
import redis.asyncio as redis

from bench.measure import ROUNDS, Sample, quantile, report
from bench.offer import Measure, agents_at_work
from bench.stage import Stage
from contactcenter.kernel.loop import forever
from contactcenter.queue.publish import Change

DUE, QUIET, PIECE = 10_000, 200, 10
OWE = """
WITH home AS (
    SELECT id, organisation_id FROM queue WHERE key = 'building'
), made AS (
    INSERT INTO contact (id, case_id, person_id, organisation_id, queue_id, channel, language,
        requirement, rank, state, first_arrival, wait_from)
    SELECT $1::bigint + n, 1, 1, organisation_id, id, 'callback', 'fi', 'mikkeli/building/fi/1', n,
        'scheduled', now(), now()
    FROM home, generate_series(1, $2::int) AS n RETURNING id, organisation_id
)
INSERT INTO callback (contact_id, organisation_id, number, next_at, next_why)
SELECT id, organisation_id, '+3585' || id, now() + interval '1 hour', 'window' FROM made
"""
BUSY = """
WITH made AS (
    INSERT INTO contact (id, case_id, person_id, organisation_id, queue_id, channel, language,
        requirement, rank, state, owner, first_arrival, wait_from)
    SELECT 10 ^ 8 + a.user_id, 1, 1, q.organisation_id, q.id, 'mail', 'fi',
        'mikkeli/building/fi/1', 0, 'active', a.user_id, now(), now()
    FROM agent a, queue q WHERE q.key = 'building' AND a.load = 0 RETURNING owner
)
UPDATE agent SET load = 1, version = version + 1 WHERE user_id IN (SELECT owner FROM made)
RETURNING user_id
"""
FALLS_DUE = """
UPDATE callback SET next_at = now() - make_interval(secs => (contact_id % 60)::int)
WHERE next_at IS NOT NULL
"""
IN_ORDER = """
SELECT count(*), bool_and(wait_from >= before OR before IS NULL)
FROM (SELECT wait_from, lag(wait_from) OVER (ORDER BY id) AS before
      FROM event WHERE kind = 'entered' AND why = 'window' AND contact_id > $1) AS e
"""
FLOOR = """
WITH written AS (INSERT INTO floor_contact (body) SELECT n::text FROM generate_series(1, $1) AS n),
changed AS (UPDATE floor_contact SET body = '' WHERE id IN (
    SELECT id FROM floor_contact ORDER BY id DESC LIMIT $1) RETURNING id)
INSERT INTO floor_event (contact, kind) SELECT id, 'entered' FROM changed
"""


async def run(stage: Stage) -> None:
    """Measure and print both."""
    entering, offers = [], []
    async for value, floor, beside, quiet in _rounds(stage):
        entering.append(Sample(value, floor))
        offers.append(Sample(quantile(beside, 0.99), quantile(quiet, 0.99)))
    report("callbacks_due", "s", entering)
    report("callbacks_due_offer_p99", "ms", offers)


async def _rounds(
    stage: Stage,
) -> AsyncIterator[tuple[float, float, list[float], list[float]]]:
    settling = asyncio.create_task(forever("settle", stage.node.publisher.settle, every_s=0.1))
    async with agents_at_work(stage) as offer:
        await _everybody_has_something(stage)
        await offer(20)
        for n in range(ROUNDS):
            first = await _owe(stage, n)
            quiet = await offer(QUIET)
            took, beside = await _enter(stage, first, offer)
            yield took, await _floor(stage), beside, quiet
    settling.cancel()


async def _everybody_has_something(stage: Stage) -> None:
    async with stage.node.db.connection() as conn:
        busy = [row["user_id"] for row in await conn.fetch(BUSY)]
    await stage.node.publisher.publish(Change(agents=busy))


async def _owe(stage: Stage, n: int) -> int:
    """Callbacks that are not due yet."""
    first = (n + 1) * 10**9
    async with stage.node.db.connection() as conn:
        await conn.execute(OWE, first, DUE, timeout=60)
        await conn.execute("ANALYZE callback")
    return first


async def _enter(stage: Stage, first: int, offer: Measure) -> tuple[float, list[float]]:
    async with stage.node.db.connection() as conn:
        await conn.execute(FALLS_DUE, timeout=60)
    began = time.perf_counter()
    entering = asyncio.create_task(_until_all(stage, began))
    beside: list[float] = []
    while not entering.done():
        beside += await offer(PIECE)
    async with stage.node.db.connection() as conn:
        (entered,) = await conn.fetch(IN_ORDER, first)
    assert tuple(entered) == (DUE, True), entered
    return await entering, beside


async def _until_all(stage: Stage, began: float) -> float:
    while await stage.node.call_clock.run_once():
        pass
    return time.perf_counter() - began


async def _floor(stage: Stage) -> float:
    conn = await asyncpg.connect(stage.database_url)
    client = redis.Redis.from_url(stage.redis_url)
    began = time.perf_counter()
    await conn.execute(FLOOR, DUE)
    await client.zadd("floor", {f"{n:019}": n for n in range(DUE)})
    took = time.perf_counter() - began
    await client.aclose()
    await conn.close()
    return took
