"""A node that hears nothing of what is published."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from contactcenter.kernel import ear
from contactcenter.kernel.live import LiveUnavailable


class Silent:
    """A Redis from which nothing is heard; what it is asked is answered, or not."""

    def __init__(self, *, answers: bool) -> None:
        self._answers = answers
        self.tries = 0
        self.tried = asyncio.Event()

    async def connect(self) -> None:
        """Nothing comes."""
        self.tries += 1
        if self.tries > 2:
            self.tried.set()
        raise TimeoutError

    async def call(self, *_: object) -> bytes:
        """Answer, or be away."""
        if not self._answers:
            raise LiveUnavailable("away")
        return b"PONG"


@pytest.mark.parametrize("answers", [True, False])
async def test_who_hears_nothing_looks_where_there_is_something_to_read(
    monkeypatch: pytest.MonkeyPatch, *, answers: bool
) -> None:
    monkeypatch.setattr(ear, "_RETRY_S", 0.0)
    silent, looks = Silent(answers=answers), []
    live: Any = silent
    listening = asyncio.create_task(
        ear.Ear(live, "node", lambda channel, data: None, lambda: looks.append(1)).run()
    )
    await silent.tried.wait()
    listening.cancel()
    await asyncio.wait([listening])
    assert bool(looks) is answers
