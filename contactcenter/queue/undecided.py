"""Puts back what was taken out of the line to be offered, and was not."""

from __future__ import annotations

from collections.abc import Callable, Collection

import structlog

from contactcenter.kernel.db import Database
from contactcenter.queue import store
from contactcenter.queue.live import Pair
from contactcenter.queue.publish import Publisher

_log = structlog.get_logger(__name__)
OLDER_S = 0.5  # a node that lives says more often what it is deciding


class Undecided:
    """A contact is taken out of the line when it is given to an agent, and the commit says that it
    is offered. Where none comes in time (the node died, or stands still) both are put back as
    Postgres knows them, before others overtake the contact. Any node does this. `deciding`: what
    this node's own router has in hand, which lives and is only slow; it says so each time."""

    def __init__(
        self, db: Database, publisher: Publisher, deciding: Callable[[], Collection[Pair]]
    ) -> None:
        self._db = db
        self._publisher = publisher
        self._deciding = deciding

    async def run_once(self) -> int:
        """Returns how many were put back."""
        contacts, agents = await self._publisher.line.undecided(OLDER_S, self._deciding())
        if not contacts and not agents:
            return 0
        async with self._db.transaction() as conn:
            rows = await store.cards(conn, sorted(contacts))
            busy = await store.agents(conn, sorted(agents))
            await store.count_repair(conn, "undecided", len(contacts or agents))
        await self._publisher.project(rows, busy, settles=True)
        _log.info("undecided", contacts=len(contacts), agents=len(agents))
        return len(contacts or agents)
