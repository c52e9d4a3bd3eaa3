"""Redis: quick, shared between nodes, and never the truth.

Whatever stands here is rebuilt from Postgres after a loss. So every caller survives
`LiveUnavailable`: it skips the quick part and leaves the rest to the sweep.
"""

from __future__ import annotations

import asyncio
from hashlib import sha1
from pathlib import Path
from typing import Any

import redis.asyncio as redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from contactcenter.errors import ContactCenterError
from contactcenter.kernel.pipe import TIMEOUT_S, Pipe
from contactcenter.kernel.sentinels import Master, led
from contactcenter.kernel.wire import ReplyError, connect
from contactcenter.setting_servers import sentinels


class LiveUnavailable(ContactCenterError):
    """Redis did not answer in time, or answered with an error."""


# What a server says to a write when it is the master no more, or may not act as one alone.
_NOT_HERE = ("READONLY", "NOREPLICAS", "MASTERDOWN")


class Script:
    """A Lua script: one decision, one call. Redis is given the whole text only when it does not
    know the script (after a restart)."""

    def __init__(self, live: Live, text: str) -> None:
        self._live = live
        self._text = text
        self._name = sha1(text.encode(), usedforsecurity=False).hexdigest()

    async def __call__(self, keys: list[str], args: list[Any]) -> Any:
        given = (len(keys), *keys, *args)
        answer = await self._live.ask("EVALSHA", self._name, *given)
        if isinstance(answer, ReplyError) and str(answer).startswith("NOSCRIPT"):
            answer = await self._live.ask("EVAL", self._text, *given)
        return _said(answer)


class Live:
    """One connection for all that is asked, and others that listen. The pool knows how to make
    them, and keeps none."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._master: Master | None = None
        options: dict[str, Any] = {
            "socket_timeout": TIMEOUT_S,
            "socket_connect_timeout": TIMEOUT_S,
            "retry": Retry(NoBackoff(), 1),
            "protocol": 2,  # one shape of answers, whatever the server
        }
        if (known := sentinels(url)) is None:
            self._pool = redis.ConnectionPool.from_url(url, **options)
        else:
            self._master, by_them = led(known)
            self._pool = redis.ConnectionPool(**options, **by_them)
        self._pipe = Pipe(self._pool)

    def script(self, module_file: str, *names: str) -> Script:
        """The Lua files of these names beside a module, one after the other."""
        beside = Path(module_file)
        texts = [beside.with_name(name).read_text(encoding="utf-8") for name in names]
        return Script(self, "\n".join(texts))

    async def call(self, *command: Any) -> Any:
        """One command. Raises LiveUnavailable."""
        return _said(await self.ask(*command))

    async def ask(self, *command: Any) -> Any:
        """What Redis says to a command, be it a ReplyError. Raises LiveUnavailable."""
        try:
            answer = await self._pipe.ask(*command)
        except (RedisError, OSError) as error:
            raise LiveUnavailable(str(error)) from error
        if isinstance(answer, ReplyError) and any(word in str(answer) for word in _NOT_HERE):
            self._pipe.drop()  # the master is another one: the next question looks for it
        return answer

    async def connect(self) -> asyncio.StreamWriter:
        """A further connection, for a Wire that listens. Raises RedisError, OSError."""
        return await connect(self._pool)

    async def alive(self) -> bool:
        """Whether Redis answers."""
        try:
            return bool(await self.call("PING"))
        except LiveUnavailable:
            return False

    async def close(self) -> None:
        """Close all connections."""
        await self._pipe.close()
        if self._master is not None:
            await self._master.close()


def _said(answer: Any) -> Any:
    if isinstance(answer, ReplyError):
        raise LiveUnavailable(str(answer))
    return answer
