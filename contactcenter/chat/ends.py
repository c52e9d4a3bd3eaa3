"""Which pages know that their chat is over."""

from __future__ import annotations

from asyncio import Event

from contactcenter.chat.store import SQL
from contactcenter.kernel.db import TRANSIENT, Database


class Ends:
    """An end that was sent may be lost with its connection, and a page that comes back must then
    hear of it, not begin anew: only what has surely arrived is written down."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._known: set[int] = set()
        self.woken = Event()

    def known(self, contact: int) -> None:
        """The page of this contact has the end of it."""
        self._known.add(contact)
        self.woken.set()

    async def run_once(self) -> int:
        """Write down what is not yet. Returns of how many contacts."""
        if not self._known:
            return 0
        contacts, self._known = self._known, set()
        try:
            async with self._db.connection() as conn:
                await SQL.told.run(conn, contacts=list(contacts))
        except TRANSIENT:
            self._known |= contacts
            raise
        return len(contacts)
