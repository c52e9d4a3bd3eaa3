"""A TCP proxy that can be told to misbehave: it stands before Redis, Postgres, mail servers, and
before the nodes as a city's load balancer would."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Callable
from contextlib import suppress

from tests.ports import free_port

CHUNK = 65_536
_RESET = struct.pack("ii", 1, 0)  # SO_LINGER: closed without a goodbye
Upstream = tuple[str, int] | str  # a host and port, or a socket's path


class Link:
    """One connection through the proxy. `peer`: the address that it came from."""

    def __init__(self, peer: str, writers: list[asyncio.StreamWriter]) -> None:
        self.peer = peer
        self.writers = writers
        self.flowing = asyncio.Event()
        self.flowing.set()
        self.black_hole = False
        self.listens = False  # to what is published in Redis

    def reset(self) -> None:
        """Both sides get an RST."""
        for writer in self.writers:
            with suppress(OSError):
                if (sock := writer.get_extra_info("socket")) is not None:  # else it is closed
                    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            writer.transport.abort()


class Proxy:
    """Passes bytes on to the first of `upstreams` that takes the connection, each connection
    beginning with the next one. `cut_at`: a new connection is reset after so many bytes towards the
    client; `delay_s`: asked for each piece."""

    def __init__(self, *upstreams: Upstream) -> None:
        self.upstreams = list(upstreams)
        self.port = free_port()
        self.links: set[Link] = set()
        self.delay_s: Callable[[], float] | None = None
        self.cut_at: Callable[[], int | None] = lambda: None
        self._stalled = self._deaf = False
        self._turn = 0
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """Listen."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port, backlog=1000)

    async def close(self) -> None:
        """End everything."""
        if self._server is not None:
            self._server.close()
        self.reset()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def stall(self) -> None:
        """From now on nothing passes, of old and new connections; nobody is told."""
        self._stalled = True
        for link in self.links:
            link.flowing.clear()

    def flow(self) -> None:
        """What was held passes on, late."""
        self._stalled = False
        for link in self.links:
            link.flowing.set()

    def deafen(self) -> None:
        """From now on who listens to what is published hears nothing; what is asked is answered."""
        self._deaf = True
        for link in self.links:
            if link.listens:
                link.flowing.clear()

    def hear(self) -> None:
        """What was published comes, late."""
        self._deaf = False
        for link in self.links:
            link.flowing.set()

    def reset(self, peer: str | None = None) -> None:
        """Break connections, all or those of one peer."""
        for link in list(self.links):
            if peer in (None, link.peer):
                link.reset()

    def swallow(self, peers: set[str]) -> None:
        """Connections of these peers lose everything from now on, in both ways, and no end is
        told: what a laptop out of reach looks like."""
        for link in self.links:
            link.black_hole |= link.peer in peers

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        link = Link(writer.get_extra_info("peername")[0], [writer])
        if self._stalled:
            link.flowing.clear()
        self.links.add(link)
        try:
            up_reader, up_writer = await self._connect()
            link.writers.append(up_writer)
            await asyncio.gather(
                self._pump(link, reader, up_writer, None),
                self._pump(link, up_reader, writer, self.cut_at()),
            )
        except OSError:
            pass
        finally:
            self._tasks.discard(task)
            self.links.discard(link)
            for one in link.writers:
                one.transport.abort() if link.black_hole else one.close()

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        self._turn += 1
        turn = self._turn % max(1, len(self.upstreams))
        for upstream in self.upstreams[turn:] + self.upstreams[:turn]:
            with suppress(OSError):
                if isinstance(upstream, str):
                    return await asyncio.open_unix_connection(upstream)
                return await asyncio.open_connection(*upstream)
        raise ConnectionRefusedError("nobody is behind it")

    async def _pump(
        self,
        link: Link,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        cut_at: int | None,
    ) -> None:
        passed = 0
        while True:
            data = await reader.read(CHUNK)
            if b"SUBSCRIBE" in data and not link.listens:
                link.listens = True
                if self._deaf:
                    link.flowing.clear()
            await link.flowing.wait()
            if link.black_hole:
                if not data:
                    return
                continue
            if not data:
                break
            if self.delay_s is not None:
                await asyncio.sleep(self.delay_s())
            passed += len(data)
            if cut_at is not None and passed > cut_at:
                writer.write(data[: len(data) - (passed - cut_at)])
                link.reset()
                return
            writer.write(data)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()
