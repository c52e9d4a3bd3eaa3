"""How many will come: from counted days, for a day to come. Pure.

A day's half hours are the mean of earlier days of its kind, newer days weighing more, moved by the
trend. Kinds are the seven weekdays, holidays, the eves on which Finnish offices stay closed, and
working days before a holiday. A day that is missing is not known; it is not a zero.

The trend is a straight line: how much, as a share, one day has more than the day before it, found
by least squares on days' sums about the mean of their kind. It is taken for zero where it is less
than twice its own standard error, and is not carried on for longer than FAR_DAYS.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from contactcenter.queue.hours import holiday
from contactcenter.routing.demand import PlanError

History = Mapping[date, Sequence[float]]  # a day's counts, one for each interval
LEAST_DAYS = 14
TREND_DAYS = 28  # of a shorter history a trend would be a guess
FAR_DAYS = 28
HALF_LIFE_DAYS = 56  # a day so old weighs half as much
SURE = 2.0  # standard errors
_LEAST_LEVEL = 0.1
_LEAST = {"before": 2}  # it is nearly a working day: one alone says less than all its weekdays


def kind(day: date) -> str:
    """ "1" (Monday) to "7", or "holiday", "eve" (of Midsummer or Christmas) or "before"."""
    found = holiday(day)
    if found is not None:
        return found
    before = day.isoweekday() <= 5 and holiday(day + timedelta(days=1)) == "holiday"
    return "before" if before else str(day.isoweekday())


@dataclass(frozen=True, slots=True)
class Kind:
    """What days of a kind are like. `centre`: their mean day, as a date's number."""

    means: tuple[float, ...]
    centre: float
    days: int


@dataclass(frozen=True, slots=True)
class Expected:
    """A day's forecast, and the kind and number of the days it rests on."""

    counts: tuple[float, ...]
    kind: str
    days: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """What the history says. `trend`: the share that a day has more than the one before; 0 where
    none is sure."""

    kinds: Mapping[str, Kind]
    trend: float
    last: date

    def like(self, day: date) -> str | None:
        """The kind that a day is foretold by: its own; where too few of that were counted, a Sunday
        for a holiday or an eve, its weekday for a day before one. None where that is not known."""
        own = kind(day)
        instead = "7" if own in ("holiday", "eve") else str(day.isoweekday())
        if own in self.kinds and self.kinds[own].days >= _LEAST.get(own, 1):
            return own
        return instead if instead in self.kinds else None

    def day(self, day: date) -> Expected:
        """What is expected on a day. Raises PlanError where there is nothing to go by."""
        name = self.like(day)
        if name is None:
            raise PlanError(f"{day}: no day like it was counted; give a longer history")
        like = self.kinds[name]
        at = min(day, self.last + timedelta(days=FAR_DAYS)).toordinal()
        level = max(_LEAST_LEVEL, 1 + self.trend * (at - like.centre))
        return Expected(tuple(mean * level for mean in like.means), name, like.days)


def forecast(history: History) -> Forecast:
    """Learn from the counts of at least LEAST_DAYS days. Raises PlanError for fewer, for counts
    below zero or not finite, and for days with different numbers of intervals."""
    _check(history)
    last = max(history)
    days: defaultdict[str, list[date]] = defaultdict(list)
    for day in sorted(history):
        days[kind(day)].append(day)
    kinds = {name: _kind(history, of, last) for name, of in days.items()}
    return Forecast(kinds, _trend(history, days, kinds, last), last)


def _check(history: History) -> None:
    if len(history) < LEAST_DAYS:
        raise PlanError(f"{len(history)} counted days: a forecast needs {LEAST_DAYS}")
    lengths = {len(counts) for counts in history.values()}
    if len(lengths) > 1:
        raise PlanError(f"days of {min(lengths)} and of {max(lengths)} intervals: give one")
    for day, counts in history.items():
        if not all(math.isfinite(count) and count >= 0 for count in counts):
            raise PlanError(f"{day}: counts are numbers from 0 on")


def _weight(day: date, last: date) -> float:
    return float(2 ** ((day - last).days / HALF_LIFE_DAYS))


def _kind(history: History, days: Sequence[date], last: date) -> Kind:
    weights = [_weight(day, last) for day in days]
    whole = sum(weights)
    columns = zip(*(history[day] for day in days), strict=True)
    means = tuple(
        sum(w * count for w, count in zip(weights, column, strict=True)) / whole
        for column in columns
    )
    centre = sum(w * day.toordinal() for w, day in zip(weights, days, strict=True)) / whole
    return Kind(means, centre, len(days))


def _trend(
    history: History, days: Mapping[str, list[date]], kinds: Mapping[str, Kind], last: date
) -> float:
    """Weighted by what a day is expected to bring, as its chance error is by Poisson's law."""
    if (last - min(history)).days < TREND_DAYS:
        return 0.0
    points = []  # (weight, days from the kind's centre, share above the kind's mean)
    free = -1  # degrees of freedom: points less kinds less the slope
    for name, of in days.items():
        mean = sum(kinds[name].means)
        if len(of) > 1 and mean > 0:
            free += len(of) - 1
            points += [
                (
                    mean * _weight(day, last),
                    day.toordinal() - kinds[name].centre,
                    sum(history[day]) / mean - 1,
                )
                for day in of
            ]
    spread = sum(w * x * x for w, x, _ in points)
    if free < 1 or spread == 0:
        return 0.0
    slope = sum(w * x * y for w, x, y in points) / spread
    error = math.sqrt(sum(w * (y - slope * x) ** 2 for w, x, y in points) / free / spread)
    return slope if abs(slope) > SURE * error else 0.0
