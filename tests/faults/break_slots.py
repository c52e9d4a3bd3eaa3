"""Others have taken every connection that Postgres has."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress

import asyncpg

from tests.faults.break_postgres import POSTGRES_S
from tests.faults.house import House
from tests.faults.stage import Stage

TAKEN_S, AT_ONCE = 10.0, 20
OURS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE application_name = 'contactcenter' AND backend_type = 'client backend'
"""


async def taken(stage: Stage) -> None:
    """F15: for 10 s. What the node has is cut again and again, and taken by others. It must say so
    of itself, and recover without a restart."""
    house = stage.house
    async with stage.crowded(rate=5.0):
        operator = await house.connect()
        held: list[asyncpg.Connection] = []
        said: set[tuple[int, str]] = set()
        end = time.monotonic() + TAKEN_S
        while time.monotonic() < end:
            await operator.fetch(OURS)
            while len(more := await _take(house)) == AT_ONCE:
                held += more
            held += more
            said.add(await house.health())
        if (503, "down") not in said:
            stage.broken.append(f"no connection was left, and the health page said {said}")
        await asyncio.gather(*(conn.close() for conn in held))
        await operator.close()
        stage.over(POSTGRES_S)
        await asyncio.sleep(3)


async def _take(house: House) -> list[asyncpg.Connection]:
    """As many as there are, of some."""
    return [conn for conn in await asyncio.gather(*(_one(house) for _ in range(AT_ONCE))) if conn]


async def _one(house: House) -> asyncpg.Connection | None:
    with suppress(asyncpg.TooManyConnectionsError, OSError, TimeoutError):
        return await house.connect()
    return None
