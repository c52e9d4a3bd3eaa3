"""Rounds, medians, and the line that is printed."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from statistics import median

ROUNDS = 5


@dataclass(frozen=True)
class Sample:
    """One round: the product's value and the floor's, measured one after the other."""

    value: float
    floor: float


@dataclass(frozen=True)
class Known:
    """The floor as measured before on such a machine; bigger is better for rates."""

    floor: float
    rate: bool


def report(name: str, unit: str, samples: list[Sample], known: Known | None = None) -> None:
    """Print one JSON object: medians over the rounds. Where the floor itself is 40 % worse than
    known, the line says so: the machine was slow or busy, look at the ratio only."""
    value = median(sample.value for sample in samples)
    floor = median(sample.floor for sample in samples)
    line = {
        "name": name,
        "value": _short(value),
        "unit": unit,
        "floor": _short(floor),
        "ratio": _short(value / floor),
        "rounds": len(samples),
    }
    if known is not None:
        worse = floor < 0.6 * known.floor if known.rate else floor > known.floor / 0.6
        if worse:
            line["note"] = f"floor 40 % worse than the known {known.floor} {unit}"
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def quantile(values: list[float], share: float) -> float:
    """The smallest value that at least this share of the values does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def _short(number: float) -> float:
    return float(f"{number:.4g}")


async def collect(rounds: AsyncIterator[Sample]) -> list[Sample]:
    """All samples of a bench."""
    return [sample async for sample in rounds]
