"""Postgres restarts, stands still, or cuts its connections."""

from __future__ import annotations

import asyncio
import signal
import time

from tests.faults.stage import Stage

POSTGRES_S = 20.0
STILL_S = 30.0
TERMINATE = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE application_name = 'contactcenter' AND backend_type = 'client backend'
ORDER BY random() LIMIT 1
"""


async def restarted(stage: Stage) -> None:
    """F10: stopped at once (as pg_ctl -m immediate) and started again, three times."""
    servers = stage.house.servers
    stage.settles_s = 2.0  # nobody can do anything in up to one of them
    async with stage.crowded():
        for _ in range(3):
            await asyncio.sleep(1)
            servers.send(servers.postgres, signal.SIGQUIT)
            await servers.gone(servers.postgres)
            await servers.run(servers.postgres)
            stage.over(POSTGRES_S)
        await asyncio.sleep(3)


async def stood_still(stage: Stage) -> None:
    """F11: every process of it stands still for 30 s, and nobody knows what was committed."""
    servers = stage.house.servers
    async with stage.crowded(rate=5.0):
        await asyncio.sleep(1)
        servers.send_all(servers.postgres, signal.SIGSTOP)
        await asyncio.sleep(STILL_S)
        servers.send_all(servers.postgres, signal.SIGCONT)
        stage.over(POSTGRES_S)
        await asyncio.sleep(3)


async def terminated(stage: Stage) -> None:
    """F12: a connection is cut every 200 ms, in the middle of whatever it does."""
    async with stage.crowded():
        conn = await stage.house.connect()
        end = time.monotonic() + 10
        while time.monotonic() < end:
            await conn.fetch(TERMINATE)
            await asyncio.sleep(0.2)
        await conn.close()
