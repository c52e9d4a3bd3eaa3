"""Python's search for garbage that refers to itself, held when it does least harm.

Ours goes by itself as soon as nobody refers to it; a full search finds next to nothing. Yet by its
own count Python begins one whenever some thousands of rows are read, and while it goes through all
that lives the whole process stands still: 60 ms at the start, half a second beside 5,000 sockets.
So it is held every ten minutes, and passes over what was there when the node was ready.
"""

from __future__ import annotations

import gc

EVERY_S = 600.0
_YOUNG, _MIDDLE = 5_000, 10  # new objects, and rounds of them, between the small searches
_NEVER = 1_000_000


def put_off() -> None:
    """From now on there are no full searches but ours."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, _MIDDLE, _NEVER)


async def search() -> int:
    """A full search. Returns how many objects it found."""
    return gc.collect()
