"""The faults' lines as the table of docs/reliability.md, with what it says of each fault:
`python -m tests.faults.table FILE` reads the lines that a run has printed."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable
from typing import Any

from tests.faults.matrix import MATRIX
from tests.flows.forks import ROOT

Line = dict[str, Any]
HEAD = """| | what is done | accepted | first offer after |
|---|---|---|---|
"""
ROW = re.compile(r"^\| (F\w+|control) \| (.+?) \| ", re.MULTILINE)
DOCUMENT = ROOT / "docs" / "reliability.md"
WRONG = ("lost", "doubled", "misowned", "overtaken")


def table(lines: Iterable[Line]) -> str:
    """In Markdown: a row for each fault; what is not nothing is named; and below it which wrong
    builds were caught."""
    lines = list(lines)
    order = ["control", *MATRIX]
    faults = sorted(lines, key=lambda line: order.index(line["fault"]) if _is_fault(line) else 0)
    told = dict(ROW.findall(DOCUMENT.read_text(encoding="utf-8")))
    rows = "".join(_row(line, told) for line in faults if _is_fault(line))
    builds = {line["fault"]: line["caught"] for line in lines if not _is_fault(line)}
    said = [f"{name} {'caught' if caught else '**not caught**'}" for name, caught in builds.items()]
    total = sum(line["took_s"] for line in lines)
    patience = max((line["patience"] for line in lines), default=1.0)
    ends = [*said, f"{total / 60:.0f} minutes", f"patience up to {patience}"]
    return f"{HEAD}{rows}\n{'; '.join(ends)}.\n"


def _is_fault(line: Line) -> bool:
    return line["caught"] is None


def _row(line: Line, told: dict[str, str]) -> str:
    name = line["fault"]
    what = told.get(name) or MATRIX[name].what
    wrong = [f"**{line[key]} {key}**" for key in WRONG if line[key]]
    if line.get("problems") and not wrong:
        wrong = ["**went wrong**"]
    accepted = ", ".join([f"{line['accepted']:,}", *wrong])
    first_s = line["recovery_s"]
    recovery = "" if first_s is None else f"{round(first_s, 1 if first_s >= 1 else 2)} s"
    return f"| {name} | {what} | {accepted} | {recovery} |\n"


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        sys.stdout.write(table(json.loads(line) for line in file if line.startswith("{")))
