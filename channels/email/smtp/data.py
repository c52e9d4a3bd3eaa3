"""The bytes of one mail off the wire (RFC 5321 section 4.5.2).

Only CR LF . CR LF ends a mail. A lone LF or CR is content and never an end, so no two programs
on the way can disagree about where one mail stops and another begins ("SMTP smuggling").
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

_END = b"\r\n.\r\n"
_ALL = 1 << 30
_PIECE = 1 << 18


class TooLarge(Exception):
    """The mail passed the limit; its bytes were let through to its end and dropped."""


async def read_data(reader: asyncio.StreamReader, limit: int) -> bytes:
    """The mail up to its end, with the doubled dots undone; what follows stays in the reader.

    Raises `TooLarge` past `limit` bytes, and ConnectionResetError where the peer went away or
    sent more than twice the limit.
    """
    data = bytearray(b"\r\n")  # the end of the DATA command's line; an empty mail is just a dot
    seen = dropped = 0
    while (end := data.find(_END, seen)) < 0:
        seen = max(0, len(data) - len(_END) + 1)
        if len(data) > limit + len(_END):
            dropped += seen
            del data[:seen]
            seen = 0
        if dropped > 2 * limit:
            raise ConnectionResetError("a mail without end")
        chunk = await reader.read(_ALL)
        if not chunk:
            raise ConnectionResetError("gone within a mail")
        data += chunk
    if rest := bytes(data[end + len(_END) :]):
        reader.feed_data(rest)
    size = dropped + end
    if size > limit:
        raise TooLarge
    return b"".join([piece async for piece in _undoubled(data, 2, end + 2)])


async def _undoubled(data: bytearray, at: int, end: int) -> AsyncIterator[bytes]:
    """The lines without the dots that were doubled, in pieces: nobody waits for a large mail."""
    while at < end:
        cut = data.find(b"\r\n", at + _PIECE, end)
        upto = end if cut < 0 else cut + 2
        yield bytes(memoryview(data)[at:upto]).replace(b"\r\n.", b"\r\n").removeprefix(b".")
        at = upto
        if at < end:
            await asyncio.sleep(0)
