"""A Redis with a replica, and three Sentinels that watch them: Debian's, on loopback."""

from __future__ import annotations

import asyncio
import signal
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import redis.asyncio as redis

from tests.flows.poll import until
from tests.ports import free_port

SERVICE = "line"
_SENTINEL = """
port {port}
bind 127.0.0.1
dir {folder}
sentinel monitor {service} 127.0.0.1 {master} 2
sentinel down-after-milliseconds {service} 1000
sentinel failover-timeout {service} 4000
"""


class Watched:
    """The servers. `url` is what a node is given."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.ports = [free_port(), free_port()]
        self._sentinels = [free_port() for _ in range(3)]
        self._processes: list[asyncio.subprocess.Process] = []
        places = ",".join(f"127.0.0.1:{port}" for port in self._sentinels)
        self.url = f"redis+sentinel://{places}/{SERVICE}/0"

    async def start(self) -> None:
        """Start all; returns when each Sentinel knows of the replica and of the others."""
        master, replica = self.ports
        quiet = ("--bind", "127.0.0.1", "--save", "", "--dir", str(self._folder))
        await self._run("--port", str(master), *quiet)
        await self._run(
            *("--port", str(replica), "--replicaof", "127.0.0.1", str(master), *quiet),
            *("--repl-diskless-sync-delay", "0"),
        )
        await until(lambda: _has_replica(master))  # else they learn of it 10 s later
        for port in self._sentinels:
            config = self._folder / f"sentinel-{port}.conf"
            given = {"port": port, "master": master, "service": SERVICE, "folder": self._folder}
            config.write_text(_SENTINEL.format(**given))
            await self._run(str(config), "--sentinel")
        for port in self._sentinels:
            await until(partial(self._complete, port))

    async def stop(self) -> None:
        """Kill all."""
        for process in self._processes:
            process.kill()
            await process.wait()

    def stall_master(self) -> None:
        """The master answers nobody, and closes no connection."""
        self._processes[0].send_signal(signal.SIGSTOP)

    def wake_master(self) -> None:
        """The former master goes on, and thinks for a moment that nothing has happened."""
        self._processes[0].send_signal(signal.SIGCONT)

    async def failed_over(self) -> None:
        """Wait until the Sentinels name the replica."""
        await until(self._leads)

    async def _leads(self) -> bool:
        asked = redis.Redis(port=self._sentinels[0], protocol=2)
        try:
            return bool((await _masters(asked))[SERVICE]["port"] == self.ports[1])
        finally:
            await asked.aclose()

    async def _complete(self, port: int) -> bool:
        asked = redis.Redis(port=port, protocol=2)
        try:
            state = (await _masters(asked))[SERVICE]
        except (redis.RedisError, OSError):
            return False
        finally:
            await asked.aclose()
        return bool(state["num-slaves"] == 1 and state["num-other-sentinels"] == 2)

    async def _run(self, *arguments: str) -> None:
        with (self._folder / "redis.log").open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                "/usr/bin/redis-server", *arguments, stdout=log, stderr=log
            )
        self._processes.append(process)


async def _masters(sentinel: redis.Redis) -> dict[str, Any]:
    found: Any = await sentinel.sentinel_masters()
    return dict(found)


async def _has_replica(port: int) -> bool:
    asked = redis.Redis(port=port, protocol=2)
    try:
        found = (await asked.info("replication")).get("slave0", {})
    except (redis.RedisError, OSError):
        return False
    finally:
        await asked.aclose()
    return bool(found.get("state") == "online")


@asynccontextmanager
async def watched() -> AsyncIterator[Watched]:
    """Them, running."""
    with tempfile.TemporaryDirectory(prefix="contactcenter-sentinels-") as folder:
        servers = Watched(Path(folder))
        try:
            await servers.start()
            yield servers
        finally:
            await servers.stop()
