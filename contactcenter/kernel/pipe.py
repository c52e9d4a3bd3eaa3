"""One connection to Redis for all that a node asks: who asks while others wait goes along at once,
and answers come in the order of the questions."""

from __future__ import annotations

import asyncio
from collections import deque
from contextvars import Context
from typing import Any

from redis.asyncio import ConnectionPool

from contactcenter.kernel.wire import Wire, connect

TIMEOUT_S = 2.0


class Link(Wire):
    """A connection that answers. Who waits longer than TIMEOUT_S has lost it, and with it all who
    asked later."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        super().__init__(writer)
        self._loop = asyncio.get_running_loop()
        self._asked: deque[tuple[float, asyncio.Future[Any]]] = deque()
        self._watch: asyncio.TimerHandle | None = None

    def ask(self, command: tuple[Any, ...]) -> asyncio.Future[Any]:
        """The answer to come, which may be a ReplyError; or OSError raised."""
        answer: asyncio.Future[Any] = self._loop.create_future()
        self.write(command)
        self._asked.append((self._loop.time(), answer))
        if self._watch is None:
            self._watch = self._loop.call_later(TIMEOUT_S, self._look)
        return answer

    def said(self, answer: Any) -> None:
        """See Wire."""
        _, waits = self._asked.popleft()
        if not waits.done():  # else who asked has gone
            waits.set_result(answer)

    def end(self, why: OSError) -> None:
        """See Wire. Whoever waits gets the reason."""
        super().end(why)
        if self._watch is not None:
            self._watch.cancel()
        while self._asked:
            _, waits = self._asked.popleft()
            if not waits.done():
                waits.set_exception(why)

    def _look(self) -> None:
        """One timer for all: it looks at who has waited longest."""
        self._watch = None
        if self._asked:
            left_s = self._asked[0][0] + TIMEOUT_S - self._loop.time()
            if left_s <= 0:
                self.end(TimeoutError("Redis does not answer"))
            else:
                self._watch = self._loop.call_later(left_s, self._look)


class Pipe:
    """The link that stands, or a new one."""

    def __init__(self, pool: ConnectionPool) -> None:
        self._pool = pool
        self._link: Link | None = None
        self._linking: asyncio.Task[Link] | None = None

    async def ask(self, *command: Any) -> Any:
        """The answer, which may be a ReplyError. Raises OSError, RedisError."""
        link = self._link
        if link is None or link.over.done():
            link = await self._connected()
        return await link.ask(command)

    def drop(self) -> None:
        """Hang up; the next question is asked by a new connection."""
        if self._link is not None:
            self._link.end(ConnectionError("given up"))

    async def close(self) -> None:
        """Hang up, and leave nothing under way."""
        if self._linking is not None:
            self._linking.cancel()
            await asyncio.wait([self._linking])
        self.drop()

    async def _connected(self) -> Link:
        """All who ask meanwhile wait for the same attempt."""
        if self._linking is None:
            self._linking = asyncio.get_running_loop().create_task(self._open(), context=Context())
            self._linking.add_done_callback(self._opened)
        return await asyncio.shield(self._linking)

    def _opened(self, linking: asyncio.Task[Link]) -> None:
        self._linking = None
        if not linking.cancelled() and linking.exception() is None:
            self._link = linking.result()

    async def _open(self) -> Link:
        return Link(await connect(self._pool))
