"""What is expected of a day to come: how many come to each line in each half hour. Pure.

All lines together are foretold, with their trend; each line gets of that what it has on days of the
same kind. So a line to which three come in a week has no trend of its own, which would be chance.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from contactcenter.routing.backtest import Backtest, backtest
from contactcenter.routing.demand import PlanError
from contactcenter.routing.forecast import LEAST_DAYS, forecast

SLOTS = 48  # half hours of a day; one that is changed to or from summer time has the same clock
Line = tuple[int, str, str]  # queue, channel, language


class Count(NamedTuple):
    """So many came to a line in a half hour of a day."""

    line: Line
    day: date
    slot: int
    n: int


@dataclass(frozen=True)
class Foretold:
    """`counts`: by line; `kind` and `days`: what it rests on; `tested`: its error, None where the
    history is too short to measure it."""

    counts: Mapping[Line, tuple[float, ...]]
    kind: str
    days: int
    tested: Backtest | None

    @property
    def dispersion(self) -> float:
        """How much burstier than chance a half hour is; 1 where that is not known."""
        found = self.tested.dispersion if self.tested is not None else None
        return 1.0 if found is None else min(max(1.0, found), 100.0)


def foretell(counts: Iterable[Count], first: date, last: date, day: date) -> Foretold:
    """From the days `first` to `last`, on each of which what is not counted was nothing. Raises
    PlanError where they are too few."""
    span = (last - first).days + 1
    if span < LEAST_DAYS:
        text = f"{max(0, span)} recorded days: a day ahead needs {LEAST_DAYS}"
        raise PlanError(text, "days", n=LEAST_DAYS)
    days = [first + timedelta(days=n) for n in range(span)]
    lines: defaultdict[Line, dict[date, list[float]]] = defaultdict(
        lambda: {one: [0.0] * SLOTS for one in days}
    )
    whole = {one: [0.0] * SLOTS for one in days}
    for count in counts:
        if first <= count.day <= last:
            lines[count.line][count.day][count.slot] += count.n
            whole[count.day][count.slot] += count.n
    learnt = forecast(whole)
    expected = learnt.day(day)
    means = learnt.kinds[expected.kind].means
    level = sum(expected.counts) / sum(means) if sum(means) else 1.0
    found = {
        line: tuple(mean * level for mean in forecast(history).kinds[expected.kind].means)
        for line, history in sorted(lines.items())
    }
    return Foretold(found, expected.kind, expected.days, backtest(whole))
