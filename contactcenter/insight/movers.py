"""Which services are turned to more or less than before: a week beside the weeks before. Pure.

Contacts are more uneven than chance alone makes them (Brown et al., Statistical Analysis of a
Telephone Call Center, JASA 100, 2005), so their number is taken as negative binomial: variance
m + a m^2 at a mean m, with one `a` for all services of an organisation, since eight weeks of one
say little about it (as Robinson and Smyth, Biostatistics 9, 2008, for counts of few samples). A
service's interval is the exact one for the ratio of two Poisson rates (Przyborowski and Wilenski,
Biometrika 31, 1940) with mid-P values (Lancaster, JASA 56, 1961), of counts divided by that
dispersion.

Who looks at 500 services finds some that seem to move. So the services told are those that
Benjamini and Hochberg (JRSS B 57, 1995) pick at 5 per cent, and their intervals are widened by as
many as were picked (Benjamini and Yekutieli, JASA 100, 2005). Where nothing has changed, at most
one week in twenty tells of any.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import exp, lgamma, log
from typing import NamedTuple

ALARMS = 0.05
WEEKS, FEWEST_WEEKS = 8, 4  # before; with fewer, nothing is told
FEWEST = 5.0  # a week on average, or now
_ROUNDING = 2.0  # what telling adds to a week's variance: about a small cell or two (telling.py)


class Mover(NamedTuple):
    """`now` beside `usual`, the mean of the weeks before; their ratio, and between what it lies."""

    key: str
    now: int
    usual: float
    ratio: float
    low: float
    high: float


def movers(weeks: Mapping[str, Sequence[int]]) -> list[Mover]:
    """By service the contacts of each week, last week at the end, all of as many weeks. Those that
    moved, the surest first."""
    judged = {key: of for key, of in weeks.items() if _enough(of)}
    if not judged:
        return []
    uneven = dispersion([of[:-1] for of in judged.values()])
    sure = sorted((_doubt(of, uneven), key) for key, of in judged.items())
    picked = [i for i, (p, _) in enumerate(sure, 1) if p <= ALARMS * i / len(sure)]
    count = max(picked, default=0)
    level = 1 - ALARMS * count / len(sure)
    return [_told(key, judged[key], uneven, level) for _, key in sure[:count]]


def _enough(weeks: Sequence[int]) -> bool:
    before = weeks[:-1]
    return len(before) >= FEWEST_WEEKS and (
        sum(before) / len(before) >= FEWEST or (weeks[-1] >= FEWEST and sum(before) > 0)
    )


def dispersion(series: Sequence[Sequence[int]]) -> float:
    """The `a` of variance m + a m^2, by moments, from all series together; 0 and more."""
    over = squares = 0.0
    for weeks in series:
        mean = sum(weeks) / len(weeks)
        variance = sum((n - mean) ** 2 for n in weeks) / (len(weeks) - 1)
        over += variance - mean
        squares += mean * mean - variance / len(weeks)  # without bias: E(mean^2) has it
    return max(0.0, over / squares) if squares > 0 else 0.0


def _scaled(weeks: Sequence[int], uneven: float) -> tuple[float, float, float]:
    """Now and before, as counts that chance alone would leave as uneven; and the share of now that
    is expected."""
    mean = sum(weeks) / len(weeks)
    factor = 1 + uneven * mean + _ROUNDING / mean
    return weeks[-1] / factor, sum(weeks[:-1]) / factor, 1 / len(weeks)


def _doubt(weeks: Sequence[int], uneven: float) -> float:
    """How likely it is that nothing moved and yet this is seen (two-sided)."""
    now, before, share = _scaled(weeks, uneven)
    more = _beyond(share, now, before)
    return min(1.0, 2 * min(more, 1 - more))


def _beyond(share: float, now: float, before: float) -> float:
    """How likely `now` or more is where that share of all belongs to it: the mean of with and
    without what was seen itself (mid-P), since the counts are no whole ones any more."""
    seen = below(share, now, before + 1) if now > 0 else 1.0
    return (seen + (below(share, now + 1, before) if before > 0 else 0.0)) / 2


def _told(key: str, weeks: Sequence[int], uneven: float, level: float) -> Mover:
    now, before, _ = _scaled(weeks, uneven)
    tail, count = (1 - level) / 2, len(weeks) - 1
    low = _root(now, before, tail) if now > 0 else 0.0
    high = _root(now, before, 1 - tail) if before > 0 else 1.0
    usual = sum(weeks[:-1]) / count
    ratios = (count * share / max(1e-9, 1 - share) for share in (low, high))
    return Mover(key, weeks[-1], usual, weeks[-1] / usual, *ratios)


def _root(now: float, before: float, likely: float) -> float:
    """The share at which `now` or more is as `likely` as that: Newton's steps, and the middle of
    what is known where one leads out of it (Numerical Recipes 9.4). In a holiday week all services
    move, and each step takes two of `below`."""
    low, high, share = 0.0, 1.0, (now + 1) / (now + before + 2)
    for _ in range(60):
        off = _beyond(share, now, before) - likely
        low, high = (share, high) if off < 0 else (low, share)
        rise = _rise(share, now, before)
        step = share - off / rise if rise > 0 else low
        last, share = share, step if low < step < high else (low + high) / 2
        if abs(share - last) < 1e-9 * share:
            break  # the last step made it as exact as numbers are
    return share


def _rise(share: float, now: float, before: float) -> float:
    """How fast `_beyond` grows with the share."""
    seen = density(share, now, before + 1) if now > 0 else 0.0
    return (seen + (density(share, now + 1, before) if before > 0 else 0.0)) / 2


def density(x: float, a: float, b: float) -> float:
    """Of Beta(a, b), for x within (0, 1): how fast `below` grows."""
    return exp(lgamma(a + b) - lgamma(a) - lgamma(b) + (a - 1) * log(x) + (b - 1) * log(1 - x))


def below(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function: how likely Beta(a, b) lies below x (Lentz's
    continued fraction, Numerical Recipes 6.4)."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        return 1 - below(1 - x, b, a)
    front = density(x, a, b) * x * (1 - x) / a
    tiny = 1e-300
    c, d, value = 1.0, 1 / (1 - (a + b) * x / (a + 1) or tiny), 0.0
    value = d
    for m in range(1, 1000):
        for top in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 / (1 + top * d or tiny)
            c = 1 + top / c or tiny
            value *= c * d
        if abs(c * d - 1) < 1e-12:
            break
    return front * value
