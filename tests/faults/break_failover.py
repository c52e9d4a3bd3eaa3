"""Postgres with a standby for which every commit waits: the primary dies, the standby leads."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.faults.break_postgres import POSTGRES_S
from tests.faults.house import House, open_house
from tests.faults.stage import Stage
from tests.flows.standby import pair

NOTICED_S = 3.0  # until somebody promotes the standby
# Longer than anybody waits for a commit, 10 s: what is given up is there, and comes again.
LAGS_S = 12.0


@asynccontextmanager
async def with_standby() -> AsyncIterator[House]:
    """A house on such a pair."""
    async with pair(synchronous=True) as servers, open_house(servers) as house:
        yield house


async def failed_over(stage: Stage) -> None:
    """F13: the standby lags, and the primary dies: nothing that was acknowledged is lost, since
    nothing was while the standby had not got it."""
    servers = stage.house.standby
    assert servers is not None
    async with stage.crowded():
        await asyncio.sleep(1)
        await servers.cut()
        await asyncio.sleep(LAGS_S)
        await servers.lose_primary()
        await asyncio.sleep(NOTICED_S)
        await servers.promote()
        stage.over(POSTGRES_S)
        await asyncio.sleep(3)
