"""A report as a table for a person at a terminal. Pure."""

from __future__ import annotations

from typing import Any

_HEAD = ("queue", "channel", "entered", "accepted", "abandoned", "short", "service level", "ASA",
         "AHT", "handled", "promises kept")  # fmt: skip
_LEFT = 2  # so many columns hold words


def table(report: dict[str, Any]) -> str:
    """Lines with a total; of a report by intervals one table each."""
    title = f"{report['from'] or 'several zones'} to {report['to'] or 'several zones'}\n"
    if "intervals" not in report:
        return title + _table(report) + _declined(report["declined"])
    parts = [f"\n{part['from']}\n{_table(part)}" for part in report["intervals"]]
    return title + "".join(parts)


def _table(part: dict[str, Any]) -> str:
    rows = [_row(row) for row in part["queues"]]
    rows = [list(_HEAD), *rows, _row({"queue": "total", "channel": ""} | part["total"])]
    widths = [max(len(row[n]) for row in rows) for n in range(len(_HEAD))]
    return "".join(_line(row, widths) + "\n" for row in rows)


def _declined(rows: list[dict[str, Any]]) -> str:
    """The reasons for which offers were declined."""
    said = [f"{r['queue']}, {r['channel']}: {r['reason'] or 'no reason'} {r['n']}" for r in rows]
    return "".join(f"declined  {one}\n" for one in said)


def _line(row: list[str], widths: list[int]) -> str:
    cells = zip(row, widths, strict=True)
    set_ = [c.ljust(w) if n < _LEFT else c.rjust(w) for n, (c, w) in enumerate(cells)]
    return "  ".join(set_).rstrip()


def _row(row: dict[str, Any]) -> list[str]:
    numbers = [row[n] for n in ("entered", "accepted", "abandoned", "short_abandoned")]
    kept = f"{row['kept']} of {row['promises']}" if row["promises"] else "-"
    return [
        row["queue"],
        row["channel"],
        *map(str, numbers),
        _level(row["service_level"]),
        _seconds(row["asa_s"]),
        _seconds(row["aht_s"]),
        str(row["handled"]),
        kept,
    ]


def _level(level: dict[str, Any]) -> str:
    """The share beside its seconds and way: without them it says nothing."""
    if level["value"] is None:
        return "-"
    seconds = "each queue's" if level["seconds"] is None else f"{level['seconds']} s"
    return f"{level['value']:.1%} in {seconds}, {level['way']}"


def _seconds(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f} s"
