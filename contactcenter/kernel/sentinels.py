"""Redis behind Sentinels: each new connection asks them where the master is, and makes sure.

As https://redis.io/docs/latest/develop/reference/sentinel-clients/ has it: the first Sentinel that
knows the service is believed, and the server that it names must say itself that it is the master.
"""

from __future__ import annotations

import asyncio
from typing import Any

from redis.asyncio.connection import Connection, SSLConnection
from redis.asyncio.sentinel import Sentinel
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as Lost
from redis.retry import Retry

from contactcenter.setting_servers import Sentinels

_ASK_S = 1.0  # one that does not answer must not keep us from the next


class Master:
    """Where the master of a service is."""

    def __init__(self, known: Sentinels) -> None:
        self._service = known.service
        self._asking = asyncio.Lock()
        tls = {"ssl": True} if known.tls else {}
        self._sentinels = Sentinel(  # type: ignore[no-untyped-call]
            known.places,
            sentinel_kwargs={
                "socket_timeout": _ASK_S,
                "socket_connect_timeout": _ASK_S,
                "retry": Retry(NoBackoff(), 0),
                "protocol": 2,
                "username": known.sentinel_username,
                "password": known.sentinel_password,
                **tls,
            },
        )

    async def place(self) -> tuple[str, int]:
        """Host and port. Raises redis' ConnectionError where no Sentinel knows."""
        async with self._asking:  # a pool that lost all its connections asks one after the other
            host, port = await self._sentinels.discover_master(self._service)
        return host, port

    async def close(self) -> None:
        """Close the connections to the Sentinels."""
        await self._sentinels.aclose()


class _Led(Connection):
    """A connection to the master."""

    def __init__(self, *, master: Master, **options: Any) -> None:
        self._master = master
        super().__init__(**options)

    async def _connect(self) -> None:
        self.host, self.port = await self._master.place()
        await super()._connect()  # type: ignore[no-untyped-call]

    async def on_connect_check_health(self, check_health: bool = True) -> None:
        await super().on_connect_check_health(check_health)
        await self.send_command("ROLE", check_health=False)
        role = await self.read_response()
        if role[0] != b"master":
            raise Lost(f"{self.host}:{self.port} is no master any more")


class _LedByTls(_Led, SSLConnection):
    """The same with TLS."""


def led(known: Sentinels) -> tuple[Master, dict[str, Any]]:
    """Who knows the master, and what a pool of connections to it is made with."""
    master = Master(known)
    return master, {
        "connection_class": _LedByTls if known.tls else _Led,
        "master": master,
        "db": known.db,
        "username": known.username,
        "password": known.password,
    }
