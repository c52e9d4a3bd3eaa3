"""The other processes of `--processes N`: web only, behind the same port, started again when they
die, and ended with this one."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import subprocess
import sys
import time

import structlog

from contactcenter.kernel.child import dies_with_parent
from contactcenter.servers import Servers

_log = structlog.get_logger(__name__)
END_S = 25.0  # they drain as long as we do
_MOST_PAUSE_S = 30.0


class Siblings:
    """Starts them and keeps their number. They share our servers, so whatever they hold in common
    lies there, as between machines."""

    def __init__(self, arguments: argparse.Namespace, found: Servers) -> None:
        self._command = _command(arguments)
        self._metrics_port: int | None = arguments.metrics_port
        self._environment = os.environ | {
            "CONTACTCENTER_DATABASE_URL": found.database_url,
            "CONTACTCENTER_REDIS_URL": found.redis_url,
        }
        self._processes = [self._start(nth) for nth in range(1, arguments.processes)]
        self._died = 0  # since one lived for a while
        self._again_at = 0.0
        self._ending = False

    async def revive(self) -> int:
        """Start again what has ended, after a pause that grows where it ends at once. Returns how
        many."""
        now = time.monotonic()
        dead = [process for process in self._processes if process.poll() is not None]
        if self._ending or now < self._again_at:
            return 0
        if not dead:
            self._died = 0
            return 0
        self._died += 1
        self._again_at = now + min(2.0**self._died, _MOST_PAUSE_S)
        for process in dead:
            _log.warning("process_started_again", ended_with=process.returncode)
            place = self._processes.index(process)
            self._processes[place] = self._start(place + 1)
        return len(dead)

    def end(self) -> None:
        """Tell them to drain, as we do."""
        self._ending = True
        for process in self._processes:
            process.terminate()

    async def ended(self) -> None:
        """Wait until they have; what hangs is killed."""
        until = time.monotonic() + END_S
        for process in self._processes:
            try:
                await asyncio.to_thread(process.wait, max(0.0, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _start(self, nth: int) -> subprocess.Popen[bytes]:
        """Each answers for itself: its metrics have a port of their own, one above the last."""
        port = self._metrics_port
        own = [] if port is None else ["--metrics-port", str(port + nth)]
        return subprocess.Popen(  # noqa: S603 - our own command line
            self._command + own,
            env=self._environment,
            preexec_fn=dies_with_parent(signal.SIGTERM),
            stdout=subprocess.DEVNULL,
        )


def _command(arguments: argparse.Namespace) -> list[str]:
    verb = "run" if arguments.demo else "serve"
    command = [sys.executable, "-m", "contactcenter", verb, "--only", "web", "--reuse-port"]
    if arguments.demo:
        command += ["--history-days", "0"]  # one process loads it
    for name in ("host", "port"):
        if getattr(arguments, name) is not None:
            command += [f"--{name}", str(getattr(arguments, name))]
    return command
