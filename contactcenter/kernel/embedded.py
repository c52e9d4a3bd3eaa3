"""Postgres and Redis of our own, for a machine that has none.

Made for one machine: a try-out, a small city, the tests. The first process of a home starts them as
its children and stops them at its end; at its death, even by SIGKILL, the kernel stops them. Other
processes of the same home use the running ones.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from contactcenter.kernel.child import birth, working_in
from contactcenter.kernel.embedded_error import EmbeddedError
from contactcenter.kernel.embedded_home import ServerHome, make_home, open_home
from contactcenter.kernel.embedded_lock import (
    Flock,
    State,
    forget_state,
    read_state,
    write_state,
)
from contactcenter.kernel.embedded_postgres import Postgres
from contactcenter.kernel.embedded_redis import Redis

__all__ = ["Embedded", "EmbeddedError", "embedded_servers"]

Server = Postgres | Redis
_START_S = 120.0  # Postgres may have to recover after a crash first
_STOP_S = 8.0
_GUESTS_S = 60.0
_PAUSE_S = 0.01


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


class _Held(Embedded):
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
            _wait_unused(server.data)
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
        _until(
            lambda: process.poll() is not None or server.ready(process.pid),
            _START_S,
            f"{server.name} is not ready after {_START_S:g} s: see the end of {where}",
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


@contextmanager
def embedded_servers(
    home: Path, *, need_postgres: bool = True, need_redis: bool = True, lasting: bool = False
) -> Iterator[Embedded]:
    """The servers of `home`, running for as long as the block; call it from the main thread.

    `lasting` is for who serves: it never relies on the servers of a command that soon ends, but
    waits for its end. A command that started them waits at its end for other commands that use
    them; a lasting one does not. Raises EmbeddedError.
    """
    home = home.absolute()
    make_home(home)
    held_or_guest = _enter(home, lasting)
    if isinstance(held_or_guest, tuple):
        state, guest = held_or_guest
        with closing(guest):
            yield _attached(home, state, need_postgres, need_redis)
        return
    with closing(held_or_guest), _held(home, need_postgres, need_redis, lasting) as servers:
        yield servers


def _enter(home: Path, lasting: bool) -> Flock | tuple[State, Flock]:
    """The holder's lock, or the running servers with a guest's lock."""
    end = time.monotonic() + _START_S
    while time.monotonic() < end:
        if lock := Flock.take(home / "lock"):
            return lock
        if guest := Flock.take(home / "guests", shared=True):
            state = read_state(home)
            if state is not None and (state.lasting or not lasting):
                return state, guest
            guest.close()
        time.sleep(_PAUSE_S)
    raise EmbeddedError(
        f"{home} is in use by another process, whose servers can't be used: see"
        f" {home / 'servers.json'} for its number; stop it, or set CONTACTCENTER_HOME"
    )


def _attached(home: Path, state: State, need_postgres: bool, need_redis: bool) -> Embedded:
    for name, needed, url in (
        ("CONTACTCENTER_DATABASE_URL", need_postgres, state.database_url),
        ("CONTACTCENTER_REDIS_URL", need_redis, state.redis_url),
    ):
        if needed and not url:
            raise EmbeddedError(
                f"process {state.holder} serves {home} with {name} set: set it here too"
            )
    return Embedded(database_url=state.database_url, redis_url=state.redis_url, attached=True)


@contextmanager
def _held(home: Path, need_postgres: bool, need_redis: bool, lasting: bool) -> Iterator[Embedded]:
    forget_state(home)
    opened = open_home(home)
    servers: list[Server] = [Postgres(opened)] if need_postgres else []
    servers += [Redis(opened)] if need_redis else []
    held = _Held(opened, servers, lasting)
    try:
        held.start()
        yield held
    finally:
        guests = _wait_for_guests(home, 0 if lasting else _GUESTS_S)
        try:
            forget_state(home)
            held.stop()
        finally:
            if guests:
                guests.close()


def _wait_for_guests(home: Path, patience_s: float) -> Flock | None:
    """Let others finish; the lock returned keeps new ones out."""
    end = time.monotonic() + patience_s
    while (alone := Flock.take(home / "guests")) is None and time.monotonic() < end:
        time.sleep(_PAUSE_S)
    return alone


def _stop(server: Server, process: subprocess.Popen[bytes]) -> None:
    """Ask, insist, kill; returns when it is gone."""
    for ask in (server.halt, server.insist, signal.SIGKILL):
        try:
            process.send_signal(ask)
            process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            continue
        return


def _until(done: Callable[[], bool], patience_s: float, otherwise: str) -> None:
    end = time.monotonic() + patience_s
    while not done():
        if time.monotonic() > end:
            raise EmbeddedError(otherwise)
        time.sleep(_PAUSE_S)


def _wait_unused(data: Path) -> None:
    """A killed holder's servers need a moment to end."""
    others = f"{data} is still in use by processes {working_in(data)}: end them first"
    _until(lambda: not working_in(data), _START_S, others)
