"""The answer of `contactcenter whatif` for a person at a terminal. Pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

_NAMES = {
    "service_level": "service level",
    "asa_s": "ASA",
    "abandonment": "abandoned",
    "occupancy": "occupancy",
    "waiting": "waiting at the end",
}
_SHARES = ("service_level", "abandonment", "occupancy")
_MET = {"yes": "is met", "no": "is missed", "unsure": "may be met: give more --seeds"}


def table(answer: dict[str, Any]) -> str:
    """What was asked, the figures before and after with their intervals, and the half hours."""
    return "\n".join([*_said(answer), "", *_figures(answer), "", *_half_hours(answer)]) + "\n"


def _said(answer: dict[str, Any]) -> list[str]:
    agents, skill = answer["agents"], answer["skill"]
    change = f"{agents:+d} agents" if agents else "nothing changed"
    if skill:
        change += f" with {skill}"
    of = [answer[name] for name in ("queue", "channel") if answer[name]]
    lines = [
        f"day     {answer['day']}, {answer['when']}; {answer['seeds']} simulated days,"
        f" intervals of {answer['confidence']:.0%}" + (f"; of {', '.join(of)}" if of else ""),
        f"change  {change}",
    ]
    if (target := answer["target"]) is not None:
        met = f"; with the change it {_MET[answer['met']]}" if answer["met"] else ""
        share, seconds = 100 * target["service_level"], target["seconds"]
        lines.append(f"target  {share:g} % accepted within {seconds:g} s{met}")
    if answer["shifts_of"]:
        lines.append(f"shifts  as on {answer['shifts_of']}")
    if (told := answer["forecast"]) is not None:
        lines.append(
            f"comes   {told['contacts']:.0f} foretold by {told['days']} days{_error(told)}"
        )
    return lines


def _error(told: dict[str, Any]) -> str:
    if told["wape"] is None:
        return ", its error unknown"
    return f", of 100 {100 * told['wape']:.0f} in the wrong half hour"


def _figures(answer: dict[str, Any]) -> list[str]:
    rows = [["", "counted", "simulated", "", "with the change", "", "difference", ""]]
    counted = answer["counted"] or {}
    for name, word in _NAMES.items():
        cells = [word, _value(name, counted.get(name))]
        for side in ("before", "after", "difference"):
            cells += _interval(
                name, answer[side][name], _change if side == "difference" else _value
            )
        rows.append(cells)
    return [*_aligned(rows), "points: percentage points, so 5 more than 80 % are 85 %"]


def _half_hours(answer: dict[str, Any]) -> list[str]:
    zone = ZoneInfo(answer["zone"])
    rows = [["from", "contacts", "agents", "needed", "service level", "", "with the change", ""]]
    for one in answer["intervals"]:
        at = datetime.fromisoformat(one["from"]).astimezone(zone)
        rows.append(
            [
                f"{at:%H:%M}",
                f"{one['entered']:.1f}",
                f"{one['agents']['before']:.1f}",
                "" if one["needed"] is None else str(one["needed"]),
                *_interval("service_level", one["before"]["service_level"]),
                *_interval("service_level", one["after"]["service_level"]),
            ]
        )
    return _aligned(rows)


def _value(name: str, value: float | None) -> str:
    if value is None:
        return "-"
    if name in _SHARES:
        return f"{value:.1%}"
    return f"{value:.1f} s" if name.endswith("_s") else f"{value:.1f}"


def _change(name: str, value: float) -> str:
    """A difference; of two shares in percentage points."""
    if name in _SHARES:
        return f"{100 * value:+.1f} points"
    return f"{value:+.1f} s" if name.endswith("_s") else f"{value:+.1f}"


def _interval(
    name: str, found: dict[str, Any] | None, say: Callable[[str, float], str] = _value
) -> list[str]:
    if found is None:
        return ["-", ""]
    if found["low"] is None:
        return [say(name, found["mean"]), ""]
    return [say(name, found["mean"]), f"{say(name, found['low'])} to {say(name, found['high'])}"]


def _aligned(rows: list[list[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]).rstrip()
        for row in rows
    ]
