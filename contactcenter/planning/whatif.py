"""The answer to a what-if: the day as it was or is expected, and with the change, each simulated
with the same seeds. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from contactcenter.planning import crew
from contactcenter.planning.asked import Asked, check_size
from contactcenter.planning.figures import (
    HALF_HOUR_US,
    Figures,
    Tally,
    differences,
    figures,
    shown,
    tally,
    way,
)
from contactcenter.planning.scenario import Sample, Scenario, sample
from contactcenter.routing.day import Coming, Fate, Staff
from contactcenter.routing.simulation import simulate

CONFIDENCE = 0.95
Told = Callable[[int, int], None]


def whatif(plan: Scenario, asked: Asked, told: Told = lambda done, of: None) -> dict[str, Any]:
    """{seeds, confidence, before, after, difference, met, channels, intervals, counted}, as in
    docs/api.md. `told` hears how many of the simulated days are done. Raises PlanError."""
    check_size(plan.expected, asked.seeds)
    of = crew.skill(asked.change.skill, list(plan.queues.values()))
    crews = [crew.changed(plan.staff, asked.change, of, seed) for seed in range(asked.seeds)]
    before, after = _Runs(plan, asked), _Runs(plan, asked)
    for seed in range(asked.seeds):
        day = sample(plan, seed)
        before.live(day, plan.staff)
        after.live(day, crews[seed])
        told(seed + 1, asked.seeds)
    return {
        "seeds": asked.seeds,
        "confidence": CONFIDENCE,
        "way": before.way,
        "counted": counted(plan, asked),
        "before": before.shown(),
        "after": after.shown(),
        "difference": differences(before.whole, after.whole),
        "met": _met(after.shown(), asked),
        "channels": _channels(before, after),
        "intervals": _intervals(plan, asked, before, after, crews),
    }


class _Runs:
    """The figures of the simulated days; of each day only these are kept."""

    def __init__(self, plan: Scenario, asked: Asked) -> None:
        self._plan = plan
        self._asked = asked
        self.way = way(plan, asked)
        self.whole: list[Figures] = []
        self.tallies: list[Tally] = []

    def live(self, day: Sample, staff: Sequence[Staff]) -> None:
        """One day more."""
        plan = self._plan
        here = {one.agent for one in staff}
        run = simulate(
            day.comings,
            staff,
            answer_us=plan.answer_us,
            in_hand=[held for held in day.in_hand if held.agent in here],
            warm_up_us=plan.begins_us,
            until_us=plan.ends_us,
        )
        found = tally(plan, self._asked, day.comings, day.queues, run.fates)
        self.tallies.append(found)
        self.whole.append(figures(found.whole, self.way) | {"occupancy": run.occupancy})

    def shown(self) -> dict[str, Any]:
        """Whole days."""
        entered = [float(found.whole["entered"]) for found in self.tallies]
        return {"entered": sum(entered) / len(entered)} | shown(self.whole)

    def channel(self, name: str) -> dict[str, Any]:
        """Of one channel."""
        return shown(figures(day.channels.get(name, Counter()), self.way) for day in self.tallies)

    def slot(self, n: int) -> dict[str, Any]:
        """Of who came in one half hour."""
        return shown(figures(day.slots.get(n, Counter()), self.way) for day in self.tallies)

    def entered(self, n: int) -> float:
        """How many came in one half hour, on average."""
        return sum(day.slots.get(n, Counter())["entered"] for day in self.tallies) / len(
            self.tallies
        )


def _met(after: dict[str, Any], asked: Asked) -> str | None:
    """Whether the target is met with the change: yes, no, or unsure where the interval holds it."""
    level = after["service_level"]
    if asked.target is None or level is None:
        return None
    if level["low"] is not None and level["low"] >= asked.target.share:
        return "yes"
    return "no" if level["high"] is not None and level["high"] < asked.target.share else "unsure"


def _channels(before: _Runs, after: _Runs) -> list[dict[str, Any]]:
    names = sorted({name for day in before.tallies for name in day.channels})
    return [
        {"channel": name, "before": before.channel(name), "after": after.channel(name)}
        for name in names
    ]


def _intervals(
    plan: Scenario, asked: Asked, before: _Runs, after: _Runs, crews: Sequence[Sequence[Staff]]
) -> list[dict[str, Any]]:
    """From the first to the last half hour in which somebody comes or is at work."""
    used = {n for day in before.tallies for n in day.slots}
    used |= {n for one in plan.staff for span in one.shifts for n in _slots(plan, span)}
    real = day_counted(plan, asked) if plan.waits else Tally()
    return [
        {
            "from_us": plan.begins_us + n * HALF_HOUR_US,
            "entered": before.entered(n),
            "agents": {
                "before": _present(plan, plan.staff, n),
                "after": sum(_present(plan, staff, n) for staff in crews) / len(crews),
            },
            "counted": figures(real.slots[n], before.way) if n in real.slots else None,
            "before": before.slot(n),
            "after": after.slot(n),
        }
        for n in range(min(used, default=0), max(used, default=-1) + 1)
    ]


def _slots(plan: Scenario, span: tuple[int, int]) -> range:
    return range(
        (span[0] - plan.begins_us) // HALF_HOUR_US,
        (span[1] - 1 - plan.begins_us) // HALF_HOUR_US + 1,
    )


def _present(plan: Scenario, staff: Sequence[Staff], n: int) -> float:
    """How many agents are available in a half hour, on average over it."""
    begins = plan.begins_us + n * HALF_HOUR_US
    ends = begins + HALF_HOUR_US
    spans = (span for one in staff for span in one.shifts)
    return sum(max(0, min(until, ends) - max(since, begins)) for since, until in spans) / (
        HALF_HOUR_US
    )


def counted(plan: Scenario, asked: Asked) -> dict[str, Any] | None:
    """The same figures of the day that was, by the log; None where nothing of it is known."""
    if not plan.waits:
        return None
    found = day_counted(plan, asked).whole
    return {"entered": found["entered"]} | figures(found, way(plan, asked))


def day_counted(plan: Scenario, asked: Asked) -> Tally:
    """What was counted: a wait that went on at the end of the day waited still."""
    ends = plan.ends_us if plan.now_us is None else min(plan.now_us, plan.ends_us)
    comings, fates = [], []
    for wait in plan.waits:
        comings.append(Coming(wait.from_us, "", wait.channel, wait.rank, wait.handle_us or 0))
        until = wait.until_us
        if until is None or until > ends:
            fates.append(Fate(None, None, None))
        else:
            fates.append(Fate(until, None, 0) if wait.accepted else Fate(None, until, None))
    return tally(plan, asked, comings, [wait.queue for wait in plan.waits], fates)
