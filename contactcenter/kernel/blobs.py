"""Bytes of attachments and raw mail, in Postgres: one transaction, one backup, one erasure."""

from __future__ import annotations

from collections.abc import AsyncIterator

from contactcenter.kernel.db import Database
from contactcenter.kernel.sql import Connection, load_sql

SQL = load_sql(__file__)
CHUNK = 256 * 1024


def chunks(blob_id: int, data: bytes) -> list[tuple[int, int, bytes]]:
    """(blob, n, bytes) rows; an empty file has one empty chunk."""
    return [
        (blob_id, n, data[start : start + CHUNK])
        for n, start in enumerate(range(0, max(len(data), 1), CHUNK))
    ]


async def put(conn: Connection, blob_id: int, data: bytes) -> None:
    """Store it, in the caller's transaction."""
    for id_, n, piece in chunks(blob_id, data):
        await SQL.put.run(conn, id=id_, n=n, data=piece)


async def get(db: Database, blob_id: int) -> AsyncIterator[bytes]:
    """Its chunks in order, a connection for each: whoever reads slowly holds none. The caller has
    authorised the read of what refers to it."""
    n = 0
    while True:
        async with db.connection() as conn:
            piece: bytes | None = await SQL.get.value(conn, id=blob_id, n=n)
        if piece is None:
            return
        yield piece
        n += 1
