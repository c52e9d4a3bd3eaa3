"""Leases: work that one node at a time does, with a number that rises when it changes hands."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import monotonic

from contactcenter.errors import ContactCenterError
from contactcenter.kernel.db import TRANSIENT, Database
from contactcenter.kernel.sql import Connection, load_sql

SQL = load_sql(__file__)


@dataclass(frozen=True)
class Held:
    """A lease in hand. `gap_s`: seconds since anybody last held it, so how long the work stood
    still, below zero where the database's clock was put back meanwhile; `fence` rises when another
    node takes it: what a mailbox's reader writes is guarded by it, and what is done in
    `Lease.transaction`."""

    fence: int
    gap_s: float


class Lapsed(ContactCenterError):
    """The lease is another's by now, or may be: what was to be done is theirs."""


async def release_all(db: Database, owner: str) -> None:
    """Let other nodes take at once whatever this one holds."""
    async with db.connection() as conn:
        await SQL.release_all.run(conn, owner=owner)


class Lease:
    """One named piece of work, as one node sees it."""

    def __init__(self, db: Database, name: str, owner: str, ttl_s: float = 10.0) -> None:
        self._db = db
        self.name = name
        self.owner = owner
        self.ttl_s = ttl_s
        self._since = self._until = -1.0
        self._fence = 0

    async def hold(self) -> Held | None:
        """Take or prolong it by the database's clock; None while another node has it."""
        asked = monotonic()
        async with self._db.connection() as conn:
            row = await SQL.hold.one(conn, name=self.name, owner=self.owner, ttl_s=self.ttl_s)
        if monotonic() >= self._until:  # others may have seen it lapse
            self._since = monotonic()
        self._until = asked + self.ttl_s if row else -1.0
        self._fence = row["fence"] if row else 0
        return Held(row["fence"], row["gap_s"]) if row else None

    def held_since(self, moment: float) -> bool:
        """Whether nobody can have seen it lapse since a moment of time.monotonic. A process that
        was stopped for longer than the lease knows it by this before it does anything."""
        return self._since <= moment and monotonic() < self._until

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """A transaction for what was decided under the lease as `hold` gave it last: a node that
        stood still since then does nothing, and none can take the lease until the commit. Raises
        Lapsed."""
        async with self._db.transaction() as conn:
            given = {"name": self.name, "owner": self.owner, "fence": self._fence}
            if not await SQL.still.one(conn, **given):
                raise Lapsed(self.name)
            yield conn

    async def release(self) -> None:
        """Let another node take it at once."""
        async with self._db.connection() as conn:
            await SQL.release.run(conn, name=self.name, owner=self.owner)

    async def alone(self, work: Callable[[int], Awaitable[None]]) -> bool:
        """Do the work, given the fence, while the lease is held; False where another node has it.
        The work is cancelled when the lease is lost, or may be. Raises what the work raised."""
        held = await self.hold()
        if held is None:
            return False
        task = asyncio.ensure_future(work(held.fence))
        try:
            await self._while_held(task, held.fence)
        finally:
            task.cancel()
            await asyncio.wait({task})
            with contextlib.suppress(*TRANSIENT):
                await self.release()
        if not task.cancelled():
            task.result()
        return True

    async def _while_held(self, task: asyncio.Future[None], fence: int) -> None:
        loop = asyncio.get_running_loop()
        until = loop.time() + self.ttl_s
        while not (await asyncio.wait({task}, timeout=self.ttl_s / 3))[0]:
            asked = loop.time()
            try:
                async with asyncio.timeout_at(until):
                    held = await self.hold()
            except TRANSIENT:
                if loop.time() + self.ttl_s / 3 >= until:  # before the next look it may be over
                    return
                continue
            if held is None or held.fence != fence:
                return
            until = asked + self.ttl_s
