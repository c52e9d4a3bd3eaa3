"""The clock of agreements: at midnight of an organisation some of another organisation's agents are
able to take its contacts, and some no longer. One node at a time."""

from __future__ import annotations

from contactcenter.kernel.db import Database
from contactcenter.kernel.lease import Lease
from contactcenter.kernel.sql import load_sql
from contactcenter.queue.publish import Change, Publisher
from contactcenter.routing.actions import rights_changed

SQL = load_sql(__file__)


class Agreements:
    """Tells the line of a new day. Which skills count on it, the view `able` in schema.sql says."""

    def __init__(self, db: Database, publisher: Publisher, node: str) -> None:
        self._db = db
        self._publisher = publisher
        self._lease = Lease(db, "agreements", node)

    async def run_once(self) -> int:
        """One pass. Returns how many agents stand in the line anew; 0 where another node has the
        lease. A node that dies between leaves it to the reconciler: the agents' versions rose."""
        if await self._lease.hold() is None:
            return 0
        async with self._db.connection() as conn:
            days = await SQL.new_days.all(conn)
        served: set[int] = set()
        for day in days:
            async with self._db.transaction() as conn:
                await SQL.note_day.run(conn, organisation_id=day["id"], day=day["today"])
                rows = await SQL.touch.all(conn, organisation_id=day["id"])
            served |= {row["user_id"] for row in rows}
        if served:
            await rights_changed(self._db, self._publisher, Change(agents=sorted(served)))
        return len(served)
