"""How much else this machine does: limits in seconds are those of one that has cores to spare."""

from __future__ import annotations

import os
import time
from pathlib import Path

BUSY = 1.5  # runnable processes a core that the checker and its house make themselves
_read: dict[float, float] = {}  # each value of `patience`: when last read (time.monotonic)


def patience(since: float | None = None) -> float:
    """By how much limits are to be stretched; 1 where nobody else works here. `since` (of
    time.monotonic): the most that anybody has read since then, by which what took so long is
    judged. A fault in which all stand still keeps the machine idle itself, and what the kernel
    tells is the average of a minute: it forgets meanwhile who else is at work."""
    now = max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1) / BUSY)
    _read[now] = time.monotonic()
    if since is None:
        return now
    return max(one for one, at in _read.items() if at >= since)


def resident(pid: int) -> int:
    """Bytes of memory that a process holds."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096


def most_resident(pid: int) -> int:
    """Bytes of memory that a process has held at most."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    (peak,) = [line for line in lines if line.startswith("VmHWM:")]
    return int(peak.split()[1]) * 1024
