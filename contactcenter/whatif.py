"""`contactcenter whatif`: what more or fewer agents would make of a day that was, of today, or of
one to come. Reads, and stores nothing.
"""

from __future__ import annotations

import argparse
import sys
from datetime import date
from typing import Any

from contactcenter.arguments import signed
from contactcenter.commands import house_node
from contactcenter.config import Settings
from contactcenter.planning import actions
from contactcenter.planning.asked import MOST_SEEDS, SEEDS, Asked, Change
from contactcenter.planning.table import table
from contactcenter.queue.rules import CHANNELS
from contactcenter.routing.demand import WAYS
from contactcenter.routing.staffing import ServiceLevel
from contactcenter.staffing import level
from contactcenter.terminal import Line, print_json

_DAYS = {"yesterday": -1, "today": 0, "tomorrow": 1}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""

    def add(*names: str, **more: Any) -> None:
        parser.add_argument(*names, **more)

    add("--agents", type=signed, default=0, metavar="N", help="so many more: +2; or fewer: -1")
    add("--skill", default="", help="those with this language, task or queue; without: all alike")
    add(
        "--day",
        type=_day,
        default=0,
        help="2026-11-25, yesterday, today or tomorrow (default today); days to come are foretold",
    )
    add("--queue", metavar="KEY", help="figures of this queue; all are simulated")
    add("--channel", choices=CHANNELS, help="figures of this channel")
    add(
        "--target",
        type=level,
        metavar="PERCENT/SECONDS",
        help="80/20: so many accepted within these seconds; without: as each queue is set",
    )
    add("--way", choices=WAYS, default="negative", help="how those who left in time count")
    add(
        "--seeds",
        type=signed,
        default=SEEDS,
        metavar="N",
        help=f"simulated days, 2 to {MOST_SEEDS} (default {SEEDS})",
    )
    add("--json", action="store_true", help="one JSON object")


async def run(settings: Settings, given: argparse.Namespace) -> int:
    """Answer on standard output; the exit code. Raises PlanError for what makes no sense."""
    target = None
    if given.target is not None:
        share, seconds = given.target
        target = ServiceLevel(share, seconds, given.way)
    asked = Asked(
        change=Change(given.agents, given.skill),
        day=given.day,
        queue=given.queue,
        channel=given.channel,
        target=target,
        seeds=given.seeds,
    )
    async with house_node(settings) as node:
        prepared = await actions.prepare(node.db, await actions.everybody(node.db), asked)
    shown = Line()
    found = actions.answer(prepared, lambda done, of: shown.over(f"simulated: {done} of {of} days"))
    shown.clear()
    if given.json:
        print_json(found)
    else:
        sys.stdout.write(table(found))
    return 0


def _day(text: str) -> date | int:
    if text in _DAYS:
        return _DAYS[text]
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no day: write it like 2026-11-25, or yesterday, today, tomorrow"
        ) from None
    if not 1971 <= found.year <= 9000:
        raise argparse.ArgumentTypeError(f"{text!r}: choose a day of this century")
    return found
