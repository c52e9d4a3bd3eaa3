"""Chats in Redis: places in line, and which citizens are heard."""

from __future__ import annotations

from contactcenter.kernel import keys
from contactcenter.kernel.live import Live
from contactcenter.queue.presence import Presence


class Places:
    """Where contacts stand."""

    def __init__(self, live: Live) -> None:
        self._script = live.script(__file__, "places.lua")

    async def of(self, contacts: list[tuple[str, int]]) -> list[int | None]:
        """The place, from 1, of each (requirement class, contact); None: in no line now. Raises
        LiveUnavailable."""
        if not contacts:
            return []
        given = [word for requirement, contact in contacts for word in (requirement, str(contact))]
        ranks = await self._script([], given)
        return [None if rank < 0 else int(rank) + 1 for rank in ranks]


def presence(live: Live) -> Presence:
    """The heartbeats of citizens' pages, by contact."""
    return Presence(live, keys.PRESENT, keys.PRESENT_SINCE)
