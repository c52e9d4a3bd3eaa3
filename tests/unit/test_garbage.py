"""No full search for garbage begins by itself, however much is read."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from typing import Any

import pytest

from contactcenter.kernel import garbage


@pytest.fixture
def searched() -> Iterator[list[int]]:
    """The generations that were searched; all is put back at the end."""
    thresholds, found = gc.get_threshold(), list[int]()

    def note(phase: str, info: dict[str, Any]) -> None:
        if phase == "start":
            found.append(info["generation"])

    gc.callbacks.append(note)
    yield found
    gc.callbacks.remove(note)
    gc.set_threshold(*thresholds)
    gc.unfreeze()


async def test_what_is_read_begins_no_full_search(searched: list[int]) -> None:
    garbage.put_off()
    searched.clear()
    rows = [[n] for n in range(200_000)]
    assert set(searched) == {0, 1}
    itself: list[Any] = []
    itself.append(itself)
    del itself, rows
    assert await garbage.search() >= 1
    assert searched[-1] == 2
