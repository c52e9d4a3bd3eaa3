"""The backup: all tables as of one moment, while the product goes on."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import BinaryIO

import msgspec

from contactcenter.accounts import audit
from contactcenter.backup import store
from contactcenter.backup.archive import PIECE, Header, Table, Writer
from contactcenter.backup.store import SQL
from contactcenter.doctor import postgres
from contactcenter.errors import ContactCenterError
from contactcenter.kernel import seal_keys
from contactcenter.kernel.clock import stamp
from contactcenter.kernel.schema import SCHEMA, VERSION
from contactcenter.kernel.sealing import Seals
from contactcenter.kernel.sql import Connection

Tell = Callable[[str], None]


class Made(msgspec.Struct, frozen=True):
    """What went in."""

    schema: int
    rows: dict[str, int]
    bytes: int
    keys: tuple[str, ...] = ()


async def make(url: str, out: BinaryIO, settings: Iterable[tuple[str, bytes]], tell: Tell) -> Made:
    """Write a backup; `settings` are its parts of that name, `tell` hears of the progress. Raises
    DatabaseUnavailable, ContactCenterError."""
    async with store.connected(url) as conn:
        await _check_schema(conn)
        # One snapshot for all tables. Numbers that sequences gave are read after them, so that
        # none is too small.
        async with conn.transaction(isolation="repeatable_read", readonly=True):
            header = await _header(conn)
            writer = Writer(out)
            writer.add("header.json", msgspec.json.encode(header))
            writer.add("schema.sql", SCHEMA.read_bytes())
            for name, data in settings:
                writer.add(name, data)
            rows = {}
            for table in header.tables:
                rows[table.name] = await _copy(conn, writer, table, tell)
        given = {row["name"]: row["last_value"] for row in await SQL.sequences.all(conn)}
        writer.add("sequences.json", msgspec.json.encode(given))
        made = Made(header.schema, rows, writer.end(), header.keys)
        out.flush()
        await _note(conn, made)
    return made


async def _check_schema(conn: Connection) -> None:
    found = await postgres.version(conn)
    if found != VERSION:
        what = f"has schema {found}, this release {VERSION}" if found else "is empty"
        raise ContactCenterError(f"the database {what}: back up with the release that it runs with")


async def _header(conn: Connection) -> Header:
    tables = await store.tables(conn)
    sealed = any(table.name == "blob_key" for table in tables)
    return Header(
        made_at=stamp(await conn.fetchval("SELECT now()")),
        schema=VERSION,
        postgres=await conn.fetchval("SHOW server_version"),
        tables=tables,
        months=tuple(row["month"] for row in await SQL.months.all(conn)),
        keys=tuple(await seal_keys.lacking(conn, Seals())) if sealed else (),
    )


async def _copy(conn: Connection, writer: Writer, table: Table, tell: Tell) -> int:
    held, part, pieces, total = bytearray(), f"tables/{table.name}", 0, 0

    def put() -> None:
        nonlocal pieces
        pieces += 1
        writer.add(part, bytes(held), pieces)
        held.clear()

    async def sink(data: bytes) -> None:
        nonlocal total
        held.extend(data)
        total += len(data)
        if len(held) >= PIECE:
            put()
            tell(f"{table.name}: {total / 1e6:,.0f} MB of about {table.rows:,} rows")

    tell(f"{table.name}: about {table.rows:,} rows")
    rows = await store.copy_out(conn, table, sink)
    put()  # an empty table has a piece too: it is not missing
    return rows


async def _note(conn: Connection, made: Made) -> None:
    """Whoever has the file has read everything. A replica can't be told."""
    if await SQL.replica.value(conn):
        return
    told = {"contacts": made.rows["contact"], "bytes": made.bytes}
    await audit.note(conn, None, "backup", "database", stamp(datetime.now(UTC)), after=told)


def synced(out: BinaryIO) -> None:
    """On disk, not only on its way there."""
    out.flush()
    os.fsync(out.fileno())
