"""The answer of `contactcenter staffing` for a person at a terminal. Pure."""

from __future__ import annotations

from typing import Any

_MODEL = {"erlang_c": "nobody leaves (Erlang C)", "erlang_a": "patience {} s (Erlang A)"}
_WHY = {"target": "", "occupancy": ", for the occupancy's sake", "nothing": ": nothing comes"}


def table(answer: dict[str, Any]) -> str:
    """What was asked, what is needed, and a row for each number of agents around it; the needed
    one is marked."""
    rows = [_head(answer), *(_cells(row, answer["agents"]) for row in answer["rows"])]
    whole = [row for row in rows if len(row) == len(rows[0])]
    widths = [max(map(len, column)) for column in zip(*whole, strict=True)]
    return "\n".join([*_said(answer), "", *(_line(row, widths) for row in rows)]) + "\n"


def _said(answer: dict[str, Any]) -> list[str]:
    model = _MODEL[answer["model"]].format(_short(answer["patience_s"]))
    comes = f"{_short(answer['contacts'])} contacts in {_short(answer['per_s'] / 60)} min"
    roster = f", {answer['scheduled']} on the roster" if answer["shrinkage"] else ""
    return [
        f"load    {answer['load_erlangs']:.2f} erlangs: {comes}, {_short(answer['aht_s'])} s each;"
        f" {model}",
        f"target  {_target(answer)}",
        f"needed  {_agents(answer['agents'])}{roster}{_WHY[answer['decided_by']]}",
    ]


def _target(answer: dict[str, Any]) -> str:
    target = answer["target"]
    if "service_level" in target:
        said = f"{_percent(target['service_level'])} accepted within {_short(target['seconds'])} s"
    elif "asa_s" in target:
        said = f"a mean wait of at most {_short(target['asa_s'])} s"
    else:
        said = f"at most {_percent(target['abandonment'])} abandoned"
    if answer["max_occupancy"] < 1:
        said += f", busy at most {_percent(answer['max_occupancy'])} of the time"
    if answer["shrinkage"]:
        said += f"; shrinkage {_percent(answer['shrinkage'])}"
    return said


def _head(answer: dict[str, Any]) -> list[str]:
    levels = [row["service_level"] for row in answer["rows"] if row["stable"]]
    level = f"in {_short(levels[0]['seconds'])} s, {levels[0]['way']}" if levels else "in time"
    return ["", "agents", "roster", level, "ASA", "abandoned", "occupancy", "waiting"]


def _cells(row: dict[str, Any], needed: int) -> list[str]:
    cells = [">" if row["agents"] == needed else "", str(row["agents"]), str(row["scheduled"])]
    if not row["stable"]:
        return [*cells, f"unstable: the line would grow; at least {row['least_agents']}"]
    return [
        *cells,
        f"{row['service_level']['value']:.1%}",
        f"{row['asa_s']:.1f} s",
        f"{row['abandonment']:.1%}",
        f"{row['occupancy']:.1%}",
        f"{row['waiting']:.1f}",
    ]


def _line(cells: list[str], widths: list[int]) -> str:
    if len(cells) < len(widths):  # the last one says something, instead of figures
        start = [cell.rjust(width) for cell, width in zip(cells[:-1], widths, strict=False)]
        return "  ".join([*start, cells[-1]])
    return "  ".join(map(str.rjust, cells, widths)).rstrip()


def _agents(number: int) -> str:
    return "1 agent" if number == 1 else f"{number} agents"


def _percent(share: float) -> str:
    return f"{_short(100 * share)} %"


def _short(value: float | None) -> str:
    return f"{value:.10g}" if value is not None else ""
