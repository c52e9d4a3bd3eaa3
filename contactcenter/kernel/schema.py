"""schema.sql and the numbered migrations: bring a database to this release, or refuse."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg

from contactcenter.errors import DatabaseUnavailable, SchemaRefused, SchemaTooNew
from contactcenter.kernel.db import TRANSIENT, Database
from contactcenter.kernel.primary import Primary

VERSION = 6
SCHEMA = Path(__file__).resolve().parents[2] / "schema.sql"
MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 7_305_501  # any fixed number: nodes that start together migrate one after the other


async def migrate(url: str) -> int:
    """Make or upgrade the schema as the database's owner. Returns the version found before (0:
    empty). Raises SchemaTooNew where a newer release made it."""
    try:
        conn = await Primary(url).connect()  # an index of a large table may take its time
    except (*TRANSIENT, asyncpg.PostgresError) as error:
        raise DatabaseUnavailable(f"no database answers: {error}") from error
    try:
        async with alone(conn):
            found = await _version(conn)
            if found > VERSION:
                raise SchemaTooNew(
                    f"the database has schema {found}, this release knows {VERSION}:"
                    " start a newer one"
                )
            if found == 0:
                async with conn.transaction():
                    await conn.execute(SCHEMA.read_text(encoding="utf-8"))
            await upgrade(conn, found or VERSION)
        return found
    except TRANSIENT as error:  # a step that was under way left nothing behind
        raise DatabaseUnavailable(f"the database went away: {error}") from error
    except asyncpg.PostgresError as error:
        raise SchemaRefused(f"the schema can't be made: {error}; see docs/operations.md") from error
    finally:
        await conn.close()


@asynccontextmanager
async def alone(conn: asyncpg.Connection) -> AsyncIterator[None]:
    """Nobody else makes or upgrades the schema meanwhile."""
    await conn.execute("SELECT pg_advisory_lock($1)", _LOCK)
    try:
        yield
    finally:
        if not conn.is_closed():
            await conn.execute("SELECT pg_advisory_unlock($1)", _LOCK)


async def upgrade(conn: asyncpg.Connection, found: int) -> None:
    """Take a schema from a version to this release's, each step in a transaction of its own."""
    for step in range(found + 1, VERSION + 1):
        async with conn.transaction():
            await conn.execute("SET LOCAL lock_timeout = '5s'")
            await conn.execute((MIGRATIONS / f"{step:04}.sql").read_text(encoding="utf-8"))
            await conn.execute("UPDATE schema_version SET version = $1, applied_at = now()", step)


async def add_partitions(db: Database) -> None:
    """Make the event table's months ahead of time, this one and three more."""
    async with db.connection() as conn:
        await conn.execute(
            "SELECT event_partition((now() + make_interval(months => n))::date)"
            " FROM generate_series(0, 3) AS n"
        )


async def _version(conn: asyncpg.Connection) -> int:
    if await conn.fetchval("SELECT to_regclass('schema_version')") is None:
        return 0
    return int(await conn.fetchval("SELECT max(version) FROM schema_version"))
