"""What runs for ever: a step again and again, at an interval or when woken."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Collection

import structlog

from contactcenter.cancelled import stop_if_cancelled

_log = structlog.get_logger(__name__)
FAILURES: Counter[str] = Counter()  # steps that failed, by loop; for metrics
_BACKOFF_S = (0.2, 0.5, 1.0, 2.0)
# Loops that began together would go on together, each with a connection of its own: a pause is so
# much longer or shorter each time.
_DRIFT = 0.1


async def forever(
    name: str,
    step: Callable[[], Awaitable[object]],
    *,
    every_s: float,
    wake: asyncio.Event | None = None,
    again_s: float = _BACKOFF_S[-1],
) -> None:
    """Run `step` until cancelled. A failing step is noted, and tried again a little later, after
    `again_s` at most."""
    failed = 0
    while True:
        if wake is not None:
            wake.clear()
        try:
            await step()
            failed = 0
            stop_if_cancelled()
        except Exception as error:  # the loop must live; what failed is retried
            pause = min(again_s, _BACKOFF_S[min(failed, len(_BACKOFF_S) - 1)])
            failed += 1
            note_failure(name, error, times=failed)
            await asyncio.sleep(pause)
            continue
        pause = every_s * random.uniform(1 - _DRIFT, 1 + _DRIFT)  # noqa: S311 - no secret
        if wake is None:
            await asyncio.sleep(pause)
        else:
            try:
                async with asyncio.timeout(pause):
                    await wake.wait()
            except TimeoutError:
                pass


def note_failure(name: str, error: Exception, **of: int) -> None:
    """Count what failed in a loop and log it by its error's name, never its text: it could hold a
    citizen's words. Raises CancelledError where the loop was told to end."""
    stop_if_cancelled()
    FAILURES[name] += 1
    _log.warning("step_failed", loop=name, error=type(error).__name__, **of)


async def end(tasks: Collection[asyncio.Task[None]], within_s: float) -> None:
    """Cancel tasks and wait for them, for at most so many seconds."""
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks, timeout=within_s)
