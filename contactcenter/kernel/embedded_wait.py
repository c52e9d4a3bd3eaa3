"""Waiting, with an end, for what only looking tells."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from contactcenter.kernel.child import working_in
from contactcenter.kernel.embedded_error import EmbeddedError

PATIENCE_S = 120.0  # Postgres may have to recover after a crash first
PAUSE_S = 0.01


def wait_until(done: Callable[[], bool], otherwise: str) -> None:
    """Raises EmbeddedError(otherwise) when it takes too long."""
    end = time.monotonic() + PATIENCE_S
    while not done():
        if time.monotonic() > end:
            raise EmbeddedError(otherwise)
        time.sleep(PAUSE_S)


def wait_unused(data: Path) -> None:
    """A killed holder's servers need a moment to end."""
    others = f"{data} is still in use by processes {working_in(data)}: end them first"
    wait_until(lambda: not working_in(data), others)
