"""How much else this machine does: limits in seconds are those of one that has cores to spare."""

from __future__ import annotations

import os

BUSY = 1.5  # runnable processes a core that the checker and its house make themselves


def patience() -> float:
    """By how much limits are to be stretched; 1 where nobody else works here."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1) / BUSY)
