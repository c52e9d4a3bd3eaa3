"""A simulation's clock, which jumps from one thing to the next, and what happened by it."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from itertools import count
from typing import Any

from contactcenter.demo_history.lived import Agent, Happened, Lived


class Story:
    """What is to happen, in the order of time, and what did."""

    def __init__(self) -> None:
        self.now = 0.0
        self.story: list[Happened] = []
        self._heap: list[tuple[float, int, Callable[..., None], tuple[Any, ...]]] = []
        self._numbers = count()

    def later(self, at: float, do: Callable[..., None], *given: Any) -> None:
        """Do something at a moment."""
        heapq.heappush(self._heap, (at, next(self._numbers), do, given))

    def run(self, until: float) -> None:
        """Let everything happen that happens before `until`."""
        while self._heap and self._heap[0][0] < until:
            self.now, _, do, given = heapq.heappop(self._heap)
            do(*given)

    def tell(self, kind: str, contact: Lived, agent: Agent | None = None, **more: Any) -> None:
        """Write what happened to a contact, now."""
        self.story.append(Happened(self.now, kind, contact, contact.queue, agent, more))
