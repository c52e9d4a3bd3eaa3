"""Who waits and who is in hand at this moment, kept up by events; never counted by scanning."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime
from heapq import heappop, heappush

from contactcenter.stats.kept import Key
from contactcenter.stats.rules import Event

_SLACK = 64
_Place = tuple[Key, datetime | None]  # None: in hand


class Line:
    """A contact waits from `entered` until it is accepted, abandoned or closed, an offered one too;
    it is in hand from `accepted` until it is closed or leaves the agent."""

    def __init__(self) -> None:
        self.waiting: Counter[Key] = Counter()
        self.in_hand: Counter[Key] = Counter()
        self._places: dict[int, _Place] = {}
        self._heaps: dict[Key, list[tuple[datetime, int]]] = defaultdict(list)

    def apply(self, event: Event) -> None:
        """What an event changes."""
        key = (event.queue, event.channel)
        if event.kind in ("entered", "returned"):
            self.put(event.contact, key, event.wait_from or event.at)
        elif event.kind == "accepted":
            self.put(event.contact, key, None)
        elif event.kind in ("left", "closed", "abandoned"):
            self._take(event.contact)

    def put(self, contact: int, key: Key, since: datetime | None) -> None:
        """It waits since then, or is in hand (None)."""
        if self._places.get(contact) == (key, since):
            return
        self._take(contact)
        self._places[contact] = (key, since)
        if since is None:
            self.in_hand[key] += 1
            return
        self.waiting[key] += 1
        heappush(self._heaps[key], (since, contact))
        self._tidy(key)

    def oldest(self, key: Key) -> datetime | None:
        """Since when the one waits that has waited longest; None where nobody waits."""
        heap = self._heaps[key]
        while heap and self._places.get(heap[0][1]) != (key, heap[0][0]):
            heappop(heap)
        return heap[0][0] if heap else None

    def _take(self, contact: int) -> None:
        place = self._places.pop(contact, None)
        if place is not None:
            (self.in_hand if place[1] is None else self.waiting)[place[0]] -= 1

    def _tidy(self, key: Key) -> None:
        """Who left stays in the heap until it comes to the top; one who waits for days above it
        would let it grow for ever."""
        heap = self._heaps[key]
        if len(heap) > 2 * self.waiting[key] + _SLACK:
            here = self._places
            heap[:] = sorted({entry for entry in heap if here.get(entry[1]) == (key, entry[0])})
