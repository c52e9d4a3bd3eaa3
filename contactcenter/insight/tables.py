"""A headed table with bars, as pages and reports show it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from contactcenter.insight.words import Words


class Row(NamedTuple):
    """`bar`: its length, 0 to 1 of the longest; `to`: what to choose to see it, or the contacts
    behind it, alone."""

    label: str
    cells: tuple[str, ...]
    bar: float
    to: tuple[str, str] | None = None


class Table(NamedTuple):
    """`upright`: its bars stand beside each other, as of weeks and hours."""

    key: str
    title: str
    columns: tuple[str, ...]
    rows: list[Row]
    hint: str = ""
    upright: bool = False


Bar = tuple[str, int, tuple[str, str] | None]  # its label, how many, and as Row.to


def of_bars(key: str, found: Iterable[Bar], words: Words, *, upright: bool = False) -> Table:
    """How many of each, and which share of all of them that is."""
    bars = list(found)
    most, total = max((n for _, n, _ in bars), default=0), sum(n for _, n, _ in bars)
    rows = [
        Row(label, (words.number(n), words.percent(n / total if total else None)), n / most, to)
        for label, n, to in bars
        if most
    ]
    return headed(key, rows, words, upright=upright)


def headed(key: str, rows: list[Row], words: Words, *, upright: bool = False) -> Table:
    """Rows of a number and a share, under the texts that the catalogue has by the key."""
    first, second = words.t(f"first.{key}"), words.t(f"counted.{key}")
    columns = (first, second, words.t("column.share"))
    return Table(key, words.t(f"table.{key}"), columns, rows, words.t(f"hint.{key}"), upright)


def of_columns(key: str, columns: Iterable[str], rows: list[Row], words: Words) -> Table:
    """Rows under columns, by the names of these."""
    named = tuple(words.t(f"column.{name}") for name in columns)
    return Table(key, words.t(f"table.{key}"), named, rows, words.t(f"hint.{key}"))
