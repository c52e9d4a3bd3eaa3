"""The clock of the chats: citizens who stay away, pages that fell silent with their node, and
citizens who say nothing. One node at a time."""

from __future__ import annotations

from datetime import datetime

from contactcenter.chat.store import SQL, came_or_went
from contactcenter.kernel.db import Database
from contactcenter.kernel.lease import Lease
from contactcenter.kernel.live import Live
from contactcenter.queue import leaving, silence
from contactcenter.queue.presence import citizens_presence
from contactcenter.queue.publish import Publisher

STALL_S = 3.0
SILENT_S = 15.0


class ChatClock:
    """What nobody's socket says: a node died with its pages, a citizen does not come back."""

    def __init__(
        self,
        db: Database,
        live: Live,
        publisher: Publisher,
        node: str,
        *,
        resume_s: float,
        withdraw_s: float,
    ) -> None:
        self._db = db
        self._publisher = publisher
        self._presence = citizens_presence(live)
        self._lease = Lease(db, "chat_clock", node)
        self._resume_s, self._withdraw_s = resume_s, withdraw_s

    async def run_once(self, now: datetime | None = None) -> int:
        """One pass. Returns how many contacts it changed; 0 where another node has the lease.
        `now`: by when silence is measured; the database's time."""
        held = await self._lease.hold()
        if held is None:
            return 0
        if abs(held.gap_s) > STALL_S:
            self._presence.deaf = True
            await self._publisher.publish(await silence.put_off(self._lease, held.gap_s))
        return await self._end_overdue() + await self._mark_silent() + await self._ask_idle(now)

    async def _ask_idle(self, now: datetime | None) -> int:
        """Close what nobody answered, then ask those who have been silent for long."""
        ended = await silence.end(self._db, now)
        asked = await silence.ask(self._db, now)
        for change in (*ended, asked):
            await self._publisher.publish(change)
        return len(ended) + len(asked.contacts)

    async def _mark_silent(self) -> int:
        """The pages of a node that died are gone with it."""
        async with self._db.connection() as conn:
            present = [row["id"] for row in await SQL.present.all(conn, silent_s=SILENT_S)]
        silent = await self._presence.silent(present, SILENT_S)
        if not silent:
            return 0
        async with self._lease.transaction() as conn:
            rows = await SQL.go_away.all(
                conn, contacts=silent, sockets=[None] * len(silent), ago_s=SILENT_S
            )
        await self._presence.left(silent)
        await self._publisher.publish(came_or_went(rows))
        return len(rows)

    async def _end_overdue(self) -> int:
        """Off the agents' screens after a moment; after the set time the way back is closed, at
        the moment when the page was last there."""
        async with self._db.connection() as conn:
            rows = await SQL.overdue.all(conn, withdraw_s=self._withdraw_s, resume_s=self._resume_s)
        for row in rows:
            if row["expired"]:
                change = await leaving.leave(self._db, row["id"], "expired", row["away_from"])
            else:
                change = await leaving.withdraw(self._db, row["id"])
            if change is not None:
                await self._publisher.publish(change)
        return len(rows)
