"""Postgres: one pool, two ways to use it, and what its errors mean to us.

`connection()` for single statements (each its own commit), `transaction()` for several. Both run
as the role `contactcenter_app`, which can't change an event or an audit row.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from time import monotonic
from typing import Any

import asyncpg

from contactcenter.errors import DatabaseUnavailable
from contactcenter.kernel.primary import READ_ONLY, Primary
from contactcenter.kernel.sealing import Seals
from contactcenter.kernel.sql import Connection

COMMAND_TIMEOUT_S = 10.0
# How long a server that does not answer may take to confirm that a statement is given up. Then its
# connection is cut: whoever gave up has somebody to answer, and the server rolls back by itself.
GIVE_UP_S = 1.0
# A node that stands still, or whose machine is gone, in the middle of a transaction keeps its locks
# no longer than this: nobody else could be offered anything until it woke.
_HELD = "5s"
# A connection that nobody used for so long is given up: each costs the server 5 to 10 MB, and the
# loops of a node that starts open twenty at once.
IDLE_S = 60.0
POOL_SIZE = 20  # connections of a node, at most
# What a lost, stopping or switched-over server raises: the caller may try again.
TRANSIENT = (
    OSError,
    asyncio.TimeoutError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.TransactionRollbackError,
    asyncpg.InvalidCachedStatementError,  # prepared before a migration
    asyncpg.IdleInTransactionSessionTimeoutError,
)
# What a connection raises whose server is no primary any more: others may lead there, too.
_MOVED = (
    ConnectionError,
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.CannotConnectNowError,
    asyncpg.ReadOnlySQLTransactionError,
    READ_ONLY,
)
_AT_MOST_EVERY_S = 1.0  # one session that an administrator ends is no failover
_FULL_S = 10.0  # so long after a write that found no room the disk counts as full

ROLLED_BACK = asyncpg.TransactionRollbackError  # a deadlock: the same again may go through
ALREADY_THERE = asyncpg.UniqueViolationError


async def _leave_as_it_is(conn: asyncpg.Connection) -> None:
    """Given back without a round trip: we leave no session state behind."""


class Database:
    """The pool."""

    def __init__(self, pool: asyncpg.Pool, url: str) -> None:
        self._pool = pool
        self._kept: list[Kept] = []
        self.url = url
        self.seals = Seals()  # by which its blobs are sealed and opened
        self.renewed = -_AT_MOST_EVERY_S
        self._full = -_FULL_S  # by time.monotonic

    @classmethod
    async def open(
        cls,
        url: str,
        *,
        size: int = POOL_SIZE,
        role: str = "contactcenter_app",
        scans: bool = False,
    ) -> Database:
        """Connect to the host of the URL that takes writes. `scans`: files that are stored by these
        connections wait for a scanner. Raises DatabaseUnavailable where no server answers."""
        connect: Any = Primary(url).connect
        try:
            pool = await asyncpg.create_pool(
                url,
                min_size=1,
                max_size=size,
                connect=connect,
                command_timeout=COMMAND_TIMEOUT_S,
                max_inactive_connection_lifetime=IDLE_S,
                reset=_leave_as_it_is,
                server_settings={
                    "role": role,
                    "timezone": "UTC",
                    "application_name": "contactcenter",
                    "idle_in_transaction_session_timeout": _HELD,
                    # What the column `scan` begins with, so that no door can forget it.
                    "contactcenter.scan": "waiting" if scans else "none",
                },
            )
        except (*TRANSIENT, asyncpg.PostgresError) as error:
            raise DatabaseUnavailable(f"no database answers: {error}") from error
        return cls(pool, url)

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """A connection; every statement commits by itself."""
        try:
            conn = await self._pool.acquire()
            try:
                yield conn
            finally:
                await self.give_back(conn)
        except (*_MOVED, asyncpg.DiskFullError) as error:
            await self.failed(type(error))
            raise

    @asynccontextmanager
    async def transaction(
        self, *, patient: bool = False, **options: Any
    ) -> AsyncIterator[Connection]:
        """A connection inside a transaction that commits at the end of the block. One that only
        reads locks nothing, and may take as long as whoever reads with it; so may a patient one,
        for which nobody waits."""
        async with self.connection() as conn:
            transaction = conn.transaction(**options)
            try:
                await transaction.start()
                if patient or options.get("readonly"):
                    await conn.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
                yield conn
            except BaseException:
                await _roll_back(conn, transaction)
                raise
            await transaction.commit()

    async def give_back(self, conn: asyncpg.pool.PoolConnectionProxy) -> None:
        """Have the pool look after a connection; it ends one that is still busy with what was given
        up."""
        with suppress(TimeoutError):
            await self._pool.release(conn, timeout=GIVE_UP_S)

    async def failed(self, kind: type[BaseException]) -> None:
        """A connection raised this: what follows for the others."""
        if issubclass(kind, asyncpg.DiskFullError):
            self._full = monotonic()
        elif issubclass(kind, _MOVED):
            await self.renew()

    def has_room(self) -> bool:
        """Whether no write found the server's disk full lately. Reading goes on all the time, and
        so may a write that needs no more room."""
        return monotonic() - self._full >= _FULL_S

    async def renew(self) -> None:
        """Have every connection made anew before it is used again, so that none stays at a server
        that is the primary no more."""
        if monotonic() - self.renewed >= _AT_MOST_EVERY_S:
            self.renewed = monotonic()
            await self._pool.expire_connections()

    def keep(self) -> Kept:
        """A connection for one who needs it all the time, one statement after the other."""
        kept = Kept(self, self._pool)
        self._kept.append(kept)
        return kept

    def connections(self) -> tuple[int, int]:
        """How many are open, and how many of these nobody uses now."""
        return self._pool.get_size(), self._pool.get_idle_size()

    async def alive(self) -> bool:
        """Whether a statement goes through within 2 s."""
        try:
            async with asyncio.timeout(2), self.connection() as conn:
                return bool(await conn.fetchval("SELECT NOT pg_is_in_recovery()"))
        except (*TRANSIENT, asyncpg.PostgresError):
            return False

    async def close(self) -> None:
        """Close all connections; what is still running gets 5 s."""
        try:
            async with asyncio.timeout(5):
                await asyncio.gather(*(kept.give_back() for kept in self._kept))
                await self._pool.close()
        except TimeoutError:
            self._pool.terminate()


async def _roll_back(conn: Connection, transaction: asyncpg.transaction.Transaction) -> None:
    """Raises nothing: what there is to be told has been raised already."""
    try:
        async with asyncio.timeout(GIVE_UP_S):
            await transaction.rollback()
    except (*TRANSIENT, asyncpg.PostgresError):
        with suppress(asyncpg.InterfaceError):  # it is closed
            conn.terminate()


class Kept:
    """A connection that is not given back after each statement, which takes a task and a turn of
    the loop. `async with` as `Database.connection()`; after an error it is taken anew."""

    def __init__(self, db: Database, pool: asyncpg.Pool) -> None:
        self._db, self._pool = db, pool
        self._conn: asyncpg.pool.PoolConnectionProxy | None = None
        self._taken = 0.0

    async def __aenter__(self) -> Connection:
        if self._conn is None or self._taken < self._db.renewed:
            await self.give_back()
            self._taken = monotonic()
            self._conn = await self._pool.acquire()
        return self._conn

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            await self.give_back()
            await self._db.failed(kind)

    async def give_back(self) -> None:
        """Have the pool look after it until it is needed again."""
        conn, self._conn = self._conn, None
        if conn is not None:
            await self._db.give_back(conn)
