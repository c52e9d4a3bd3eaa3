"""The volume on which Postgres, Redis and the nodes' logs lie is full; then there is room again."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import asyncpg

from tests.faults.break_postgres import POSTGRES_S
from tests.faults.house import SERVERS, House, open_house
from tests.faults.stage import Stage

DISK_MB = 250  # an empty city takes some 70
FULL_S, LOG_FULL_S, DOWN_S = 6.0, 10.0, 3.0
REFUSES = ("unavailable", "503", "SMTPDataError")  # how a no is said in the ledger
PIECE = 1_000_000
NEXT_LOG = "SELECT pg_switch_wal()"


@asynccontextmanager
async def with_a_small_disk() -> AsyncIterator[House]:
    """A house whose servers and first node's log have a volume of their own. Raises CantMount."""
    async with open_house(disk_mb=DISK_MB) as house:
        log = house.folder / SERVERS / "node1"
        log.mkdir()
        (house.folder / log.name).symlink_to(log)
        yield house


async def full(stage: Stage) -> None:
    """F25: tables can't grow, and nobody's log; then Postgres can't write its own, and dies. Who
    comes is refused or waits. The node lives on, says that it is ill, and is well when there is
    room again and Postgres was started."""
    house, servers = stage.house, stage.house.servers
    stage.settles_s = FULL_S  # what can be written down is by chance
    ballast = house.folder / SERVERS / "ballast"
    async with stage.crowded(rate=10.0):
        pid = stage.node.pid
        try:
            _fill(ballast)
            since = time.time()
            await _ill(stage, FULL_S)
            await _no_more_log(stage)
            await _ill(stage, DOWN_S)
        finally:
            ballast.unlink(missing_ok=True)
        stage.over(POSTGRES_S)
        if await _ended(stage):
            await servers.run(servers.postgres)
        if not _refused(stage, since):
            stage.broken.append("nobody was told no while the disk was full")
        if not stage.node.running or stage.node.pid != pid:
            stage.broken.append("the node did not live through it")
        await asyncio.sleep(3)


def _fill(ballast: Path) -> None:
    """To the last byte."""
    with suppress(OSError), ballast.open("wb", buffering=0) as file:
        for size in (PIECE, 4096, 1):
            with suppress(OSError):
                while True:
                    file.write(bytes(size))


async def _ill(stage: Stage, seconds: float) -> None:
    """So long; within it the health page must have said that something is wrong."""
    end, said = time.monotonic() + stage.within(seconds), set[str]()
    while time.monotonic() < end:
        said.add((await stage.house.health())[1])
        await asyncio.sleep(0.2)
    if said <= {"ok"}:
        stage.broken.append("the disk is full, and the health page says that all is well")


async def _no_more_log(stage: Stage) -> None:
    """Have Postgres use up what it has of its own log, which it makes ahead of time."""
    house, end = stage.house, time.monotonic() + stage.within(LOG_FULL_S)
    while time.monotonic() < end:
        try:
            conn = await house.connect()
            while time.monotonic() < end:
                await conn.fetch(NEXT_LOG)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError):
            await asyncio.sleep(0.2)
            if house.servers.has_ended(house.servers.postgres):
                return


async def _ended(stage: Stage) -> bool:
    """Whether Postgres is gone for good; where it comes back by itself, when it has."""
    servers, end = stage.house.servers, time.monotonic() + stage.within(POSTGRES_S)
    while time.monotonic() < end and not servers.has_ended(servers.postgres):
        with suppress(OSError, asyncpg.PostgresError, TimeoutError):
            await (await stage.house.connect()).close()
            return False
        await asyncio.sleep(0.1)
    return servers.has_ended(servers.postgres)


def _refused(stage: Stage, since: float) -> bool:
    """Whether anybody was told no, in words, and not by a broken connection alone."""
    return any(
        entry.t > since and entry.phase == "error" and entry.data["why"] in REFUSES
        for entry in stage.ledger.entries
    )
