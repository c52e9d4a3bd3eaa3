"""The pure modules of the supervisors' pages, by Node's own test runner."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.console.test_units import _node

UNITS = Path(__file__).parent / "units"


def test_modules() -> None:
    files = sorted(str(path) for path in UNITS.glob("*.test.js"))
    assert files
    run = subprocess.run([_node(), "--test", *files], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout[-8000:] + run.stderr[-2000:]
