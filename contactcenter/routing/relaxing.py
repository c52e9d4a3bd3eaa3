"""The clock of who waits long: more agents may take it step by step, and who was kept for one agent
becomes anybody's. One node at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from contactcenter.kernel.db import Database
from contactcenter.kernel.lease import Lease
from contactcenter.kernel.sql import Connection, Row, load_sql
from contactcenter.queue.publish import Publisher
from contactcenter.queue.relax import Asks, Step, relaxed
from contactcenter.queue.rules import is_for_own_staff

SQL = load_sql(__file__)
BATCH = 250


class _Move(NamedTuple):
    """A contact's next step: its number, the class that it opens, and its kind."""

    contact: int
    n: int
    opened: str
    kind: str


class Relaxing:
    """Relaxes what a contact asks of an agent, as its queue says."""

    def __init__(self, db: Database, publisher: Publisher, node: str) -> None:
        self._db = db
        self._publisher = publisher
        self._lease = Lease(db, "relaxing", node)

    async def run_once(self) -> int:
        """One pass. Returns how many contacts more agents may take now; 0 where another node has
        the lease."""
        if await self._lease.hold() is None:
            return 0
        async with self._db.connection() as conn:
            rows = await SQL.let_go.all(conn, most=BATCH)
        async with self._db.connection() as conn:
            rows += await self._relax(conn)
        if rows:
            await self._publisher.arrived(rows)
        return len(rows)

    async def _relax(self, conn: Connection) -> list[Row]:
        due = await SQL.due.all(conn, most=BATCH)
        if not due:
            return []
        moves = list(_moves(due, await SQL.steps.all(conn)))
        return await SQL.relax.all(
            conn,
            ids=[move.contact for move in moves],
            steps=[move.n for move in moves],
            classes=[move.opened for move in moves],
            kinds=[move.kind for move in moves],
        )


def _moves(due: list[Row], queues: list[Row]) -> Iterator[_Move]:
    """What each step opens; never another organisation's class, whose agents may not see it."""
    by_id = {row["id"]: row for row in queues}
    by_key = {(row["organisation"], row["key"]): _asks(row) for row in queues}
    for row in due:
        queue, n = by_id.get(row["queue_id"]), row["n"]
        steps = [] if queue is None else msgspec.json.decode(queue["relax"], type=list[Step])
        if queue is None or n >= len(steps):
            continue  # the queue was changed meanwhile
        own = _asks(queue)
        other = by_key.get((own.organisation, steps[n].queue))
        opened = relaxed(
            steps, n, own, other, row["language"], own_staff=is_for_own_staff(row["requirement"])
        )
        yield _Move(row["id"], n, opened, steps[n].to)


def _asks(row: Row) -> Asks:
    return Asks(row["organisation"], row["task"], row["level"], tuple(row["languages"]))
