"""Somebody holds the rows that everybody needs, and in an order of their own: what a report, a
backup of a table or an impatient operator does."""

from __future__ import annotations

import asyncio
import time

import asyncpg

from tests.faults.break_postgres import POSTGRES_S
from tests.faults.stage import Stage

HELD_S, STORM_S, HOLDERS, ROWS = 3.0, 15.0, 4, 3
# One after the other in any order, so that some wait for us while we wait for them: a deadlock,
# which Postgres ends by refusing one of the two.
CONTACTS = """
SELECT id FROM contact WHERE state IN ('offered', 'active', 'wrap_up')
ORDER BY random() LIMIT $1
"""
DEADLOCKS = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
# Who looks for a deadlock first is refused: mostly the product.
PATIENT = "SET deadlock_timeout = '3 s'"
LOCKS = (
    "SELECT FROM contact WHERE id = $1 FOR UPDATE",
    "SELECT FROM cases WHERE id = (SELECT case_id FROM contact WHERE id = $1) FOR UPDATE",
    "SELECT FROM agent WHERE user_id = (SELECT owner FROM contact WHERE id = $1) FOR UPDATE",
)


async def held(stage: Stage) -> None:
    """F14: four at once take contacts, their cases and their agents, one after the other in 3 s,
    again and again. Who is held may be passed over meanwhile. The product must have been refused,
    not only we."""
    stage.settles_s = HELD_S + 2.0
    conn = await stage.house.connect()
    before, ours = await conn.fetchval(DEADLOCKS), 0
    async with stage.crowded(rate=10.0):
        end = time.monotonic() + STORM_S
        ours = sum(await asyncio.gather(*(_hold(stage, end) for _ in range(HOLDERS))))
        stage.over(POSTGRES_S)
        await asyncio.sleep(3)
    if await conn.fetchval(DEADLOCKS) - before <= ours:
        stage.broken.append("the product ran into nobody")
    await conn.close()


async def _hold(stage: Stage, end: float) -> int:
    """How often we were the one that was refused."""
    conn, refused = await stage.house.connect(), 0
    await conn.execute(PATIENT)
    while time.monotonic() < end:
        try:
            async with conn.transaction():
                for (contact,) in await conn.fetch(CONTACTS, ROWS):
                    for lock in stage.chance.sample(LOCKS, len(LOCKS)):
                        await conn.fetch(lock, contact)
                        await asyncio.sleep(HELD_S / ROWS / len(LOCKS))
        except asyncpg.DeadlockDetectedError:
            refused += 1
    await conn.close()
    return refused
