"""How what was counted is told without telling of anybody: small count rounding. Pure.

A cell is small where it is of fewer than five persons (CU-8). Only the innermost cells are rounded,
each small one to none or to five; whatever is shown is a sum of these. So every figure, and every
difference of two filters, which are sums of innermost cells as well, is none or made of cells of
five persons or more and of rounded ones, of which nobody can tell what they were. Rounding each
shown figure by itself would not do: two filters could be subtracted. Leaving small cells out would
not do either: in a city of 60 services hardly a Swedish chat would be left.

Which small ones become five is chosen so that sums come near the truth (Langsrud and Heldal: An
Algorithm for Small Count Rounding of Tabular Data, Privacy in Statistical Databases, 2018; the
method of Statistics Norway). Theirs searches; ours goes through the cells once, in order, and takes
what leaves the sums so far with the smaller error.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

LEAST = 5
Key = tuple[str, ...]


class Cell(NamedTuple):
    """`key`: what it is of, one word a dimension; `n` of what is counted, by `persons`."""

    key: Key
    n: int
    persons: int


def rounded(cells: Iterable[Cell], behind: Mapping[Key, int] | None = None) -> dict[Key, int]:
    """What is told of each: its own n where five persons or more are in it. `behind`: by how much
    what was told of keys lately was too little; else two a week would be none for ever."""
    told: dict[Key, int] = {}
    off: defaultdict[tuple[int, str], float] = defaultdict(float)  # sum of true minus told, by side
    for key, less in (behind or {}).items():
        for side in (*enumerate(key), (-1, "")):
            off[side] += less
    for side in off:
        off[side] = max(-LEAST, min(LEAST, off[side]))
    for cell in sorted(cells):
        if cell.persons >= LEAST:
            told[cell.key] = cell.n
            continue
        n = min(cell.n, LEAST)  # somebody who rings forty times moves no sum by forty
        sides = [*enumerate(cell.key), (-1, "")]
        value = min((0, LEAST), key=lambda one: sum((off[side] + n - one) ** 2 for side in sides))
        for side in sides:
            off[side] += n - value
        told[cell.key] = value
    return told


def parted(
    parts: Iterable[Cell], totals: Mapping[str, int], behind: Mapping[Key, int] | None = None
) -> dict[Key, int]:
    """Parts of what is told elsewhere: keys are (whole, part), and what is told of the parts of a
    whole adds up to what was told of it. Else a small part would be the whole without the rest.
    `behind`: as of rounded."""
    cells = sorted(parts)
    near = rounded(cells, behind)
    told: dict[Key, int] = {}
    short: defaultdict[str, int] = defaultdict(int)  # by part, true minus told so far
    for whole, group in groupby(cells, key=lambda cell: cell.key[0]):
        of = list(group)
        lacks = [short[cell.key[1]] + cell.n - near[cell.key] for cell in of]
        values = fitted([near[cell.key] for cell in of], totals.get(whole, 0), lacks)
        for cell, n in zip(of, values, strict=True):
            told[cell.key] = n
            short[cell.key[1]] += cell.n - n
    return told


def together(
    cells: Iterable[Cell], total: int, behind: Mapping[Key, int] | None = None
) -> dict[Key, int]:
    """Cells that add up to what is told elsewhere of all of them. `behind`: as of rounded."""
    of, owed = sorted(cells), behind or {}
    if not of:
        return {}
    near = rounded(of, behind)
    lacks = [owed.get(cell.key, 0) + cell.n - near[cell.key] for cell in of]
    values = fitted([near[cell.key] for cell in of], total, lacks)
    return {cell.key: n for cell, n in zip(of, values, strict=True)}


def fitted(parts: Sequence[int], total: int, lacks: Sequence[int] = ()) -> list[int]:
    """Parts that add up to the total, each none or five and more, as is the total. By fives that
    part gains which `lacks` most by now, and that loses which lacks least; else the small ones
    would always lose. The largest takes up what is left; where it is too small for that, the
    smallest go first."""
    values, lack = list(parts), list(lacks or [0] * len(parts))
    while abs(over := sum(values) - total) >= LEAST:
        step = -LEAST if over > 0 else LEAST
        can = [i for i, n in enumerate(values) if n + step == 0 or n + step >= LEAST]
        if not can:
            break
        chosen = max(can, key=lambda i: (lack[i] * step, values[i], i))
        values[chosen] += step
        lack[chosen] -= step
    order = sorted(range(len(values)), key=lambda i: (values[i], lack[i], i))
    largest = order[-1]
    for smallest in order[:-1]:
        over = sum(values) - total
        if values[largest] - over >= LEAST or (over == values[largest] and total == 0):
            break
        values[smallest] = 0
    values[largest] += total - sum(values)
    return values


def corrected(before: int, now: int) -> int:
    """What is told of a cell a second time, when late things are known: as before, or five, ten,
    fifteen more or fewer; so who kept what was told before learns of nobody either."""
    if before == now:
        return before
    steps = round((now - before) / LEAST)
    value = before + LEAST * steps
    while value != 0 and value < LEAST:
        value += LEAST
    return value
