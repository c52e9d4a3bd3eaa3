"""Wait for what raises no event here."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from inspect import isawaitable

WAIT_S = 60.0


async def until(true: Callable[[], object | Awaitable[object]], seconds: float = WAIT_S) -> None:
    """Look again and again until it is true."""
    async with asyncio.timeout(seconds):
        while True:
            found = true()
            if await found if isawaitable(found) else found:
                return
            await asyncio.sleep(0.05)
