"""Who waits for a skill that nobody has: nobody at all, which is an alarm, or nobody at work."""

from __future__ import annotations

import time
from collections.abc import Collection
from datetime import datetime
from typing import Literal, NamedTuple

from contactcenter.kernel.db import Database
from contactcenter.kernel.sql import load_sql

SQL = load_sql(__file__)
KEPT_S = 2.0


class Gap(NamedTuple):
    """So many wait in a queue for a skill (`wants`: a class) since then, and who lacks it:
    `nobody_able`: everybody; `nobody_on_duty`: everybody at work."""

    organisation_id: int
    queue: str
    wants: str
    why: Literal["nobody_able", "nobody_on_duty"]
    waiting: int
    since: datetime


class Uncovered:
    """Answers boards, metrics and the health page from one query, made at most every 2 s. Nothing
    of it is stored: it ends by itself when somebody has the skill."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._found: list[Gap] = []
        self._at: float | None = None

    async def gaps(self) -> list[Gap]:
        """All of them, what nobody has first, and of these the longest wait."""
        now = time.monotonic()
        if self._at is None or now - self._at > KEPT_S:
            async with self._db.connection() as conn:
                rows = await SQL.uncovered.all(conn)
            self._found = [
                Gap(
                    row["organisation_id"],
                    row["queue"],
                    row["class"],
                    "nobody_on_duty" if row["somebody"] else "nobody_able",
                    row["n"],
                    row["since"],
                )
                for row in rows
            ]
            self._at = now
        return self._found

    def forget(self) -> None:
        """Ask anew next time."""
        self._at = None


def waiting(gaps: Collection[Gap], why: str) -> int:
    """How many contacts wait for this reason."""
    return sum(gap.waiting for gap in gaps if gap.why == why)
