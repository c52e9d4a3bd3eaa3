"""A small server that speaks clamd's protocol (clamd(8)), and misbehaves when asked to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from contactcenter.setting_hosts import Scanner

# The test file of EICAR, which every scanner finds and which harms nobody; in two parts, so that
# no scanner takes this file for it.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
NAME = "Eicar-Test-Signature"


class FakeClamd:
    """`seen`: what it was given, in order. `answers`: what it says instead of the truth, one a
    scan; b"" hangs up without a word, None stays silent until `go_on` is set. `most`: its
    StreamMaxLength."""

    def __init__(self) -> None:
        self.seen: list[bytes] = []
        self.answers: list[bytes | None] = []
        self.most = 1_000_000
        self.asked = 0
        self.go_on = asyncio.Event()
        self.begun = asyncio.Event()
        self.scanner = Scanner()
        self._server: asyncio.Server | None = None
        self._port = 0

    async def start(self) -> None:
        """Listen, on the same port as before."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self._port)
        self._port = self._server.sockets[0].getsockname()[1]
        self.scanner = Scanner(host="127.0.0.1", port=self._port)

    async def stop(self) -> None:
        """Listen no more."""
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            command = await reader.readuntil(b"\0")
            if command == b"zPING\0":
                writer.write(b"PONG\0")
            elif command == b"zINSTREAM\0":
                writer.write(await self._scan(reader))
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _scan(self, reader: asyncio.StreamReader) -> bytes:
        self.asked += 1
        content = b""
        while size := int.from_bytes(await reader.readexactly(4)):
            content += await reader.readexactly(size)
            if len(content) > self.most:
                return b"INSTREAM size limit exceeded. ERROR\0"
        self.seen.append(content)
        if self.answers:
            given = self.answers.pop(0)
            if given is not None:
                return given
            self.begun.set()
            await self.go_on.wait()
        found = f"{NAME} FOUND" if EICAR in content else "OK"
        return f"stream: {found}\0".encode()


@asynccontextmanager
async def fake_clamd() -> AsyncIterator[FakeClamd]:
    """One on loopback."""
    fake = FakeClamd()
    await fake.start()
    try:
        yield fake
    finally:
        fake.go_on.set()
        await fake.stop()
