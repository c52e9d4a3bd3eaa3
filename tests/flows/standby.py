"""A Postgres with a standby that streams from it: Debian's, on loopback."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg

from tests.flows.poll import until
from tests.ports import free_port

USER = "contactcenter"
_CAUGHT_UP = (
    "SELECT count(*) FROM pg_stat_replication WHERE flush_lsn >= pg_current_wal_flush_lsn()"
)
_AS_POSTGRES = ("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups")
_SETTINGS = ("wal_level=replica", "max_wal_senders=4", "hot_standby=on", "max_connections=60")


def programs() -> Path:
    """Where Debian puts the newest server's."""
    return max(Path("/usr/lib/postgresql").glob("*/bin"))


class Pair:
    """Primary and standby; `url` names both. A commit on the primary waits for the standby where
    `synchronous`."""

    def __init__(self, folder: Path, *, synchronous: bool) -> None:
        self._folder, self._synchronous = folder, synchronous
        self.ports = [free_port(), free_port()]
        self._processes: list[asyncio.subprocess.Process] = []
        hosts = ",".join(f"127.0.0.1:{port}" for port in self.ports)
        self.url = f"postgresql://{USER}@{hosts}/{USER}"

    def url_of(self, n: int, database: str = USER) -> str:
        """The URL of one of them."""
        return f"postgresql://{USER}@127.0.0.1:{self.ports[n]}/{database}"

    async def start(self) -> None:
        """Start both; returns when the standby streams."""
        first, second = (self._folder / str(n) for n in range(2))
        await self._do("initdb", "-A", "trust", "-U", USER, "-N", "-D", str(first))
        await self._serve(0)
        admin = await asyncpg.connect(self.url_of(0, "postgres"))
        await admin.execute(f"CREATE DATABASE {USER}")
        await admin.close()
        where = ("-h", "127.0.0.1", "-p", str(self.ports[0]), "-U", USER)
        await self._do(
            "pg_basebackup", *where, "-D", str(second), "-R", "-X", "stream", "-c", "fast"
        )
        await self._serve(1)
        await self.caught_up()
        if self._synchronous:
            await self._sql(0, "ALTER SYSTEM SET synchronous_standby_names = '*'")
            await self._sql(0, "SELECT pg_reload_conf()")

    async def stop(self) -> None:
        """Kill both, with their children."""
        for process in self._processes:
            if process.returncode is None:
                process.send_signal(signal.SIGQUIT)
                await process.wait()

    async def caught_up(self) -> None:
        """Wait until the standby has all that the primary has now."""
        await until(lambda: self._sql(0, _CAUGHT_UP))

    async def cut(self) -> None:
        """Nothing reaches the standby any more, and nobody notices."""
        sender = await self._sql(0, "SELECT pid FROM pg_stat_replication")
        assert isinstance(sender, int)
        os.kill(sender, signal.SIGSTOP)

    async def lose_primary(self) -> None:
        """The primary is gone, at once."""
        self._processes[0].send_signal(signal.SIGQUIT)
        await self._processes[0].wait()

    async def promote(self) -> None:
        """The standby becomes the primary; returns when it takes writes."""
        await self._do("pg_ctl", "promote", "-w", "-D", str(self._folder / "1"))

    async def _sql(self, n: int, statement: str) -> object:
        conn = await asyncpg.connect(self.url_of(n))
        try:
            return await conn.fetchval(statement)
        finally:
            await conn.close()

    async def _serve(self, n: int) -> None:
        options = [part for each in _SETTINGS for part in ("-c", each)]
        place = ("-p", str(self.ports[n]), "-k", str(self._folder), "-h", "127.0.0.1")
        process = await self._start("postgres", "-D", str(self._folder / str(n)), *place, *options)
        self._processes.append(process)
        await until(lambda: self._answers(n))

    async def _answers(self, n: int) -> bool:
        try:
            await (await asyncpg.connect(self.url_of(n, "postgres"))).close()
        except (OSError, asyncpg.CannotConnectNowError):
            return False
        return True

    async def _do(self, program: str, *arguments: str) -> None:
        process = await self._start(program, *arguments)
        assert await process.wait() == 0, (self._folder / "postgres.log").read_text()[-2000:]

    async def _start(self, program: str, *arguments: str) -> asyncio.subprocess.Process:
        with (self._folder / "postgres.log").open("ab") as log:
            return await asyncio.create_subprocess_exec(
                *(_AS_POSTGRES if os.geteuid() == 0 else ()),
                programs() / program,
                *arguments,
                stdout=log,
                stderr=log,
                cwd=self._folder,
            )


@asynccontextmanager
async def pair(*, synchronous: bool) -> AsyncIterator[Pair]:
    """Both, running."""
    with tempfile.TemporaryDirectory(prefix="contactcenter-standby-") as name:
        folder = Path(name)
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        servers = Pair(folder, synchronous=synchronous)
        try:
            await servers.start()
            yield servers
        finally:
            await servers.stop()
