"""Whether anybody is on duty, known for a moment."""

from __future__ import annotations

import time

from contactcenter.chat import store
from contactcenter.kernel.db import Database

KEPT_S = 2.0


class Staffed:
    """Answers many pages from one query."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._asked: set[str] = set()
        self._found: set[str] = set()
        self._at = 0.0

    async def of(self, classes: set[str]) -> set[str]:
        """Those of the requirement classes that somebody on duty can take, now or later."""
        now = time.monotonic()
        if now - self._at > KEPT_S or not classes <= self._asked:
            async with self._db.connection() as conn:
                self._found = await store.staffed(conn, sorted(classes))
            self._asked, self._at = set(classes), now
        return self._found

    def forget(self) -> None:
        """Ask anew next time."""
        self._asked = set()
