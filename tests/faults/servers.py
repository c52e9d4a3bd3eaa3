"""The house's own Postgres and Redis, to be killed, stopped and started again. Both keep what they
keep as a city's would: Postgres waits for the disk, Redis keeps nothing."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
from contextlib import suppress
from pathlib import Path

from contactcenter.kernel.child import working_in
from contactcenter.kernel.embedded_home import make_home, open_home
from contactcenter.kernel.embedded_postgres import Postgres
from contactcenter.kernel.embedded_redis import Redis

READY_S = 30.0
Server = Postgres | Redis


class Servers:
    """Both; start them from the main thread."""

    def __init__(self, home: Path) -> None:
        make_home(home)
        opened = open_home(home)
        self.postgres, self.redis = Postgres(opened), Redis(opened)
        self.postgres_socket = str(opened.sockets / ".s.PGSQL.5432")
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    async def start(self, *, postgres: bool = True) -> None:
        """Make the database where it is missing, and start both, or Redis alone."""
        servers: tuple[Server, ...] = (self.postgres, self.redis) if postgres else (self.redis,)
        for server in servers:
            server.prepare()
            await self.run(server)

    async def run(self, server: Server) -> None:
        """Start one, and wait until it takes connections."""
        async with asyncio.timeout(READY_S):
            while working_in(server.data):  # a killed one's children need a moment to end
                await asyncio.sleep(0.02)
            process = self._running[server.name] = server.start()
            while not server.ready(process.pid):
                await asyncio.sleep(0.02)

    def send(self, server: Server, what: signal.Signals) -> None:
        """Send a signal to the server's first process."""
        self._running[server.name].send_signal(what)

    def send_all(self, server: Server, what: signal.Signals) -> None:
        """Send a signal to each of the server's processes."""
        for pid in working_in(server.data):
            with suppress(ProcessLookupError):  # it ended meanwhile
                os.kill(pid, what)

    def has_ended(self, server: Server) -> bool:
        """Whether the server's first process has."""
        return self._running[server.name].poll() is not None

    async def gone(self, server: Server) -> None:
        """Wait until the server's first process has ended."""
        await asyncio.to_thread(self._running[server.name].wait, READY_S)

    async def stop(self) -> None:
        """End both."""
        for server in (self.postgres, self.redis):
            if server.name in self._running and not self.has_ended(server):
                self.send_all(server, signal.SIGCONT)
                self.send(server, server.halt)
                await self.gone(server)
