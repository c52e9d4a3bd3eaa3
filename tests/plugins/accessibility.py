"""What the accessibility statement is made of: `make accessibility` runs the tests that are marked
as accessibility checks, and writes what they found into agent_ui/accessibility.json.
"""

from __future__ import annotations

import datetime
import json
from importlib.metadata import version
from pathlib import Path

import pytest

from tests import axe

REPORT = "--accessibility-report"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Where to write."""
    parser.addoption(
        REPORT, type=Path, help="run the accessibility checks and write what they found"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Make the mark known."""
    config.addinivalue_line(
        "markers", "accessibility: a check of citizens' pages that the statement stands on"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Only these, where a report is asked for."""
    if config.getoption(REPORT) is not None:
        others = [item for item in items if item.get_closest_marker("accessibility") is None]
        config.hook.pytest_deselected(items=others)
        items[:] = [item for item in items if item not in set(others)]


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, exitstatus: int, config: pytest.Config
) -> None:
    """Write it; nothing where some could not run: a statement that knows less claims nothing."""
    path: Path | None = config.getoption(REPORT)
    if path is None:
        return
    counts = {name: len(terminalreporter.getreports(name)) for name in ("passed", "failed")}
    whole = not terminalreporter.getreports("skipped") and not terminalreporter.getreports("error")
    if exitstatus not in (0, 1) or not whole or not axe.FOUND:
        terminalreporter.write_line("not all accessibility checks could run: nothing is written")
        return
    found = {
        "version": version("contactcenter"),
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "checks": sum(counts.values()),
        "failed": counts["failed"],
        "states": len(axe.FOUND),
        "violations": sum(axe.FOUND),
    }
    path.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    terminalreporter.write_line(f"{path}: {found}")
