"""Counts stretches and tells them: what runs by itself.

A stretch is counted anew as a whole, from what is stored, until it has settled; so whatever was
changed meanwhile (a service said later, persons that are one) is in it, and what was told for good
stays. Counting, telling and the note that it is done are one commit.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

from contactcenter.insight.stretch_counts import write
from contactcenter.insight.stretch_told import tell
from contactcenter.insight.stretches import Stretch, stretches
from contactcenter.kernel.db import Database
from contactcenter.kernel.failpoint import failpoint
from contactcenter.kernel.lease import Lease
from contactcenter.kernel.sql import Row, load_sql

SQL = load_sql(__file__)
EVERY_S = 300.0


class Insight:
    """The weeks of all organisations, on one node at a time."""

    def __init__(self, db: Database, node: str) -> None:
        self._db = db
        self._lease = Lease(db, "insight", node)

    async def run_once(self) -> int:
        """Count what is not settled. Returns how many stretches; 0 where another node has the
        lease."""
        if await self._lease.hold() is None:
            return 0
        counted = 0
        async with self._db.connection() as conn:
            organisations = await SQL.organisations.all(conn)
        for row in organisations:
            for stretch in await self._open(row):
                await self._lease.hold()
                counted += await self.count(row, stretch)
        return counted

    async def rebuild(self) -> int:
        """Count and tell everything anew, as it stands now. Returns how many stretches."""
        async with self._db.transaction() as conn:
            await SQL.anew.run(conn)
        return await self.run_once()

    async def _open(self, organisation: Row) -> list[Stretch]:
        zone = ZoneInfo(organisation["time_zone"])
        whose = {"organisation": organisation["id"]}
        async with self._db.transaction() as conn:
            first = await SQL.begins.value(conn, zone=zone.key, **whose)
            if first is not None:
                new = stretches(first, organisation["now"].astimezone(zone).date())
                days = {"firsts": [s.first for s in new], "lasts": [s.last for s in new]}
                await SQL.add.run(conn, **whose, **days)
            rows = await SQL.open.all(conn, **whose)
        return [Stretch(row["first_day"], row["last_day"]) for row in rows]

    async def count(self, organisation: Row, stretch: Stretch) -> int:
        """Count one, and tell it where it is over. Returns 1; 0 where another is about it, or it
        was told for good."""
        zone = ZoneInfo(organisation["time_zone"])
        key = {"organisation": organisation["id"], "first_day": stretch.first}
        async with self._db.transaction(patient=True) as conn:
            taken = await SQL.take.one(conn, **key)
            if taken is None:
                return 0
            await SQL.clear.run(conn, **key)
            await write(conn, organisation["id"], stretch, zone)
            over = stretch.is_over(organisation["now"], zone)
            final = stretch.is_settled(organisation["now"], zone)
            if over and (final or not taken["told"]):
                await tell(conn, organisation["id"], stretch.first, late=final)
            failpoint("insight.before_commit")
            await SQL.done.run(conn, told=over, final=final, **key)
        return 1
