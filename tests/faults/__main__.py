"""`python -m tests.faults [--seed N] [--all | --list | NAMES]`: one JSON object a line for each
fault, after a control without one, and for three wrong builds. Exit 1 where an invariant broke
or a wrong build was not caught; 130 where it was told to stop (SIGINT, SIGTERM), with the house
taken down all the same."""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import signal
import sys
import time
import traceback
from pathlib import Path
from typing import Any

import uvloop

from tests.faults.folders import CantMount, clear_away
from tests.faults.house import House
from tests.faults.houses import Houses
from tests.faults.ledger import Ledger
from tests.faults.machine import patience
from tests.faults.matrix import BUILDS, CONTROL, MATRIX, SMOKE, Fault, Play
from tests.faults.stage import Stage, begin_at, verdict_of
from tests.faults.table import table
from tests.faults.verdict import Verdict

FAULT_S = 240.0
MOST_SHOWN = 12
STOPPED = 130


def main() -> int:
    """Run them; the exit code."""
    given = _parser().parse_args()
    if given.list:
        for name, fault in MATRIX.items():
            why = "" if fault.play else f": not played, {fault.why}"
            sys.stdout.write(f"{name}  {fault.what}{why}\n")
        return 0
    unknown = set(given.names) - MATRIX.keys()
    if unknown:
        sys.stderr.write(f"no fault named {' '.join(sorted(unknown))}; --list shows them\n")
        return 2
    names = (
        [n for n in MATRIX if MATRIX[n].play]
        if given.all
        else given.names or [n for n in SMOKE if MATRIX[n].play]
    )
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    clear_away()
    try:
        return 0 if uvloop.run(_run(names, given)) else 1
    except asyncio.CancelledError:
        sys.stderr.write("stopped; the house is taken down\n")
        return STOPPED


async def _run(names: list[str], given: argparse.Namespace) -> bool:
    """Whether all went as it must. Those that want a house of their own come last, so that all the
    others share one."""
    _stop_when_told()
    for name in [name for name in names if MATRIX[name].play is None]:
        sys.stderr.write(f"{name} is not played: {MATRIX[name].why}\n")
    played = [(name, MATRIX[name]) for name in names if MATRIX[name].play is not None]
    if not given.alone:
        played.insert(0, ("control", CONTROL))
    well, lines = True, list[dict[str, Any]]()
    async with Houses(given.keep) as houses:
        well &= await _faults(houses, [one for one in played if not one[1].house], given, lines)
        if not given.alone:
            well &= await _catch(houses, given, lines)
        well &= await _faults(houses, [one for one in played if one[1].house], given, lines)
    if given.table:
        sys.stdout.write(f"\n{table(lines)}")
    return well


async def _faults(
    houses: Houses,
    faults: list[tuple[str, Fault]],
    given: argparse.Namespace,
    lines: list[dict[str, Any]],
) -> bool:
    """Whether all of these went as they must."""
    well = True
    for name, fault in [one for one in faults for _ in range(given.times)]:
        verdict = await _in_house(houses, name, fault, given)
        if verdict is None:
            continue
        given.seed += 1 if given.times > 1 else 0
        well &= not verdict.problems
        lines.append(_say(name, verdict, None))
        if verdict.problems or fault.house is not None:
            await houses.leave()
    return well


def _stop_when_told() -> None:
    """What was begun is taken down, and whoever is in a hurry may kill us: the next run clears
    away."""
    task = asyncio.current_task()
    assert task is not None
    told = False

    def stop() -> None:
        nonlocal told
        if not told:
            task.cancel()
        told = True

    for one in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(one, stop)


async def _catch(houses: Houses, given: argparse.Namespace, lines: list[dict[str, Any]]) -> bool:
    """Whether each wrong build is caught."""
    well = True
    house = await houses.for_(CONTROL)
    await house.remove_node(house.nodes[0])
    for name, play in BUILDS.items():
        await house.add_node(sabotage=name)
        verdict = await _play(house, name, play, FAULT_S, given)
        caught = bool(verdict.lost or verdict.doubled)
        well &= caught
        lines.append(_say(name, verdict, caught))
        await house.nodes[0].kill()
        house.forget(house.nodes[0])
    return well


async def _in_house(
    houses: Houses, name: str, fault: Fault, given: argparse.Namespace
) -> Verdict | None:
    """One fault in its house, which may be what can't be had; None where this machine gives none,
    which is said."""
    assert fault.play is not None
    began = time.monotonic()
    try:
        house = await houses.for_(fault)
    except CantMount as why:
        sys.stderr.write(f"{name} is not played: {why}\n")
        return None
    except Exception:
        return Verdict(broken=[traceback.format_exc()])
    verdict = await _play(house, name, fault.play, fault.most_s or FAULT_S, given)
    verdict.took_s = time.monotonic() - began
    return verdict


async def _play(
    house: House, name: str, play: Play, most_s: float, given: argparse.Namespace
) -> Verdict:
    """One fault. What the checker itself could not do is a problem, too."""
    began = time.monotonic()
    folder = given.keep or house.folder
    folder.mkdir(parents=True, exist_ok=True)
    ledger = Ledger(folder / f"{name}.{int(time.time())}.jsonl")
    stage = Stage(house, ledger, given.seed, given.load)
    since = await begin_at()
    try:
        async with asyncio.timeout(most_s * patience()):
            await play(stage)
            verdict = await verdict_of(stage, since)
    except Exception:
        verdict = Verdict(broken=[traceback.format_exc()])
    finally:
        ledger.close()
    verdict.took_s, verdict.patience = time.monotonic() - began, patience(began)
    return verdict


def _say(name: str, verdict: Verdict, caught: bool | None) -> dict[str, Any]:
    line: dict[str, Any] = {
        "fault": name,
        "accepted": verdict.accepted,
        "lost": len(verdict.lost),
        "doubled": len(verdict.doubled),
        "misowned": len(verdict.misowned),
        "overtaken": len(verdict.overtaken),
        "recovery_s": None if verdict.recovery_s is None else round(verdict.recovery_s, 2),
        "caught": caught,
        "took_s": round(verdict.took_s, 1),
        "patience": round(verdict.patience, 1),
    }
    if verdict.problems and caught is None:
        line["problems"] = verdict.problems[:MOST_SHOWN]
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()
    return line


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="F01", help="none: the smoke tier")
    parser.add_argument("--all", action="store_true", help="every fault that is played")
    parser.add_argument("--list", action="store_true", help="what there is, and what is not played")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="of all that is by chance")
    parser.add_argument(
        "--load", type=float, default=1.0, metavar="F", help="a share of the crowd, 0.1 to 1"
    )
    parser.add_argument("--times", type=int, default=1, metavar="N", help="each so often, by seeds")
    parser.add_argument("--alone", action="store_true", help="no control and no wrong builds")
    parser.add_argument("--table", action="store_true", help="a table in the end, in Markdown")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep the ledgers there")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
