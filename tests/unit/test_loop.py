"""Loops that are told to end do so, though what they wait for loses the word."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from contactcenter.kernel.ear import Ear
from contactcenter.kernel.loop import forever


class Library:
    """Waits, and makes something else of its cancellation."""

    def __init__(self, raises: Exception | None) -> None:
        self.waits = asyncio.Event()
        self._raises = raises

    async def step(self, *_: object, **__: object) -> dict[str, Any]:
        """Wait for ever."""
        self.waits.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            if self._raises is not None:
                raise self._raises from None
        return {"type": "pong", "channel": b"node"}


class Deaf:
    """A Redis to which such a library connects."""

    def __init__(self, library: Library) -> None:
        self.connect = library.step


async def ends(task: asyncio.Task[None], library: Library) -> None:
    await library.waits.wait()
    task.cancel()
    async with asyncio.timeout(10):
        await asyncio.wait([task])
    assert task.cancelled()


@pytest.mark.parametrize("raises", [None, ConnectionError()])
async def test_a_step_that_loses_its_end(raises: Exception | None) -> None:
    library = Library(raises)
    await ends(asyncio.create_task(forever("x", library.step, every_s=1000)), library)


@pytest.mark.parametrize("raises", [None, ConnectionError()])
async def test_an_ear_that_loses_its_end(raises: Exception | None) -> None:
    library = Library(raises)
    live: Any = Deaf(library)
    ear = Ear(live, "node", lambda channel, data: None, lambda: None)
    await ends(asyncio.create_task(ear.run()), library)
