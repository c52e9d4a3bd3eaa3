"""Who may take a contact that waits long, as rows of a form, and back."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import get_args

from contactcenter.errors import Refused
from contactcenter.queue.relax import Kind, Step
from contactcenter.web.admin.configuring import Pairs

ROWS = 3
KINDS: tuple[str, ...] = get_args(Kind)


def steps_of(after: Sequence[str], to: Sequence[str], queue: Sequence[str]) -> tuple[Step, ...]:
    """The rows that name a step. Raises Refused where one has no number of seconds."""
    steps = []
    for seconds, kind, key in zip_longest(after, to, queue, fillvalue=""):
        if kind not in KINDS:
            continue
        if not (seconds.isascii() and seconds.isdigit() and len(seconds) < 10):
            raise Refused("bad_request", "step_seconds", field="relax")
        steps.append(Step(after_s=int(seconds), to=kind, queue=key if kind == "queue" else ""))  # type: ignore[arg-type]
    return tuple(steps)


def pairs(steps: Sequence[Step]) -> Pairs:
    """As fields of the form."""
    return [
        field
        for step in steps
        for field in (
            ("relax.after_s", str(step.after_s)),
            ("relax.to", step.to),
            ("relax.queue", step.queue),
        )
    ]


def rows(
    after: Sequence[str], to: Sequence[str], queue: Sequence[str]
) -> Sequence[tuple[str, ...]]:
    """What the page shows: what was typed, and empty rows up to some."""
    given = [row for row in zip_longest(after, to, queue, fillvalue="") if any(row)]
    return given + [("", "", "")] * max(ROWS - len(given), 1)
