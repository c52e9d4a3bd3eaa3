"""What the checker meant to do, what it was told, and when: written down outside the product."""

from __future__ import annotations

import json
import os
import threading
import time
from pathlib import Path
from typing import Any, NamedTuple

SYNC_S = 0.05


class Entry(NamedTuple):
    """One line. `phase`: intent (before a byte leaves), ack (the product said yes), error (it said
    no, or nothing), seen (it said so unasked). `t`: seconds since the epoch, of the clock that the
    database on this machine has too."""

    t: float
    actor: str
    act: str
    id: str
    phase: str
    data: dict[str, Any]


class Ledger:
    """Append-only. Every line is in the file before its caller goes on, and on the disk (fsync) not
    more than 50 ms later."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.entries: list[Entry] = []
        self._fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_EXCL, 0o600)
        self._ended = threading.Event()
        self._syncing = threading.Thread(target=self._sync, daemon=True)
        self._syncing.start()

    def intent(self, actor: str, act: str, id: str, **data: Any) -> None:
        """It is about to be done."""
        self._write(actor, act, id, "intent", data)

    def ack(self, actor: str, act: str, id: str, **data: Any) -> None:
        """The product said that it is done."""
        self._write(actor, act, id, "ack", data)

    def error(self, actor: str, act: str, id: str, why: str) -> None:
        """The product refused, or the connection ended, or nothing came."""
        self._write(actor, act, id, "error", {"why": why})

    def seen(self, actor: str, act: str, id: str, **data: Any) -> None:
        """Something was shown to somebody."""
        self._write(actor, act, id, "seen", data)

    def close(self) -> None:
        """Everything is on the disk."""
        self._ended.set()
        self._syncing.join()
        os.fsync(self._fd)
        os.close(self._fd)

    def _write(self, actor: str, act: str, id: str, phase: str, data: dict[str, Any]) -> None:
        entry = Entry(time.time(), actor, act, id, phase, data)
        self.entries.append(entry)
        os.write(self._fd, json.dumps(entry).encode() + b"\n")

    def _sync(self) -> None:
        while not self._ended.wait(SYNC_S):
            os.fsync(self._fd)
