"""Work on thousands, a piece at a time: whoever else is served by this loop, or by Redis, waits for
one piece and not for the whole."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import TypeVar

PIECE = 250  # about a millisecond of Redis' time, and two of ours

T = TypeVar("T")


async def pieces(items: Sequence[T], size: int = PIECE) -> AsyncIterator[Sequence[T]]:
    """Slices of so many, giving way between them."""
    for start in range(0, len(items), size):
        if start:
            await asyncio.sleep(0)
        yield items[start : start + size]
