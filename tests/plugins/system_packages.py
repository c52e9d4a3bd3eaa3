"""Tests that need more than the locks bring: a Debian package, or the material in ../shared.

`@pytest.mark.needs_package("chromium")`: without the package the test is skipped, and the end of
the run names what to install; with CI=true it fails instead. `@pytest.mark.needs_shared`: without
../shared the test is skipped, on a summary line of its own, in CI too.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

# Packages whose program has another name on other systems.
# A Chromium without a window of its own opens a page with half the work.
PROGRAMS = {
    "chromium": (
        *("chromium-headless-shell", "chrome-headless-shell"),
        *("chromium", "chromium-browser", "google-chrome", "chrome"),
    )
}
MISSING = pytest.StashKey[Counter[str]]()
WITHOUT_SHARED = pytest.StashKey[Counter[str]]()


def pytest_configure(config: pytest.Config) -> None:
    """Make the two marks known."""
    config.addinivalue_line("markers", "needs_package(*names): Debian packages the test needs")
    config.addinivalue_line("markers", "needs_shared: the test reads the material in ../shared")
    config.stash[MISSING] = Counter()
    config.stash[WITHOUT_SHARED] = Counter()


@cache
def installed(package: str) -> bool:
    """Whether its program is on PATH or dpkg knows it as installed."""
    if any(shutil.which(name) for name in PROGRAMS.get(package, (package,))):
        return True
    if shutil.which("dpkg-query") is None:
        return False
    query = ["dpkg-query", "--show", "--showformat=${db:Status-Status}", package]
    asked = subprocess.run(query, capture_output=True, text=True, check=False)
    return asked.stdout == "installed"


def shared_of(config: pytest.Config) -> Path:
    """Where the shared material lies, beside the repository."""
    return config.rootpath.parent / "shared"


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip, count, or in CI fail what can't run here."""
    config = item.config
    wanted = [name for mark in item.iter_markers("needs_package") for name in mark.args]
    missing = [name for name in wanted if not installed(name)]
    if missing:
        reason = f"needs the Debian package {' '.join(missing)}"
        if os.environ.get("CI") == "true":
            pytest.fail(f"{reason}; in CI nothing is skipped for that", pytrace=False)
        config.stash[MISSING].update(missing)
        pytest.skip(reason)
    if item.get_closest_marker("needs_shared") and not shared_of(config).is_dir():
        config.stash[WITHOUT_SHARED].update(["tests"])
        pytest.skip("needs ../shared")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Of several processes each tells the first what it left out."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        counters = [session.config.stash[key] for key in (MISSING, WITHOUT_SHARED)]
        output["left_out"] = [dict(counter) for counter in counters]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Add up what the processes left out."""
    left_out: list[dict[str, int]] = getattr(node, "workeroutput", {}).get("left_out", [{}, {}])
    for key, counts in zip((MISSING, WITHOUT_SHARED), left_out, strict=True):
        node.config.stash[key].update(counts)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was left out and what to install."""
    stash = terminalreporter.config.stash
    for package, count in sorted(stash[MISSING].items()):
        terminalreporter.write_line(f"skipped {count} for want of: apt-get install {package}")
    if count := stash[WITHOUT_SHARED]["tests"]:
        terminalreporter.write_line(f"skipped {count} for want of ../shared")
