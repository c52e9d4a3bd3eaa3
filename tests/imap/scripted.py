"""An IMAP server that says what its script says, and keeps all that it was told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress

_USUAL = {
    "CAPABILITY": b"* CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR\r\n",
    "SELECT": b"* OK [UIDVALIDITY 7] fine\r\n* OK [UIDNEXT 1] fine\r\n",
    "UID SEARCH": b"* SEARCH\r\n",
}


class Scripted:
    """`script` maps a command (CAPABILITY, UID FETCH, ...) to the bytes that go before its end, or
    to a function of the tag that gives all bytes; `said` are all lines of clients."""

    def __init__(self, script: Mapping[str, bytes | Callable[[bytes], bytes]]) -> None:
        self.script = {**_USUAL, **script}
        self.greeting = b"* OK there\r\n"
        self.said: list[bytes] = []
        self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        writer.write(self.greeting)
        with suppress(OSError):
            while line := await reader.readline():
                self.said.append(line.rstrip(b"\r\n"))
                tag, _, words = self.said[-1].partition(b" ")
                parts = words.decode().split()
                verb = " ".join(parts[: 2 if parts and parts[0] == "UID" else 1])
                answer = self.script.get(verb, b"")
                writer.write(answer(tag) if callable(answer) else answer + tag + b" OK done\r\n")
                await writer.drain()
        writer.close()


@asynccontextmanager
async def scripted(
    script: Mapping[str, bytes | Callable[[bytes], bytes]] | None = None,
) -> AsyncIterator[Scripted]:
    """It, on a port of its own."""
    server = Scripted(script or {})
    running = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    server.port = running.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        running.close()
