"""How many sockets or readers an address or a user may have, and how many frames a socket."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from contactcenter.errors import Refused


@contextmanager
def one_of(most: int, held: Counter[str], of: str, busy: str | None = None) -> Iterator[None]:
    """Hold one of what an address or a user may have at a time. `busy`: the finer text that says
    no. Raises Refused("too_many")."""
    if held[of] >= most:
        raise Refused("too_many", busy, retry_after_s=5)
    held[of] += 1
    try:
        yield
    finally:
        held[of] -= 1
        if not held[of]:
            del held[of]


@contextmanager
def one_of_all(
    most: int, in_all: int, held: Counter[str], of: str, busy: str | None = None
) -> Iterator[None]:
    """As `one_of`, of at most so many `in_all`, which are counted under ""."""
    with one_of(most, held, of, busy), one_of(in_all, held, "", busy):
        yield


class Allowance:
    """`count` frames at once, refilled evenly in `period_s` seconds."""

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
