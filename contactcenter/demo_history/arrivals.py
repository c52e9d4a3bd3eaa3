"""When citizens turn to a city: over the day, over the week, and in bursts. Pure, seeded.

The day's shape and the over-dispersion are those of a bank's calls on working days of 1999, as
published in aggregate: sixteen half hours from 08:00, the variance of a half hour's count 3.8
times its mean at 10:00. A pure Poisson stream, whose variance is its mean, is too kind to whoever
answers.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

from contactcenter.queue.hours import holiday
from contactcenter.routing.chance import burst

HALF_HOUR_S = 1800.0
FIRST_S = 8 * 3600.0  # the profile begins at 08:00
SHARES = (
    0.0380, 0.0540, 0.0590, 0.0711, 0.0761, 0.0723, 0.0661, 0.0634,
    0.0596, 0.0570, 0.0602, 0.0626, 0.0656, 0.0646, 0.0649, 0.0654,
)  # fmt: skip
DISPERSION = 3.8
PER_DAY = 350
MONDAY = 1.3  # of the working week's mean; the other days share the rest evenly
SLICE, SLICE_S = 27, (5.0, 60.0)  # as many as in the half hour at 10:00, within these seconds


def is_working_day(day: date) -> bool:
    """Monday to Friday, no Finnish holiday and no eve on which offices are closed."""
    return day.isoweekday() <= 5 and holiday(day) is None


def mean_of(day: date, per_day: float = PER_DAY) -> float:
    """How many to expect on a working day, where `per_day` is the working week's mean."""
    return per_day * (MONDAY if day.isoweekday() == 1 else (5 - MONDAY) / 4)


def half_hours(rng: random.Random, day: date, per_day: float = PER_DAY) -> list[int]:
    """How many come in each of the sixteen half hours; none on a day that is closed."""
    if not is_working_day(day):
        return [0] * len(SHARES)
    return [burst(rng, mean_of(day, per_day) * share, DISPERSION) for share in SHARES]


def moments(rng: random.Random, counts: Sequence[int]) -> list[float]:
    """Seconds from the day's midnight at which they come, in order."""
    return sorted(
        FIRST_S + (n + rng.random()) * HALF_HOUR_S
        for n, count in enumerate(counts)
        for _ in range(count)
    )


def stream(
    rng: random.Random, rate: float, seconds: float, *, profile: bool = False
) -> Iterator[float]:
    """Seconds from now at which they come, in order: `rate` a second on average for `seconds`, in
    bursts; `profile`: with the day's shape, pressed into that time."""
    at, slice_s = 0.0, min(max(SLICE / rate, SLICE_S[0]), SLICE_S[1])
    while at < seconds:
        width = min(slice_s, seconds - at)
        mean = rate * width * (_weight((at + width / 2) / seconds) if profile else 1.0)
        yield from sorted(at + rng.random() * width for _ in range(burst(rng, mean, DISPERSION)))
        at += width


def _weight(part: float) -> float:
    """The day's shape at a part of it, 1 on average, in straight lines between half hours."""
    place = part * len(SHARES) - 0.5
    padded = (SHARES[0], *SHARES, SHARES[-1])
    before, after = list(pairwise(padded))[min(int(place + 1), len(SHARES))]
    return len(SHARES) * (before + (after - before) * ((place + 1) % 1)) / sum(SHARES)
