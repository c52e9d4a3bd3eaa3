"""What this node has told: which versions of which contacts, and the outbox rows that settles."""

from __future__ import annotations

import time
from itertools import takewhile

from contactcenter.kernel.db import TRANSIENT, Database
from contactcenter.queue import store
from contactcenter.queue.rules import Ranges, merged

KEPT_S = 5.0


class Debts:
    """Ranges are kept for a while after they were settled, so that what is told next joins them: a
    row may have gained a version while its settling was on the way."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._told: dict[int, tuple[float, Ranges]] = {}
        self._new: set[int] = set()

    def told(self, contact: int, since: int, upto: int) -> None:
        """These versions are told, the ends included."""
        _, ranges = self._told.pop(contact, (0.0, ()))  # so that the oldest stay in front
        self._told[contact] = time.monotonic(), merged(ranges, since, upto)
        self._new.add(contact)

    async def settle(self) -> int:
        """Tell the outbox. Returns for how many contacts."""
        if not self._new:
            return 0
        new, self._new = self._new, set()
        rows = [(c, *span) for c in new for span in self._told[c][1]]
        ids, since, upto = zip(*rows, strict=True)
        try:
            async with self._db.connection() as conn:
                await store.SQL.settle.run(conn, ids=ids, since=since, upto=upto)
        except TRANSIENT:
            self._new |= new
            raise
        self._forget()
        return len(new)

    def _forget(self) -> None:
        old = time.monotonic() - KEPT_S
        past = takewhile(lambda one: one[1][0] <= old, self._told.items())
        for contact in [contact for contact, _ in past if contact not in self._new]:
            del self._told[contact]
