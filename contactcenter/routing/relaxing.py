"""The clock of who waits long: more agents may take it step by step, and who was kept for one agent
becomes anybody's. One node at a time."""

from __future__ import annotations

import msgspec

from contactcenter.kernel.db import Database
from contactcenter.kernel.lease import Lease
from contactcenter.kernel.sql import Connection, Row, load_sql
from contactcenter.queue.publish import Publisher
from contactcenter.queue.relax import Asks, Step, relaxed

SQL = load_sql(__file__)
BATCH = 250


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

    async def release(self) -> None:
        """Let another node take over at once."""
        await self._lease.release()

    async def _relax(self, conn: Connection) -> list[Row]:
        due = await SQL.due.all(conn, most=BATCH)
        if not due:
            return []
        queues = {row["id"]: row for row in await SQL.steps.all(conn)}
        by_key = {(row["organisation"], row["key"]): _asks(row) for row in queues.values()}
        steps = {
            queue: msgspec.json.decode(row["relax"], type=list[Step])
            for queue, row in queues.items()
        }
        moves = [
            (row["id"], row["n"], _class(steps[row["queue_id"]], row, queues, by_key))
            for row in due
            if row["queue_id"] in queues
        ]
        return await SQL.relax.all(
            conn,
            ids=[contact for contact, _, _ in moves],
            steps=[n for _, n, _ in moves],
            classes=[opened for _, _, opened in moves],
            kinds=[steps[row["queue_id"]][row["n"]].to for row in due if row["queue_id"] in queues],
        )


def _asks(row: Row) -> Asks:
    return Asks(row["organisation"], row["task"], row["level"], tuple(row["languages"]))


def _class(
    steps: list[Step], row: Row, queues: dict[int, Row], by_key: dict[tuple[str, str], Asks]
) -> str:
    """The class that a step opens; never another organisation's, whose agents may not see it."""
    own = _asks(queues[row["queue_id"]])
    other = by_key.get((own.organisation, steps[row["n"]].queue))
    return relaxed(steps, row["n"], own, other, row["language"])
