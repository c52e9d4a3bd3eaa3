"""Files that end with the run lie in memory, where the machine has room for them: databases that
are cloned and dropped by the thousand, the browser's profile, homes of products that are started.

A disk gives each of them its time in the kernel, and more where it is told of freed blocks; nothing
that a test proves depends on it, as no test pulls the plug.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest

_MEMORY = Path("/dev/shm")
_NEEDED = 3 << 30  # bytes; a run holds some hundreds of megabytes at a time
_PREFIX = "contactcenter-tests-"
_OURS = pytest.StashKey[Path]()


def pytest_configure(config: pytest.Config) -> None:
    """Before anything asks for a temporary file. An own `--basetemp` or TMPDIR is kept; processes
    that we start, of pytest-xdist too, find ours in TMPDIR."""
    if "TMPDIR" in os.environ or not _has_room():
        return
    _forget_the_dead()
    folder = _MEMORY / f"{_PREFIX}{os.getpid()}"
    folder.mkdir(mode=0o755)
    folder.chmod(0o755)  # as root the servers run as another user
    config.stash[_OURS] = folder
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)


def pytest_unconfigure(config: pytest.Config) -> None:
    """The processes of the run have ended."""
    if (folder := config.stash.get(_OURS, None)) is not None:
        del os.environ["TMPDIR"]
        tempfile.tempdir = None
        shutil.rmtree(folder, ignore_errors=True)


def _has_room() -> bool:
    try:
        there = os.statvfs(_MEMORY)
        known = Path("/proc/meminfo").read_text("ascii").split()
        left = int(known[known.index("MemAvailable:") + 1]) * 1024
    except (OSError, ValueError):
        return False
    room = min(there.f_bavail * there.f_frsize, left)
    return room >= _NEEDED and os.access(_MEMORY, os.W_OK | os.X_OK)


def _forget_the_dead() -> None:
    """What runs that were killed have left."""
    for folder in _MEMORY.glob(f"{_PREFIX}*"):
        if not Path(f"/proc/{folder.name.removeprefix(_PREFIX)}").exists():
            shutil.rmtree(folder, ignore_errors=True)
