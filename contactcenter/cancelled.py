"""Tasks that were told to end, and libraries that lose the word."""

from __future__ import annotations

import asyncio


def stop_if_cancelled() -> None:
    """For a loop, after what it awaited. Raises CancelledError where the task was told to end and
    a library lost that on its way: asyncpg and redis-py turn it into an error of their own, or
    drop it where the answer comes in the same moment. The task itself still knows."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
