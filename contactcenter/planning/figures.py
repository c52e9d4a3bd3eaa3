"""What is counted of simulated days and of the day that was: whole, by channel, by half hour. Pure.

All by the functions that count real contacts. A contact counts in the half hour in which it came.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from contactcenter.planning.asked import Asked
from contactcenter.planning.scenario import Queue, Scenario
from contactcenter.routing.day import Coming, Fate
from contactcenter.stats.rules import Counts, abandonment, asa_s, service_level
from contactcenter.stats.simulated import Counted, Interval, add, interval

HALF_HOUR_US = 1_800_000_000
_MOST = {"service_level": 1.0, "abandonment": 1.0, "occupancy": 1.0}
Figures = dict[str, float | None]


@dataclass
class Tally:
    """The counters of one day."""

    whole: Counts = field(default_factory=Counter)
    channels: dict[str, Counts] = field(default_factory=dict)
    slots: dict[int, Counts] = field(default_factory=dict)


def tally(
    plan: Scenario,
    asked: Asked,
    comings: Sequence[Coming],
    queues: Sequence[int],
    fates: Sequence[Fate],
) -> Tally:
    """Count who came on the day to the queues and by the channel that were asked for."""
    found, hows = Tally(), {n: _how(queue, asked) for n, queue in plan.queues.items()}
    for coming, number, fate in zip(comings, queues, fates, strict=True):
        if not plan.begins_us <= coming.at_us < plan.ends_us or not counts(
            plan, asked, coming, number
        ):
            continue
        slot = (coming.at_us - plan.begins_us) // HALF_HOUR_US
        channel = found.channels.setdefault(coming.channel, Counter())
        for into in (found.whole, channel, found.slots.setdefault(slot, Counter())):
            add(into, coming, fate, hows[number])
    return found


def counts(plan: Scenario, asked: Asked, coming: Coming, queue: int) -> bool:
    """Whether figures were asked for of this one."""
    if asked.channel is not None and coming.channel != asked.channel:
        return False
    return asked.queue is None or plan.queues[queue].key == asked.queue


def way(plan: Scenario, asked: Asked) -> str:
    """How those who left in time count: as the target says, else as the queues are set where they
    agree, else as a miss."""
    if asked.target is not None:
        return asked.target.way
    ways = {queue.way for queue in plan.queues.values() if asked.queue in (None, queue.key)}
    return ways.pop() if len(ways) == 1 else "negative"


def _how(queue: Queue, asked: Asked) -> Counted:
    seconds = asked.target.seconds if asked.target is not None else queue.service_level_s
    return Counted(seconds, short_abandon_s=queue.short_abandon_s)


def figures(found: Mapping[str, int], way: str) -> Figures:
    """By the functions of stats/rules.py; None where nothing counts."""
    return {
        "service_level": service_level(found, way),
        "asa_s": asa_s(found),
        "abandonment": abandonment(found),
        "waiting": float(found["waiting"]),
    }


def shown(values: Iterable[Figures]) -> dict[str, Any]:
    """The mean of each figure with its 95 % interval, as far as that can be."""
    found = _intervals(values)
    return {name: _shown(one, 0.0, _MOST.get(name, math.inf)) for name, one in found.items()}


def differences(before: Sequence[Figures], after: Sequence[Figures]) -> dict[str, Any]:
    """What the change does, day by day: the same people come in both, so chance mostly cancels."""
    rows = [
        {name: _less(one[name], other[name]) for name in one}
        for one, other in zip(after, before, strict=True)
    ]
    return {name: _shown(one, -math.inf, math.inf) for name, one in _intervals(rows).items()}


def _intervals(values: Iterable[Figures]) -> dict[str, Interval | None]:
    rows = list(values)
    return {name: interval([row[name] for row in rows]) for name in rows[0]}


def _less(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one - other


def _shown(found: Interval | None, least: float, most: float) -> dict[str, Any] | None:
    """Student's interval knows no bounds; a share has some."""
    if found is None:
        return None
    low = None if found.low is None else max(found.low, least)
    high = None if found.high is None else min(found.high, most)
    return {"mean": found.mean, "low": low, "high": high}
