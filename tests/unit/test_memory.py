"""What sign-ins took is given back."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROLLUP = Path("/proc/self/smaps_rollup")
SIGN_INS = """
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from argon2 import PasswordHasher
from contactcenter.kernel.memory import give_back_large

def kilobytes():
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Rss:"))

give_back_large()
hasher = PasswordHasher(time_cost=1, memory_cost=19 * 1024, parallelism=1)
before = kilobytes()
with ThreadPoolExecutor(2) as threads:
    list(threads.map(hasher.hash, ["x"] * 6))
    print(kilobytes() - before)
"""


@pytest.mark.skipif(not ROLLUP.exists(), reason="memory is read from Linux' /proc")
def test_checking_passwords_keeps_no_memory() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SIGN_INS], capture_output=True, text=True, check=True
    )
    assert int(done.stdout) < 10_000
