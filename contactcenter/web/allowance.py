"""How many frames one socket may send: so many at once, refilled evenly."""

from __future__ import annotations

import time


class Allowance:
    """`count` in `period_s` seconds."""

    __slots__ = ("_at", "_count", "_left", "_period_s")

    def __init__(self, count: int, period_s: float) -> None:
        self._count, self._period_s = count, period_s
        self._left, self._at = float(count), time.monotonic()

    def take(self) -> bool:
        """Whether one more is allowed now; it is used up."""
        now = time.monotonic()
        gained = (now - self._at) * self._count / self._period_s
        self._left, self._at = min(self._count, self._left + gained), now
        if self._left < 1:
            return False
        self._left -= 1
        return True
