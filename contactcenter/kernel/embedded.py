"""Postgres and Redis of our own, for a machine that has none.

Made for one machine: a try-out, a small city, the tests. The first process of a home starts them as
its children and stops them at its end; at its death, even by SIGKILL, the kernel stops them. Other
processes of the same home use the running ones.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from contactcenter.kernel.embedded_error import EmbeddedError
from contactcenter.kernel.embedded_home import make_home, open_home
from contactcenter.kernel.embedded_lock import Flock, State, forget_state, read_state
from contactcenter.kernel.embedded_postgres import Postgres
from contactcenter.kernel.embedded_redis import Redis
from contactcenter.kernel.embedded_running import Embedded, Held, Server
from contactcenter.kernel.embedded_wait import PATIENCE_S, PAUSE_S

__all__ = ["Embedded", "EmbeddedError", "embedded_servers"]

_GUESTS_S = 60.0


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
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        if lock := Flock.take(home / "lock"):
            return lock
        if guest := Flock.take(home / "guests", shared=True):
            state = read_state(home)
            if state is not None and (state.lasting or not lasting):
                return state, guest
            guest.close()
        time.sleep(PAUSE_S)
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
    held = Held(opened, servers, lasting)
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
        time.sleep(PAUSE_S)
    return alone
