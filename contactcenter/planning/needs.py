"""How many agents each half hour needs for the target, from what was foretold. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contactcenter.planning.ahead import SLOTS, Line
from contactcenter.planning.asked import Asked
from contactcenter.planning.days import Made
from contactcenter.planning.scenario import Scenario
from contactcenter.routing.demand import Demand
from contactcenter.routing.staffing import ServiceLevel, needed

HALF_HOUR_S = 1800.0
USUAL = ServiceLevel(0.8, 20)  # where no target was named
NOTHING: Mapping[str, Any] = {"foretold": None, "needed": None}


def needed_by_slot(made: Made, asked: Asked) -> dict[int, Mapping[str, Any]]:
    """By half hour: how many contacts are foretold of those that were asked for, and how many
    agents the target needs by Erlang A, or C where nobody leaves."""
    if made.foretold is None:
        return {}
    counts = {
        line: of
        for line, of in made.foretold.counts.items()
        if asked.channel in (None, line[1])
        and asked.queue in (None, made.scenario.queues[line[0]].key)
    }
    return {n: _needed(made.scenario, asked, counts, n) for n in range(SLOTS)}


def _needed(
    plan: Scenario, asked: Asked, counts: Mapping[Line, tuple[float, ...]], n: int
) -> Mapping[str, Any]:
    """Handling and leaving as the half hour's mixture has them; who never leaves makes the rate of
    leaving smaller."""
    come = sum(of[n] for of in counts.values())
    if come <= 0:
        return {"foretold": 0.0, "needed": 0}
    work = sum(of[n] * plan.typical[line[:2]].mean_s for line, of in counts.items())
    leaving = sum(
        of[n] / plan.patience_s[line[1]]
        for line, of in counts.items()
        if line[1] in plan.patience_s
    )
    patience = min(come / leaving, 86_400.0) if leaving else None
    demand = Demand(come, HALF_HOUR_S, max(1.0, work / come), patience)
    found = needed(demand, asked.target or USUAL)
    return {"foretold": come, "needed": found.agents}
