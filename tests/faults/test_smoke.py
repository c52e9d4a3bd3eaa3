"""The quick tier, with a share of the crowd: the machine runs other tests beside it. `make faults`
plays the whole one."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.matrix import BUILDS, MATRIX, SMOKE

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.timeout(900)
def test_nothing_is_lost_and_what_loses_is_caught() -> None:
    played = subprocess.run(
        [sys.executable, "-m", "tests.faults", "--load", "0.3"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    lines = [json.loads(line) for line in played.stdout.splitlines()]
    assert played.returncode == 0, played.stdout + played.stderr
    wanted = ["control", *(name for name in SMOKE if MATRIX[name].play), *BUILDS]
    assert [line["fault"] for line in lines] == wanted
    for line in lines:
        assert line["accepted"] > 50, line
        assert line["caught"] is (True if line["fault"] in BUILDS else None)
