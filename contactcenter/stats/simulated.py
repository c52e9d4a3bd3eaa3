"""The figures of simulated days, by the same functions as those of real ones. Pure.

A simulated day is one sample of what chance could have made of it, so a figure is the mean over
several (runs with other seeds), with its confidence interval by Student's t:
mean +- t(confidence, runs - 1) s / sqrt(runs).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import NormalDist, fmean, stdev

from contactcenter.routing.day import Coming, Fate, Run
from contactcenter.stats.rules import Counts, abandonment, asa_s, service_level


@dataclass(frozen=True, slots=True)
class Counted:
    """How waits are judged, and which contacts count: those who arrive from `since_us`, before
    `until_us`, and are `like` this. A warm-up is left out by its time."""

    service_level_s: float
    way: str = "negative"
    short_abandon_s: float = 0.0
    since_us: int = 0
    until_us: int | None = None
    like: Callable[[Coming], bool] | None = None


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean over runs, and the interval that holds the true mean with the confidence asked for;
    None for its ends where fewer than two runs have the figure."""

    mean: float
    low: float | None
    high: float | None
    runs: int


def counts(run: Run, how: Counted) -> Counts:
    """The counters of a run, by the names of stats/rules.py; `waiting`: who still waited at its
    end, and is in no other but `entered`."""
    found: Counts = Counter()
    for coming, fate in zip(run.comings, run.fates, strict=True):
        late = how.until_us is not None and coming.at_us >= how.until_us
        if late or coming.at_us < how.since_us or (how.like and not how.like(coming)):
            continue
        add(found, coming, fate, how)
    return found


def add(found: Counts, coming: Coming, fate: Fate, how: Counted) -> None:
    """Count one contact, whatever its time."""
    found["entered"] += 1
    if fate.accepted_us is not None:
        _accepted(found, fate.accepted_us - coming.at_us, coming.handle_us, how)
    elif fate.left_us is not None:
        _left(found, fate.left_us - coming.at_us, how)
    else:
        found["waiting"] += 1


def _accepted(found: Counts, wait_us: int, handle_us: int, how: Counted) -> None:
    found["accepted"] += 1
    found["wait_us"] += wait_us
    found["accepted_in"] += wait_us <= how.service_level_s * 1_000_000
    found["handled"] += 1
    found["handle_us"] += handle_us


def _left(found: Counts, wait_us: int, how: Counted) -> None:
    if wait_us <= how.short_abandon_s * 1_000_000:
        found["short_abandoned"] += 1
        return
    found["abandoned"] += 1
    found["abandoned_in"] += wait_us <= how.service_level_s * 1_000_000


def summary(
    runs: Iterable[Run], how: Counted, confidence: float = 0.95
) -> dict[str, Interval | None]:
    """`service_level`, `asa_s`, `abandonment`, `occupancy` and `waiting` (who still waited at the
    end), each with its interval; None where no run has it. Of each run only figures are kept, so
    any number of runs may be handed in one by one."""
    found: dict[str, list[float | None]] = {name: [] for name in _FIGURES}
    for run in runs:
        counted = counts(run, how)
        for name, figure in _FIGURES.items():
            found[name].append(figure(run, counted, how))
    return {name: interval(values, confidence) for name, values in found.items()}


_FIGURES: dict[str, Callable[[Run, Counts, Counted], float | None]] = {
    "service_level": lambda _, counted, how: service_level(counted, how.way),
    "asa_s": lambda _, counted, __: asa_s(counted),
    "abandonment": lambda _, counted, __: abandonment(counted),
    "occupancy": lambda run, _, __: run.occupancy,
    "waiting": lambda _, counted, __: float(counted["waiting"]),
}


def interval(values: Sequence[float | None], confidence: float = 0.95) -> Interval | None:
    """The mean of the values that are known, with its confidence interval."""
    known = [value for value in values if value is not None]
    if not known:
        return None
    mean = fmean(known)
    if len(known) < 2:
        return Interval(mean, None, None, len(known))
    reach = student(confidence, len(known) - 1) * stdev(known) / math.sqrt(len(known))
    return Interval(mean, mean - reach, mean + reach, len(known))


def student(confidence: float, freedom: int) -> float:
    """How many standard errors the interval reaches, by Student's t with `freedom` degrees of
    freedom from 1 on: exact for 1 and 2, else the expansion of Abramowitz and Stegun 26.7.5, which
    at 99 % is short by 0.8 % for 3, and by less than 0.1 % from 5 on."""
    upper = (1 + confidence) / 2
    if freedom == 1:
        return math.tan(math.pi * (upper - 0.5))
    if freedom == 2:
        return (2 * upper - 1) * math.sqrt(2 / (4 * upper * (1 - upper)))
    z, v = NormalDist().inv_cdf(upper), float(freedom)
    return (
        z
        + (z**3 + z) / (4 * v)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * v**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * v**3)
        + (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / (92160 * v**4)
    )
