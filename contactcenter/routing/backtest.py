"""How wrong the forecast is: each of the last weeks, foretold from what came before it. Pure.

WAPE = sum |counted - foretold| / sum counted. MAPE = the mean of |counted - foretold| / counted,
over intervals in which something came; where few come it is large whatever one does, so WAPE leads.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from contactcenter.routing.demand import PlanError
from contactcenter.routing.forecast import LEAST_DAYS, History, forecast

WEEKS = 4
_Pair = tuple[float, float]  # counted, foretold


@dataclass(frozen=True, slots=True)
class Error:
    """Shares, 0.1 being 10 %; None where nothing came. `bias` above zero: too much was foretold.
    `chance`: the WAPE that even the true mean would have, by Poisson's law."""

    wape: float | None
    mape: float | None
    bias: float | None
    chance: float | None
    compared: int
    empty: int  # of these, in which nothing came: not in MAPE


@dataclass(frozen=True, slots=True)
class Backtest:
    """The error by interval and by whole days. `dispersion`: an interval's variance about the
    forecast, as a multiple of its mean: 1 is Poisson's, more is burstier."""

    intervals: Error
    days: Error
    dispersion: float | None


def backtest(history: History, weeks: int = WEEKS) -> Backtest | None:
    """Foretell each of the last `weeks` weeks from the days before it; None where not even one
    has LEAST_DAYS counted days before it. Raises PlanError as `forecast` does."""
    if weeks < 1:
        raise PlanError(f"weeks {weeks}: give 1 or more")
    days = [pair for week in range(weeks) for pair in _week(history, week)]
    if not days:
        return None
    flat = [pair for counted, told in days for pair in zip(counted, told, strict=True)]
    sums = [(sum(counted), sum(told)) for counted, told in days]
    told = sum(expected for _, expected in flat)
    squares = sum((counted - expected) ** 2 for counted, expected in flat)
    return Backtest(_error(flat), _error(sums), squares / told if told else None)


def _week(history: History, week: int) -> Iterator[tuple[Sequence[float], Sequence[float]]]:
    """Of the week that ended `week` weeks before the history: each day, counted and foretold."""
    if not history:
        return
    ends = max(history) - timedelta(weeks=week)
    begins = ends - timedelta(days=6)
    before = {day: counts for day, counts in history.items() if day < begins}
    if len(before) < LEAST_DAYS:
        return
    learnt = forecast(before)
    for day in sorted(history):
        if begins <= day <= ends and learnt.like(day) is not None:
            yield history[day], learnt.day(day).counts


def _error(pairs: Sequence[_Pair]) -> Error:
    counted = sum(actual for actual, _ in pairs)
    shares = [abs(actual - told) / actual for actual, told in pairs if actual > 0]
    if not counted:
        return Error(None, None, None, None, len(pairs), len(pairs))
    return Error(
        wape=sum(abs(actual - told) for actual, told in pairs) / counted,
        mape=sum(shares) / len(shares),
        bias=sum(told - actual for actual, told in pairs) / counted,
        chance=sum(_chance(told) for _, told in pairs) / counted,
        compared=len(pairs),
        empty=len(pairs) - len(shares),
    )


def _chance(mean: float) -> float:
    """The mean distance of a Poisson count from its mean m: 2 m^(k+1) e^-m / k!, k = floor(m)
    (de Moivre, 1738)."""
    if mean <= 0:
        return 0.0
    whole = math.floor(mean)
    return 2 * math.exp((whole + 1) * math.log(mean) - mean - math.lgamma(whole + 1))
