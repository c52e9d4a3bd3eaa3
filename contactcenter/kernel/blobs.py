"""Bytes of attachments and raw mail, in Postgres: one transaction, one backup, one erasure. They
are sealed where the house has a key."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from contactcenter.kernel.db import Database
from contactcenter.kernel.sealing import Chunk, Seals
from contactcenter.kernel.sql import Connection, load_sql

SQL = load_sql(__file__)
CHUNK = 256 * 1024


async def chunks(seals: Seals, blob_id: int, data: bytes) -> list[Chunk]:
    """The rows to store; an empty file has one empty chunk. Many are sealed beside the event loop:
    5 MB take 2 ms, and more on a slow processor."""
    if len(data) <= CHUNK or seals.newest is None:
        return _chunks(seals, blob_id, data)
    return await asyncio.to_thread(_chunks, seals, blob_id, data)


def _chunks(seals: Seals, blob_id: int, data: bytes) -> list[Chunk]:
    return [
        seals.seal(blob_id, n, data[start : start + CHUNK])
        for n, start in enumerate(range(0, max(len(data), 1), CHUNK))
    ]


async def put(conn: Connection, seals: Seals, blob_id: int, data: bytes) -> None:
    """Store it, in the caller's transaction."""
    for chunk in await chunks(seals, blob_id, data):
        await put_chunk(conn, chunk)


async def put_chunk(conn: Connection, chunk: Chunk) -> None:
    """Store one, in the caller's transaction."""
    await SQL.put.run(conn, id=chunk.blob_id, n=chunk.n, data=chunk.data, sealed_by=chunk.sealed_by)


async def get(db: Database, blob_id: int) -> AsyncIterator[bytes]:
    """Its chunks in order, a connection for each: whoever reads slowly holds none. The caller has
    authorised the read of what refers to it. Raises Unsealable."""
    n = 0
    while True:
        async with db.connection() as conn:
            row = await SQL.get.one(conn, id=blob_id, n=n)
        if row is None:
            return
        yield db.seals.open(Chunk(blob_id, n, row["data"], row["sealed_by"]))
        n += 1
