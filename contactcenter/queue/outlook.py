"""What is expected of each open queue until it closes, as it was last reckoned: kept in Redis for
the boards."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from contactcenter.kernel import keys
from contactcenter.kernel.live import Live

KEPT_S = 300  # an outlook that nobody made anew is none


class Span(msgspec.Struct, frozen=True):
    """A mean, and between what it lies with 95 % confidence."""

    mean: float
    low: float | None
    high: float | None


class Expected(msgspec.Struct, frozen=True, kw_only=True):
    """Of a queue: waits that are or get too long, and who waits still when it closes; by how much
    one agent more would make both less. None where too little is known; `days`: the earlier days
    that it rests on."""

    organisation: int
    queue: int
    closes_at: str
    days: int
    late: Span | None = None
    backlog: Span | None = None
    less_late: Span | None = None
    less_backlog: Span | None = None


_decode = msgspec.json.Decoder(list[Expected]).decode


class Outlooks:
    """Reads and writes them."""

    def __init__(self, live: Live) -> None:
        self._live = live

    async def read(self) -> list[Expected]:
        """What is expected. Raises LiveUnavailable."""
        return _decode(await self._live.call("GET", keys.OUTLOOK) or b"[]")

    async def write(self, expected: Sequence[Expected]) -> None:
        """Instead of what was there. Raises LiveUnavailable."""
        await self._live.call("SET", keys.OUTLOOK, msgspec.json.encode(expected), "EX", KEPT_S)
