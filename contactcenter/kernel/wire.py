"""A connection to Redis as bare as can be: bytes in, answers out, no stream and no task between.

redis-py connects, since it knows of addresses, passwords, TLS and Sentinels; then its transport is
ours. Its own way of a command, through a pool, a stream and two timeouts, takes four times the CPU,
and its way of listening twice (docs/performance.md).
"""

from __future__ import annotations

import asyncio
from typing import Any

import hiredis
from redis.asyncio import ConnectionPool

from contactcenter.cancelled import stop_if_cancelled

ReplyError = hiredis.ReplyError


class Wire(asyncio.Protocol):
    """It stands until it is `over`, which holds why."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer  # forgotten, it would close the transport
        self._transport = writer.transport
        self._reader = hiredis.Reader()
        self.over: asyncio.Future[OSError] = asyncio.get_running_loop().create_future()
        self._transport.set_protocol(self)

    def write(self, command: tuple[Any, ...]) -> None:
        """Send a command."""
        self._transport.write(hiredis.pack_command(command))

    def said(self, answer: Any) -> None:
        """Redis said something: an answer, a ReplyError too, or what was published."""
        raise NotImplementedError

    def data_received(self, data: bytes) -> None:
        """See asyncio.Protocol."""
        self._reader.feed(data)
        while (answer := self._reader.gets()) is not False:
            self.said(answer)

    def connection_lost(self, error: Exception | None) -> None:
        """See asyncio.Protocol."""
        self.end(ConnectionError("Redis is gone"))

    def end(self, why: OSError) -> None:
        """Hang up."""
        if not self.over.done():
            self.over.set_result(why)
            self._transport.abort()


async def connect(pool: ConnectionPool) -> asyncio.StreamWriter:
    """A connection as the pool makes them, for a Wire. Raises RedisError, OSError."""
    connection = pool.make_connection()  # type: ignore[no-untyped-call]
    try:
        await connection.connect()
        stop_if_cancelled()
        writer: asyncio.StreamWriter = connection._writer
        connection._writer = connection._reader = None
        return writer
    finally:
        await connection.disconnect(nowait=True)
