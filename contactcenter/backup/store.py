"""Postgres for backup and restore: one connection, as the database's owner, without time limits.

COPY, not pg_dump: it needs no program beside the product, none of the server's version, and its
rows pass through our hands, so that they can be counted, summed and put into one file with the
settings.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Literal

import asyncpg

from contactcenter.backup.archive import Damaged, Table
from contactcenter.errors import ContactCenterError, DatabaseUnavailable
from contactcenter.kernel.db import TRANSIENT
from contactcenter.kernel.primary import Primary
from contactcenter.kernel.sql import Connection, load_sql

SQL = load_sql(__file__)
Sink = Callable[[bytes], Coroutine[Any, Any, None]]
BINARY = {"blob"}  # as text its bytes would be twice as many
# How values are written must not hang on a server's settings; nor may they end a long transaction.
_SETTINGS = {
    "role": "none",
    "application_name": "contactcenter backup",
    "timezone": "UTC",
    "datestyle": "ISO, YMD",
    "intervalstyle": "postgres",
    "bytea_output": "hex",
    "extra_float_digits": "1",
    "statement_timeout": "0",
    "idle_in_transaction_session_timeout": "0",
}


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[asyncpg.Connection]:
    """As the owner. Raises DatabaseUnavailable, also where the server is lost meanwhile."""
    try:
        conn = await Primary(url).connect(server_settings=_SETTINGS)
    except (*TRANSIENT, asyncpg.PostgresError) as error:
        raise DatabaseUnavailable(f"no database answers: {error}") from error
    try:
        yield conn
    except (asyncpg.PostgresConnectionError, asyncpg.OperatorInterventionError) as error:
        raise DatabaseUnavailable(f"the database was lost: {error}; try again") from error
    except asyncpg.InsufficientPrivilegeError as error:
        raise ContactCenterError(
            f"{error}: the URL's user must own the database (contactcenter doctor)"
        ) from error
    except asyncpg.PostgresError as error:
        raise ContactCenterError(f"the database refuses: {str(error).splitlines()[0]}") from error
    finally:
        await conn.close()


async def tables(conn: Connection) -> tuple[Table, ...]:
    """All tables, in an order in which they can be filled."""
    left = {row["oid"]: row for row in await SQL.tables.all(conn)}
    found: list[Table] = []
    while left:
        ready = [oid for oid, row in left.items() if not left.keys() & set(row["needs"])]
        if not ready:
            raise ContactCenterError("tables refer to each other in a circle")
        for oid in ready:
            row = left.pop(oid)
            name = row["name"]
            way: Literal["text", "binary"] = "binary" if name in BINARY else "text"
            found.append(Table(name, tuple(row["columns"]), way, row["rows"]))
    return tuple(found)


async def copy_out(
    conn: Connection, table: Table, sink: Callable[[bytes], Coroutine[Any, Any, None]]
) -> int:
    """A table's rows into a sink, in pieces. Returns how many."""
    columns = ", ".join(f'"{name}"' for name in table.columns)
    status = await conn.copy_from_query(
        f'SELECT {columns} FROM "{table.name}"',  # noqa: S608 - names of our own catalogue
        output=sink,
        format=table.format,
    )
    return int(status.rpartition(" ")[2])


async def copy_in(conn: Connection, table: Table, pieces: Iterable[bytes]) -> int:
    """Rows from their pieces into a table. Returns how many. Raises Damaged."""

    async def source() -> AsyncIterator[bytes]:
        for piece in pieces:
            yield piece

    with _fitting(table.name):
        status = await conn.copy_to_table(
            table.name, source=source(), columns=table.columns, format=table.format
        )
    return int(status.rpartition(" ")[2])


async def run_schema(conn: Connection, text: str) -> None:
    """Make the schema that the backup brings. Raises Damaged."""
    with _fitting("schema.sql"):
        await conn.execute(text)


@contextmanager
def _fitting(part: str) -> Iterator[None]:
    """Where a file is read from a pipe, what is damaged is met before its sum is known."""
    try:
        yield
    except asyncpg.InsufficientPrivilegeError:
        raise
    except (
        asyncpg.DataError,
        asyncpg.IntegrityConstraintViolationError,
        asyncpg.SyntaxOrAccessError,
        asyncpg.ProtocolViolationError,
    ) as error:
        raise Damaged(f"the backup is damaged: {part} does not fit") from error


async def empty(conn: Connection, name: str) -> None:
    """Take out what the schema itself put into a table."""
    await conn.execute(f'DELETE FROM "{name}"')  # noqa: S608 - names of our own catalogue


async def drop_indexes(conn: Connection) -> list[str]:
    """Drop those that can be made later, of a fresh schema; the statements that make them."""
    rows = await SQL.indexes.all(conn)
    for row in rows:
        await conn.execute(f'DROP INDEX "{row["name"]}"')
    return [row["made_by"] for row in rows]
