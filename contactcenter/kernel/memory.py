"""Memory of large things goes back to the system when they are gone.

glibc maps a large block by itself, and unmaps it when it is freed; but each that it unmaps raises
the size from which it does so, up to 32 MB (mallopt(3), M_MMAP_THRESHOLD). So after the first
sign-in each thread that checks passwords would keep Argon2's 19 MiB for ever, and a node as much as
the largest mails it ever read at once.
"""

from __future__ import annotations

import ctypes

_MMAP_THRESHOLD = -3  # M_MMAP_THRESHOLD of malloc.h
_LARGE = 4 * 1024 * 1024  # bytes: smaller ones are taken and freed too often to be mapped each time


def give_back_large() -> None:
    """From now on that size stays as it is. Without glibc nothing is done."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_MMAP_THRESHOLD, _LARGE)
