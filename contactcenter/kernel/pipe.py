"""One connection to Redis for all that a node asks: who asks while others wait goes along at once,
and answers come in the order of the questions.

redis-py connects, since it knows of addresses, passwords, TLS and Sentinels; then its transport is
ours. Its own way of a command, through a pool, a stream and two timeouts, takes four times the CPU
(docs/performance.md).
"""

from __future__ import annotations

import asyncio
from collections import deque
from contextvars import Context
from typing import Any

import hiredis
from redis.asyncio import ConnectionPool

from contactcenter.cancelled import stop_if_cancelled

TIMEOUT_S = 2.0
ReplyError = hiredis.ReplyError


class Link(asyncio.Protocol):
    """A connection that stands, until it is `lost`. Who waits longer than TIMEOUT_S for an answer
    has lost it too, and with it all who asked later."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self.lost = False
        self._writer = writer  # forgotten, it would close the transport
        self._transport = writer.transport
        self._loop = asyncio.get_running_loop()
        self._reader = hiredis.Reader()
        self._asked: deque[tuple[float, asyncio.Future[Any]]] = deque()
        self._watch: asyncio.TimerHandle | None = None
        self._transport.set_protocol(self)

    def ask(self, command: tuple[Any, ...]) -> asyncio.Future[Any]:
        """The answer to come: what Redis says, a ReplyError too, or ConnectionError, TimeoutError
        raised."""
        packed = hiredis.pack_command(command)
        answer: asyncio.Future[Any] = self._loop.create_future()
        self._asked.append((self._loop.time(), answer))
        self._transport.write(packed)
        if self._watch is None:
            self._watch = self._loop.call_later(TIMEOUT_S, self._look)
        return answer

    def data_received(self, data: bytes) -> None:
        """See asyncio.Protocol."""
        self._reader.feed(data)
        while (said := self._reader.gets()) is not False:
            _, answer = self._asked.popleft()
            if not answer.done():  # else who asked has gone
                answer.set_result(said)

    def connection_lost(self, error: Exception | None) -> None:
        """See asyncio.Protocol."""
        self.end(ConnectionError("Redis is gone"))

    def end(self, why: OSError) -> None:
        """Hang up; whoever waits gets the reason."""
        if self.lost:
            return
        self.lost = True
        self._transport.abort()
        if self._watch is not None:
            self._watch.cancel()
        for _, answer in self._asked:
            if not answer.done():
                answer.set_exception(why)

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
    """The link that stands, or a new one. A pool's connections are made as that pool makes them."""

    def __init__(self, pool: ConnectionPool) -> None:
        self._pool = pool
        self._link: Link | None = None
        self._linking: asyncio.Task[Link] | None = None

    async def ask(self, *command: Any) -> Any:
        """The answer, which may be a ReplyError. Raises OSError, RedisError."""
        link = self._link
        if link is None or link.lost:
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
        connection = self._pool.make_connection()  # type: ignore[no-untyped-call]
        try:
            await connection.connect()
            stop_if_cancelled()
            writer, connection._writer, connection._reader = connection._writer, None, None
            return Link(writer)
        finally:
            await connection.disconnect(nowait=True)
