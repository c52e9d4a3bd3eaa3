"""schema.sql and the numbered migrations: bring a database to this release, or refuse."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import structlog

from contactcenter.errors import DatabaseUnavailable, SchemaRefused, SchemaTooNew
from contactcenter.kernel.db import TRANSIENT, Database
from contactcenter.kernel.primary import Primary

_log = structlog.get_logger(__name__)
VERSION = 7
SCHEMA = Path(__file__).resolve().parents[2] / "schema.sql"
MIGRATIONS = Path(__file__).parent / "migrations"
# A server whose client was killed goes on with its statement, and would keep others from the lock
# below. How long one takes is not limited: an index of a large table needs its time.
_WHILE_HERE = {"client_connection_check_interval": "1s"}
_LOCK = 7_305_501  # any fixed number: nodes that start together migrate one after the other


async def migrate(url: str) -> int:
    """Make or upgrade the schema as the database's owner. Returns the version found before (0:
    empty). A newer one stays, where this release can work with it. Raises SchemaTooNew where it
    can't, SchemaRefused, DatabaseUnavailable."""
    try:
        conn = await Primary(url).connect(server_settings=_WHILE_HERE)
    except (*TRANSIENT, asyncpg.PostgresError) as error:
        raise DatabaseUnavailable(f"no database answers: {error}") from error
    try:
        async with alone(conn):
            found = await _version(conn)
            if found > VERSION:
                await _works_with(conn, found)
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


async def _works_with(conn: asyncpg.Connection, found: int) -> None:
    """So that a release can be taken back for which the schema was only added to."""
    oldest = await conn.fetchval("SELECT oldest FROM schema_version ORDER BY version DESC LIMIT 1")
    if oldest > VERSION:
        raise SchemaTooNew(
            f"the database has schema {found}, which works with releases from schema {oldest} on;"
            f" this one knows {VERSION}: start a newer one"
        )
    _log.warning("newer_schema", found=found, known=VERSION)


async def _version(conn: asyncpg.Connection) -> int:
    if await conn.fetchval("SELECT to_regclass('schema_version')") is None:
        return 0
    return int(await conn.fetchval("SELECT max(version) FROM schema_version"))
