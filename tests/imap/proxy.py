"""A TCP proxy that does to a connection what networks do: ends it, or lets it fall silent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager


class Proxy:
    """Between a client and a server on loopback. `cuts`: after how many bytes from the server the
    next connections end, one number each; `silent`: nothing passes, nothing ends; `rewrite`
    changes what the server says; `said` is all that clients said."""

    def __init__(self, to: int) -> None:
        self._to = to
        self.port = 0
        self.cuts: list[int] = []
        self.silent = False
        self.rewrite: Callable[[bytes], bytes] = bytes
        self.said = bytearray()
        self.connections = 0
        self._tasks: set[asyncio.Task[None]] = set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        self.connections += 1
        cut = self.cuts.pop(0) if self.cuts else None
        back, forth = await asyncio.open_connection("127.0.0.1", self._to)
        tasks = [
            asyncio.create_task(self._pass(reader, forth, None, up=True)),
            asyncio.create_task(self._pass(back, writer, cut, up=False)),
        ]
        self._tasks.update(tasks)
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            task.cancel()
        for side in (writer, forth):
            side.close()

    async def _pass(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        left: int | None,
        *,
        up: bool,
    ) -> None:
        while chunk := await reader.read(65_536):
            if self.silent:
                continue
            if up:
                self.said += chunk
            else:
                chunk = self.rewrite(chunk)
            if left is not None:
                chunk, left = chunk[:left], left - len(chunk)
            writer.write(chunk)
            await writer.drain()
            if left is not None and left <= 0:
                return

    def end(self) -> None:
        """End what is open."""
        for task in self._tasks:
            task.cancel()

    async def close(self) -> None:
        """End what is open."""
        self.end()
        await asyncio.gather(*self._tasks, return_exceptions=True)


@asynccontextmanager
async def running_proxy(to: int) -> AsyncIterator[Proxy]:
    """A proxy to this port."""
    proxy = Proxy(to)
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        server.close()
        await proxy.close()
