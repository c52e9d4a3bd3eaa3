"""Who waits for a skill that nobody has: nobody at all, which is an alarm, or nobody at work."""

from __future__ import annotations

import time
from collections.abc import Collection
from datetime import datetime
from typing import Literal, NamedTuple

from contactcenter.kernel.db import Database
from contactcenter.kernel.sql import Connection, load_sql

SQL = load_sql(__file__)
KEPT_S = 2.0
Why = Literal["nobody_able", "nobody_on_duty"]


class Gap(NamedTuple):
    """So many wait in a queue for a skill (`wants`: a class) since then, and who lacks it:
    `nobody_able`: everybody; `nobody_on_duty`: everybody at work."""

    organisation_id: int
    queue: str
    wants: str
    why: Why
    waiting: int
    since: datetime


class Uncovered:
    """Answers boards, metrics and the health page from one look, made at most every 2 s. Nothing
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
                self._found = await _look(conn)
            self._at = now
        return self._found

    def forget(self) -> None:
        """Ask anew next time."""
        self._at = None


async def _look(conn: Connection) -> list[Gap]:
    """Of a class that somebody at work is able to take, no contact is looked at."""
    classes = [row["class"] for row in await SQL.classes.all(conn)]
    if not classes:
        return []
    missed = sorted({*classes} - await _covered(conn, classes))
    if not missed:
        return []
    rows = await SQL.waits.all(conn, classes=missed)
    opened = sorted({name for row in rows for name in (row["class"], *row["also"])})
    at_work, at_all = await _covered(conn, opened), await _covered(conn, opened, everybody=True)
    found: dict[tuple[str, str, Why], Gap] = {}
    for row in rows:
        names = {row["class"], *row["also"]}
        if names & at_work:
            continue
        why: Why = "nobody_on_duty" if names & at_all else "nobody_able"
        key = (row["queue"], row["class"], why)
        before = found[key].waiting if key in found else 0
        since = found[key].since if key in found else row["since"]
        found[key] = Gap(row["organisation_id"], *key, before + row["n"], since)
    return sorted(found.values(), key=lambda gap: (gap.why, gap.since))


async def _covered(conn: Connection, classes: list[str], *, everybody: bool = False) -> set[str]:
    rows = await SQL.covered.all(conn, classes=classes, all=everybody)
    return {row["class"] for row in rows}


def waiting(gaps: Collection[Gap], why: str) -> int:
    """How many contacts wait for this reason."""
    return sum(gap.waiting for gap in gaps if gap.why == why)
