"""Redis: quick, shared between nodes, and never the truth.

Whatever stands here is rebuilt from Postgres after a loss. So every caller survives
`LiveUnavailable`: it skips the quick part and leaves the rest to the sweep.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import redis.asyncio as redis
from redis.asyncio.client import PubSub
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as Lost
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as Silent
from redis.retry import Retry

from contactcenter.errors import ContactCenterError
from contactcenter.kernel.sentinels import Master, led
from contactcenter.setting_servers import sentinels

TIMEOUT_S = 2.0


class LiveUnavailable(ContactCenterError):
    """Redis did not answer in time, or answered with an error."""


# What a server says to a write when it is the master no more, or may not act as one alone.
_NOT_HERE = ("READONLY", "NOREPLICAS", "MASTERDOWN")


class Script:
    """A Lua script: one decision, one call. Redis is asked for the whole text only when it
    does not know the script (after a restart)."""

    def __init__(self, live: Live, text: str) -> None:
        self._live = live
        self._script = live.client.register_script(text)

    async def __call__(self, keys: list[str], args: list[Any]) -> Any:
        try:
            return await self._script(keys=keys, args=args)
        except (RedisError, OSError) as error:
            await self._live.renew_after(error)
            raise LiveUnavailable(str(error)) from error


class Live:
    """The connection pool."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._master: Master | None = None
        options: dict[str, Any] = {
            "socket_timeout": TIMEOUT_S,
            "socket_connect_timeout": TIMEOUT_S,
            "retry": Retry(NoBackoff(), 1),
            "max_connections": 100,
            "timeout": TIMEOUT_S,
            "protocol": 2,  # one shape of answers, whatever the server
        }
        # A burst waits for a connection; the plain pool would refuse it, as if Redis were down.
        if (known := sentinels(url)) is None:
            self._pool = redis.BlockingConnectionPool.from_url(url, **options)
        else:
            self._master, by_them = led(known)
            self._pool = redis.BlockingConnectionPool(**options, **by_them)
        self.client: redis.Redis = redis.Redis.from_pool(self._pool)

    def script(self, module_file: str, *names: str) -> Script:
        """The Lua files of these names beside a module, one after the other."""
        beside = Path(module_file)
        texts = [beside.with_name(name).read_text(encoding="utf-8") for name in names]
        return Script(self, "\n".join(texts))

    async def call(self, *command: Any) -> Any:
        """One command. Raises LiveUnavailable."""
        try:
            return await self.client.execute_command(*command)  # type: ignore[no-untyped-call]
        except (RedisError, OSError) as error:
            await self.renew_after(error)
            raise LiveUnavailable(str(error)) from error

    async def renew_after(self, error: Exception) -> None:
        """Have idle connections made anew where the error may mean that the master is another one:
        each of them would lead to the same server, and fail or wait for it by itself."""
        lost = isinstance(error, (Lost, Silent, OSError))
        if lost or any(word in str(error) for word in _NOT_HERE):
            with suppress(RedisError, OSError):
                await self._pool.disconnect(inuse_connections=False)

    def pubsub(self) -> PubSub:
        """A connection that listens."""
        return self.client.pubsub()

    async def alive(self) -> bool:
        """Whether Redis answers."""
        try:
            return bool(await self.call("PING"))
        except LiveUnavailable:
            return False

    async def close(self) -> None:
        """Close all connections."""
        await self.client.aclose()
        await self._pool.aclose()
        if self._master is not None:
            await self._master.close()
