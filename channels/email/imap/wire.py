"""Lines and literals off an IMAP connection, bounded in size and time.

Whatever the server does, a response ends: by its end, by too many bytes, by silence, or by taking
too long as a whole (a server that sends a byte a minute is never silent).
"""

from __future__ import annotations

import asyncio
import re
import ssl
from contextlib import suppress

from channels.email.imap.errors import ImapError

CONNECT_S = 20.0
CHUNK = 65_536
MAX_LINE = 16_000_000  # a SEARCH's answer is one line: 1.4 million mails
_LITERAL = re.compile(rb"\{(\d{1,12})\+?\}\Z")


class Wire:
    """The connection. `most`: bytes of the largest response, `silence_s`: what counts as gone."""

    def __init__(self, most: int, silence_s: float) -> None:
        self.most = most
        self.silence_s = silence_s
        self._reader: asyncio.StreamReader
        self._writer: asyncio.StreamWriter
        self._plain: asyncio.StreamWriter | None = None
        self._open = False

    async def open(self, host: str, port: int, tls: ssl.SSLContext | None) -> None:
        """Connect. Raises ImapError."""
        try:
            async with asyncio.timeout(CONNECT_S):
                self._reader, self._writer = await asyncio.open_connection(
                    host, port, ssl=tls, limit=CHUNK
                )
            self._open = True
        except ssl.SSLError as error:
            raise _tls(error) from error
        except TimeoutError:
            raise ImapError("unreachable", "no answer") from None
        except OSError as error:
            raise ImapError("unreachable", error.strerror or type(error).__name__) from error

    async def start_tls(self, host: str, tls: ssl.SSLContext) -> None:
        """TLS on the open connection. The reader is a new one: what somebody on the way sent
        before is not taken for what the server says (the reverse of RFC 3207 section 6)."""
        loop = asyncio.get_running_loop()
        reader = asyncio.StreamReader(limit=CHUNK)
        protocol = asyncio.StreamReaderProtocol(reader)
        old = self._writer.transport
        try:
            transport = await loop.start_tls(
                old, protocol, tls, server_hostname=host, ssl_handshake_timeout=CONNECT_S
            )
        except (ssl.SSLError, OSError) as error:
            raise _tls(error) from error
        if transport is None:
            raise ImapError("cut")
        protocol.connection_made(transport)
        self._plain = self._writer  # a writer that nobody holds closes what it wrote to
        self._reader = reader
        self._writer = asyncio.StreamWriter(transport, protocol, reader, loop)

    async def send(self, line: bytes) -> None:
        """Send a line. Raises ImapError."""
        if b"\r" in line or b"\n" in line or b"\0" in line:
            raise ValueError("a command is one line")
        if self._writer.transport.is_closing():  # uvloop's would raise RuntimeError
            raise ImapError("cut", "the server ended the connection")
        self._writer.write(line + b"\r\n")
        try:
            async with asyncio.timeout(self.silence_s):
                await self._writer.drain()
        except (OSError, TimeoutError) as error:
            raise ImapError("cut") from error

    async def response(self, silence_s: float | None = None) -> list[bytes]:
        """The next response: line, literal, line, ... Raises ImapError, or TimeoutError where the
        other side is silent for `silence_s`: then nothing of it was read."""
        pieces = [await self._line(silence_s)]
        size = len(pieces[0])
        while literal := _LITERAL.search(pieces[-1]):
            pieces[-1] = pieces[-1][: literal.start()]
            wanted = int(literal[1])
            size += wanted
            if size > self.most:
                raise ImapError("protocol", "a response over the size limit")
            pieces.append(await self._bytes(wanted))
            pieces.append(await self._line(None))
            size += len(pieces[-1])
        return pieces

    async def close(self) -> None:
        """End the connection."""
        if self._open:
            self._writer.close()
            with suppress(OSError, TimeoutError):
                async with asyncio.timeout(2):
                    await self._writer.wait_closed()

    async def _line(self, silence_s: float | None) -> bytes:
        line = bytearray()
        while True:
            try:
                async with asyncio.timeout(silence_s or self.silence_s):
                    line += await self._reader.readuntil(b"\n")
                return bytes(line.rstrip(b"\r\n"))
            except asyncio.LimitOverrunError as error:
                line += await self._reader.readexactly(error.consumed)
                if len(line) > MAX_LINE:
                    raise ImapError("protocol", "a line over the size limit") from None
                silence_s = None
            except asyncio.IncompleteReadError:
                raise ImapError("cut", "the server ended the connection") from None
            except TimeoutError:
                if silence_s is not None:
                    raise
                raise ImapError("cut", "no answer") from None
            except OSError as error:
                raise ImapError("cut", error.strerror or "") from error

    async def _bytes(self, count: int) -> bytes:
        data = bytearray()
        while len(data) < count:
            try:
                async with asyncio.timeout(self.silence_s):
                    chunk = await self._reader.read(min(CHUNK, count - len(data)))
            except TimeoutError:
                raise ImapError("cut", "no answer within a mail") from None
            except OSError as error:
                raise ImapError("cut", error.strerror or "") from error
            if not chunk:
                raise ImapError("cut", "the server ended the connection within a mail")
            data += chunk
        return bytes(data)


def _tls(error: Exception) -> ImapError:
    """In the words of the TLS library: which certificate, and why not."""
    why = getattr(error, "verify_message", "") or getattr(error, "reason", "") or ""
    return ImapError("tls", str(why).replace("_", " ").lower() or type(error).__name__)
