"""Somebody holds the rows that everybody needs, and in an order of their own: what a report, a
backup of a table or an impatient operator does."""

from __future__ import annotations

import asyncio
import time

import asyncpg

from tests.faults.break_postgres import POSTGRES_S
from tests.faults.house import House
from tests.faults.stage import Stage

HELD_S, STORM_S, HOLDERS = 3.0, 15.0, 3
# One after the other, so that some wait for us while we wait for them: a deadlock, which Postgres
# ends by refusing one of the two.
CONTACTS = """
SELECT id FROM contact WHERE state IN ('queued', 'offered', 'active', 'wrap_up')
ORDER BY random() LIMIT 6
"""
LOCKS = (
    "SELECT FROM contact WHERE id = $1 FOR UPDATE",
    "SELECT FROM cases WHERE id = (SELECT case_id FROM contact WHERE id = $1) FOR UPDATE",
    "SELECT FROM agent WHERE user_id = (SELECT owner FROM contact WHERE id = $1) FOR UPDATE",
)


async def held(stage: Stage) -> None:
    """F14: three at once hold contacts, cases and agents for 3 s each, again and again. Who is held
    may be passed over meanwhile."""
    stage.settles_s = HELD_S + 2.0
    async with stage.crowded(rate=10.0):
        end = time.monotonic() + STORM_S
        deadlocks = await asyncio.gather(*(_hold(stage, end) for _ in range(HOLDERS)))
        stage.over(POSTGRES_S)
        await asyncio.sleep(3)
    if not any(deadlocks):
        stage.broken.append("nobody ran into anybody")


async def _hold(stage: Stage, end: float) -> int:
    """How often Postgres refused us."""
    house: House = stage.house
    conn = await house.connect()
    deadlocks = 0
    while time.monotonic() < end:
        try:
            async with conn.transaction():
                for (contact,) in await conn.fetch(CONTACTS):
                    await conn.fetch(stage.chance.choice(LOCKS), contact)
                await asyncio.sleep(HELD_S)
        except asyncpg.DeadlockDetectedError:
            deadlocks += 1
    await conn.close()
    return deadlocks
