"""Raw mail, which is kept for a while after it was read: for a parser's mistake to be mended by,
and for whoever asks what exactly was sent. Then its bytes go; what was read of it stays."""

from __future__ import annotations

import structlog

from contactcenter.intake.store import SQL
from contactcenter.kernel.db import Database
from contactcenter.kernel.lease import Lease

_log = structlog.get_logger(__name__)
EVERY_S = 600.0
MOST = 100  # in a statement
_ROUNDS = 50


class Sources:
    """One node's part in it: one node at a time does it. `days`: how long a source is kept."""

    def __init__(self, db: Database, node: str, days: int) -> None:
        self._db, self._days = db, days
        self._lease = Lease(db, "sources", node)

    async def run_once(self) -> int:
        """Delete what is old enough; how many sources. Those in quarantine stay until somebody has
        decided."""
        if await self._lease.hold() is None:
            return 0
        dropped = 0
        for _ in range(_ROUNDS):
            async with self._db.connection() as conn:
                count = int(await SQL.drop_sources.value(conn, days=self._days, most=MOST))
            dropped += count
            if count < MOST:
                break
        if dropped:
            _log.info("sources_dropped", count=dropped)
        return dropped
