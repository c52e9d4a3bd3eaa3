"""How it goes, for whoever looks on."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from typing import TextIO

EVERY_S = 10.0


class Progress:
    """One line on a terminal, written over each time and cut to its width, since a line that wraps
    can't be written over; elsewhere a line every 10 s, the first at once."""

    def __init__(self, out: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._out = out
        self._clock = clock
        self._next = -float("inf")

    def show(self, line: str) -> None:
        """Say how it stands now."""
        if self._out.isatty():
            self._out.write(f"\r\x1b[K{line[: shutil.get_terminal_size().columns - 1]}")
        elif self._clock() >= self._next:
            self._next = self._clock() + EVERY_S
            self._out.write(f"{line}\n")
        self._out.flush()
