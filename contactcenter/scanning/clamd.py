"""clamd's side of the wire, as clamd(8) tells it: `zINSTREAM`, then chunks of a 4-byte length and
so many bytes, an empty one at the end; the answer ends with NUL."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator
from typing import NamedTuple

from contactcenter.setting_hosts import Scanner

CONNECT_S, SCAN_S = 5.0, 120.0
_MOST_ANSWER = 4_096
_FOUND = re.compile(r"stream: (.{1,1000}) FOUND")
_TOO_LARGE = "size limit exceeded"


class Verdict(NamedTuple):
    """What the scanner said of a file: clean, infected (`name`: with what), or failed for good
    (`name`: why)."""

    scan: str
    name: str | None = None


class Away(Exception):
    """No scanner answers; this says nothing about the file."""


class Broken(Exception):
    """It gave no answer about this file: it ended in the middle, was silent, or said nonsense."""


async def scan(scanner: Scanner, pieces: AsyncIterator[bytes]) -> Verdict:
    """Have bytes scanned. Raises Away, Broken."""
    try:
        async with asyncio.timeout(SCAN_S), _connected(scanner) as (reader, writer):
            answer = await _converse(reader, writer, pieces)
    except TimeoutError:
        raise Broken("no answer in time") from None
    return verdict(answer)


def verdict(answer: str) -> Verdict:
    """What an answer says. Raises Broken for what is none. Pure."""
    if answer == "stream: OK":
        return Verdict("clean")
    if found := _FOUND.fullmatch(answer):
        return Verdict("infected", _plain(found[1]))
    if _TOO_LARGE in answer and answer.endswith("ERROR"):
        return Verdict("failed", "size limit")
    raise Broken(_plain(answer) or "no answer")


def _plain(text: str) -> str:
    return "".join(c for c in text if c.isprintable())[:200]


async def ping(scanner: Scanner) -> bool:
    """Whether it answers. Raises Away where nobody does."""
    try:
        async with asyncio.timeout(CONNECT_S), _connected(scanner) as (reader, writer):
            writer.write(b"zPING\0")
            return await _answer(reader) == "PONG"
    except (OSError, TimeoutError):
        return False


@contextlib.asynccontextmanager
async def _connected(
    scanner: Scanner,
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    try:
        async with asyncio.timeout(CONNECT_S):
            if scanner.path is not None:
                reader, writer = await asyncio.open_unix_connection(
                    scanner.path, limit=_MOST_ANSWER
                )
            else:
                reader, writer = await asyncio.open_connection(
                    scanner.host, scanner.port, limit=_MOST_ANSWER
                )
    except (OSError, TimeoutError) as error:
        raise Away(type(error).__name__) from None
    try:
        yield reader, writer
    finally:
        writer.transport.abort()  # what was said was said; a peer that hangs holds nothing up


async def _converse(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, pieces: AsyncIterator[bytes]
) -> str:
    """Send while listening: a scanner that has enough answers in the middle, and hangs up."""
    answer = asyncio.ensure_future(_answer(reader))
    sending = asyncio.ensure_future(_send(writer, pieces))
    try:
        await asyncio.wait({answer, sending}, return_when=asyncio.FIRST_COMPLETED)
        if sending.done() and (error := sending.exception()) is not None:
            if not isinstance(error, OSError):
                raise error  # the database's, not the scanner's
        return await answer
    finally:
        for task in (answer, sending):
            task.cancel()
        await asyncio.gather(answer, sending, return_exceptions=True)


async def _send(writer: asyncio.StreamWriter, pieces: AsyncIterator[bytes]) -> None:
    writer.write(b"zINSTREAM\0")
    async for piece in pieces:
        if piece:  # an empty chunk would end the stream
            writer.write(len(piece).to_bytes(4) + piece)
            await writer.drain()
    writer.write(bytes(4))
    await writer.drain()


async def _answer(reader: asyncio.StreamReader) -> str:
    try:
        line = await reader.readuntil(b"\0")
    except asyncio.IncompleteReadError:
        raise Broken("ended in the middle") from None
    except asyncio.LimitOverrunError:
        raise Broken("an endless answer") from None
    except OSError as error:
        raise Broken(type(error).__name__) from None
    return line[:-1].decode("utf-8", "replace").strip()
