"""The servers of a home while they run: started together, watched, stopped together."""

from __future__ import annotations

import os
import signal
import subprocess
from contextlib import ExitStack

from contactcenter.kernel.child import birth, working_in
from contactcenter.kernel.embedded_error import EmbeddedError
from contactcenter.kernel.embedded_home import ServerHome
from contactcenter.kernel.embedded_lock import State, write_state
from contactcenter.kernel.embedded_postgres import Postgres
from contactcenter.kernel.embedded_redis import Redis
from contactcenter.kernel.embedded_wait import PATIENCE_S, wait_until, wait_unused

Server = Postgres | Redis
_STOP_S = 8.0


class Embedded:
    """The servers of a home: those asked for have a URL, the other's is empty."""

    def __init__(self, *, database_url: str, redis_url: str, attached: bool) -> None:
        self.database_url = database_url
        self.redis_url = redis_url
        self.attached = attached

    def revive(self) -> list[str]:
        """Start again what has died, without waiting for it; returns the names. From the main
        thread. Does nothing where another process started the servers."""
        return []


class Held(Embedded):
    """Servers that this process started."""

    def __init__(self, home: ServerHome, servers: list[Server], lasting: bool) -> None:
        urls = {server.name: server.url for server in servers}
        super().__init__(
            database_url=urls.get(Postgres.name, ""),
            redis_url=urls.get(Redis.name, ""),
            attached=False,
        )
        self._home = home
        self._servers = servers
        self._lasting = lasting
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self) -> None:
        """Start all, then wait for all. Raises EmbeddedError."""
        for server in self._servers:
            wait_unused(server.data)
            server.prepare()
        for server in self._servers:
            self._processes[server.name] = server.start()
        for server in self._servers:
            self._wait_ready(server)
        self._tell()

    def stop(self) -> None:
        """Stop all, the database first."""
        with ExitStack() as stack:  # in reverse, and each even if another fails
            for server in reversed(self._servers):
                if process := self._processes.get(server.name):
                    stack.callback(_stop, server, process)
        self._home.tidy()

    def revive(self) -> list[str]:
        dead = [
            server
            for server in self._servers
            if self._processes[server.name].poll() is not None and not working_in(server.data)
        ]
        for server in dead:
            self._processes[server.name] = server.start()
        if dead:
            self._tell()
        return [server.name for server in dead]

    def _wait_ready(self, server: Server) -> None:
        process = self._processes[server.name]
        where = self._home.log_path(server.name)
        wait_until(
            lambda: process.poll() is not None or server.ready(process.pid),
            f"{server.name} is not ready after {PATIENCE_S:g} s: see the end of {where}",
        )
        if process.returncode is not None:
            raise EmbeddedError(f"{server.name} did not start: see the end of {where}")

    def _tell(self) -> None:
        state = State(
            holder=os.getpid(),
            holder_born=birth(os.getpid()),
            lasting=self._lasting,
            database_url=self.database_url,
            redis_url=self.redis_url,
            pids={name: process.pid for name, process in self._processes.items()},
        )
        write_state(self._home.home, state)


def _stop(server: Server, process: subprocess.Popen[bytes]) -> None:
    """Ask, insist, kill; returns when it is gone."""
    for ask in (server.halt, server.insist, signal.SIGKILL):
        try:
            process.send_signal(ask)
            process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            continue
        return
