"""The restore: into an empty database, in one transaction, and nothing is sent again.

Between the backup and the loss the system went on: what was on its way then has probably left, and
citizens were given case numbers and links that the backup does not know. So nothing leaves by
itself, and new ids begin far above the old ones: an old link must never open somebody else's case.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import BinaryIO

import msgspec

from contactcenter.accounts import audit
from contactcenter.backup import store
from contactcenter.backup.archive import Damaged, Header, Reader
from contactcenter.backup.store import SQL
from contactcenter.errors import ContactCenterError, SchemaTooNew
from contactcenter.kernel import schema
from contactcenter.kernel.clock import stamp
from contactcenter.kernel.live import Live, LiveUnavailable
from contactcenter.kernel.sql import Connection, Row

HELD = "held: restored from a backup"
LEAST_AHEAD = 1_000_000
Tell = Callable[[str], None]


class Restored(msgspec.Struct, frozen=True, kw_only=True):
    """What came back. `held`: messages that were on their way, `answers`: of these agents' own;
    `keys`: the fingerprints of those that its files are sealed with."""

    made_at: str
    schema: int
    contacts: int
    messages: int
    held: int
    answers: int
    keys: tuple[str, ...] = ()


class NotEmpty(ContactCenterError):
    """There is something in the database."""


async def restore(
    url: str, live: Live, source: BinaryIO, tell: Tell
) -> tuple[Restored, dict[str, bytes]]:
    """Fill an empty database; the settings that the backup holds are returned, not used. Raises
    Damaged, NotEmpty, SchemaTooNew, DatabaseUnavailable: then nothing has changed."""
    if not await live.alive():
        raise ContactCenterError(
            "Redis does not answer: start it, or correct CONTACTCENTER_REDIS_URL"
        )
    async with store.connected(url) as conn:
        async with schema.alone(conn), conn.transaction():
            await _check_empty(conn)
            header, settings = await _load(conn, Reader(source), tell)
            tell("bringing the schema up to date")
            await schema.upgrade(conn, header.schema)
            counts = dict(await hold(conn)) | dict(await SQL.counts.row(conn))
            restored = Restored(
                made_at=header.made_at, schema=header.schema, keys=header.keys, **counts
            )
            await audit.note(
                conn, None, "restore", "database", stamp(datetime.now(UTC)),
                after=msgspec.to_builtins(restored),
            )  # fmt: skip
        await _forget_the_line(live)
        tell("looking at what is where")
        await conn.execute("ANALYZE")
    return restored, settings


async def _forget_the_line(live: Live) -> None:
    """A Redis that was another database's would show its line."""
    try:
        await live.call("FLUSHDB", "ASYNC")
    except LiveUnavailable as error:
        raise ContactCenterError(
            "the database is restored; Redis went away meanwhile: empty it (FLUSHDB) before a start"
        ) from error


async def hold(conn: Connection) -> Row:
    """Keep the restored house from acting again: nothing is sent, nobody is signed in, nothing is
    held by nodes that are gone. Returns how many messages are held, and how many are answers."""
    held = await SQL.hold_outbound.row(conn, code=HELD)
    for step in (
        SQL.forget_receipts,
        SQL.forget_feedback,
        SQL.end_sessions,
        SQL.end_links,
        SQL.end_leases,
        SQL.forget_nodes,
        SQL.forget_outbox,
        SQL.restart_counting,
    ):
        await step.run(conn)
    return held


async def _check_empty(conn: Connection) -> None:
    found = [row["name"] for row in await SQL.strangers.all(conn)]
    if found:
        raise NotEmpty(
            f"the database is not empty (it has {', '.join(found)}): restore into a new one"
            " (another CONTACTCENTER_HOME, or CREATE DATABASE)"
        )


async def _load(conn: Connection, reader: Reader, tell: Tell) -> tuple[Header, dict[str, bytes]]:
    header: Header | None = None
    settings: dict[str, bytes] = {}
    waiting: list[str] = []
    for name, pieces in reader.parts():
        if header is None:
            header = reader.header(name, pieces)
            if header.schema > schema.VERSION:
                raise SchemaTooNew(
                    f"the backup has schema {header.schema}, this release knows {schema.VERSION}:"
                    " restore with a newer one"
                )
        elif name == "schema.sql":
            waiting = await _make_schema(conn, header, b"".join(pieces).decode())
        elif name.startswith("settings/"):
            settings[name] = b"".join(pieces)
        elif name.startswith("tables/"):
            await _fill(conn, header, name.partition("/")[2], pieces, tell)
        elif name == "sequences.json":
            await _set_sequences(conn, b"".join(pieces))
            for made_by in waiting:
                tell(f"index {made_by.split()[2]}")
                await conn.execute(made_by)
        else:
            for _ in pieces:  # end.json, which the reader compares
                pass
    if header is None:
        raise Damaged("this is no backup of contactcenter")
    return header, settings


async def _make_schema(conn: Connection, header: Header, text: str) -> list[str]:
    """Tables, emptied of what a fresh schema holds; what makes the indexes, for later."""
    await conn.execute("SET LOCAL maintenance_work_mem = '256MB'")
    await store.run_schema(conn, text)
    for month in header.months:
        await SQL.partition.value(conn, month=month)
    for table in reversed(header.tables):
        await store.empty(conn, table.name)
    return await store.drop_indexes(conn)


async def _fill(
    conn: Connection, header: Header, name: str, pieces: Iterator[bytes], tell: Tell
) -> None:
    table = next((one for one in header.tables if one.name == name), None)
    if table is None:
        raise Damaged(f"the backup holds a table {name} that its header does not")

    def shown() -> Iterator[bytes]:
        total = 0
        for piece in pieces:
            total += len(piece)
            tell(f"{name}: {total / 1e6:,.0f} MB of about {table.rows:,} rows")
            yield piece

    await store.copy_in(conn, table, shown())


async def _set_sequences(conn: Connection, data: bytes) -> None:
    """Go on far above what was given: the lost system gave more after the backup."""
    given = msgspec.json.decode(data, type=dict[str, int])
    for name, last in given.items():
        above = last + max(LEAST_AHEAD, last) if name in ("id_seq", "event_id_seq") else last
        await SQL.set_sequence.value(conn, name=name, value=above)
