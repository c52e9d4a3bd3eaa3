"""`contactcenter staffing`: how many agents a target needs, and what some more or fewer would
reach. Nothing is read or stored, and no server is asked.
"""

from __future__ import annotations

import argparse
import re
import sys
from dataclasses import dataclass
from typing import Any

import msgspec

from contactcenter.arguments import signed
from contactcenter.routing.demand import (
    MOST_AGENTS,
    WAYS,
    Demand,
    Unstable,
    Way,
    whole_agents,
)
from contactcenter.routing.staffing import (
    Abandonment,
    MeanWait,
    Rules,
    ServiceLevel,
    Target,
    needed,
    reached,
    within_s,
)
from contactcenter.routing.staffing_table import table

AROUND = 3  # so many fewer and more are shown
_UNITS = {"": 1, "s": 1, "min": 60, "h": 3600}
_NUMBER = r"(\d{1,9}(?:\.\d{1,9})?)"
_TIME = re.compile(rf"{_NUMBER} ?(s|min|h|)", re.ASCII)
_LEVEL = re.compile(rf"{_NUMBER}(?: ?%)? ?/ ?{_NUMBER}(?: ?s)?", re.ASCII)
_SHARE = re.compile(rf"{_NUMBER}(?: ?%)?", re.ASCII)


@dataclass(frozen=True)
class Asked:
    """What the command line says. `around`: show what so many reach, instead of the number that is
    needed."""

    demand: Demand
    target: Target
    rules: Rules
    way: Way = "negative"
    around: int | None = None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""

    def add(*names: str, **more: Any) -> None:
        parser.add_argument(*names, **more)

    add("--contacts", "--calls", type=_number, required=True, metavar="N", help="how many come")
    add("--per", type=_period, default=1800.0, metavar="TIME", help="in this time (default 30min)")
    add("--aht", type=_time, required=True, metavar="TIME", help="mean handling time: 180 or 3min")
    add("--patience", type=_time, metavar="TIME", help="mean time after which who waits leaves")
    targets = parser.add_mutually_exclusive_group()
    targets.add_argument(
        "--target",
        type=level,
        default=(0.8, 20.0),
        metavar="PERCENT/SECONDS",
        help="so many accepted within these seconds (default 80/20)",
    )
    targets.add_argument("--asa", type=_time, metavar="TIME", help="or a mean wait of at most this")
    targets.add_argument(
        "--abandonment", type=share_of, metavar="PERCENT", help="or at most so many leave"
    )
    add("--way", choices=WAYS, default="negative", help="how those who left in time count")
    add(
        "--max-occupancy",
        type=share_of,
        default=1.0,
        metavar="PERCENT",
        help="busy at most so much",
    )
    add("--shrinkage", type=share_of, default=0.0, metavar="PERCENT", help="of paid time not there")
    add("--agents", type=signed, metavar="N", help="show what about so many reach")
    add("--json", action="store_true", help="one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Answer on standard output; the exit code. Raises PlanError for what makes no sense."""
    answer = staffing(_asked(arguments))
    if arguments.json:
        sys.stdout.buffer.write(msgspec.json.encode(answer) + b"\n")
        sys.stdout.buffer.flush()
    else:
        sys.stdout.write(table(answer))
    return 0


def _asked(given: argparse.Namespace) -> Asked:
    share, seconds = given.target
    target: Target = ServiceLevel(share, seconds, given.way)
    if given.asa is not None:
        target = MeanWait(given.asa)
    if given.abandonment is not None:
        target = Abandonment(given.abandonment)
    demand = Demand(given.contacts, given.per, given.aht, given.patience)
    rules = Rules(given.max_occupancy, given.shrinkage)
    return Asked(demand, target, rules, given.way, given.agents)


def staffing(asked: Asked) -> dict[str, Any]:
    """The answer as `--json` prints it. Raises PlanError."""
    demand = asked.demand
    need = needed(demand, asked.target, asked.rules)
    middle = max(1, need.agents) if asked.around is None else whole_agents(asked.around, least=1)
    rows = range(max(1, middle - AROUND), min(middle + AROUND, MOST_AGENTS) + 1)
    return {
        "model": "erlang_c" if demand.patience_s is None else "erlang_a",
        "contacts": demand.contacts,
        "per_s": demand.per_s,
        "aht_s": demand.aht_s,
        "patience_s": demand.patience_s,
        "load_erlangs": demand.load,
        "target": _target(asked.target),
        "max_occupancy": asked.rules.max_occupancy,
        "shrinkage": asked.rules.shrinkage,
        "agents": need.agents,
        "scheduled": need.scheduled,
        "decided_by": need.by,
        "figures": _row(asked, need.agents) if need.agents else None,
        "rows": [_row(asked, agents) for agents in rows],
    }


def _target(target: Target) -> dict[str, Any]:
    if isinstance(target, ServiceLevel):
        return {"service_level": target.share, "seconds": target.seconds, "way": target.way}
    if isinstance(target, MeanWait):
        return {"asa_s": target.seconds}
    return {"abandonment": target.share}


def _row(asked: Asked, agents: int) -> dict[str, Any]:
    """What so many agents reach. Of an unstable line nothing is known but that it is."""
    seconds = within_s(asked.target)
    found = reached(asked.demand, agents, seconds)
    row = {"agents": agents, "scheduled": asked.rules.scheduled(agents)}
    if isinstance(found, Unstable):
        return row | {"stable": False, "least_agents": found.least}
    level = {"value": found.service_level(asked.way), "seconds": seconds, "way": asked.way}
    return row | {
        "stable": True,
        "service_level": level,
        "must_wait": found.must_wait,
        "asa_s": found.asa_s,
        "abandonment": found.abandonment,
        "occupancy": found.occupancy,
        "waiting": found.waiting,
    }


# ---------------------------------------------------------------- what people write


def _read(pattern: re.Pattern[str], text: str, like: str) -> re.Match[str]:
    found = pattern.fullmatch(text.strip())
    if found is None:
        raise argparse.ArgumentTypeError(f"{text!r}: write it like {like}")
    return found


def _number(text: str) -> float:
    return float(_read(re.compile(_NUMBER), text, "100")[1])


def _time(text: str) -> float:
    """Seconds: "180", "180s", "3min", "0.5h"."""
    found = _read(_TIME, text, "180 (seconds), 3min or 1h")
    return float(found[1]) * _UNITS[found[2]]


def _period(text: str) -> float:
    """Seconds; the unit must stand there: a period of "30" is hardly meant as seconds."""
    found = _read(_TIME, text, "30min, 1h or 900s")
    if not found[2]:
        raise argparse.ArgumentTypeError(f"{text!r}: with its unit, like {text}min")
    return float(found[1]) * _UNITS[found[2]]


def share_of(text: str) -> float:
    """0 to 1 from "30" or "30%"."""
    return float(_read(_SHARE, text, "30 or 30%")[1]) / 100


def level(text: str) -> tuple[float, float]:
    """(share, seconds) from "80/20"."""
    found = _read(_LEVEL, text, "80/20: 80 % within 20 seconds")
    return float(found[1]) / 100, float(found[2])
