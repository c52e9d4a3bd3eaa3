"""Makes a scenario of a day that was, of today, or of a day to come."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from contactcenter.planning.ahead import SLOTS, Foretold, Line
from contactcenter.planning.crew import Spans
from contactcenter.planning.figures import HALF_HOUR_US
from contactcenter.planning.moments import Day, micro
from contactcenter.planning.reading import Reading
from contactcenter.planning.scenario import Ahead, Queue, Scenario, Wait, asked_for
from contactcenter.routing.day import Staff
from contactcenter.routing.demand import PlanError
from contactcenter.routing.forecast import kind

LIKE_DAYS = 28


@dataclass(frozen=True)
class Made:
    """The scenario, and what it rests on. `like`: the day whose shifts stand for those that are
    not known; None where none are needed, or there was no such day."""

    scenario: Scenario
    foretold: Foretold | None = None
    like: date | None = None


async def made(reading: Reading, day: Day, queues: Mapping[int, Queue]) -> Made:
    """Raises PlanError where nothing is known of the day, or too little to foretell it."""
    wanted = asked_for(queues.values())
    if day.when == "past":
        staff, waits = await reading.staff(day, wanted), await reading.waits(day)
        if not waits:
            raise PlanError(await _nothing(reading, day), "unrecorded")
        return Made(
            await _scenario(reading, day, queues, staff, waits), await _if_known(reading, day)
        )
    foretold = await reading.foretold(day)
    like, later = await _like(reading, day, wanted)
    staff = joined(await reading.staff(day, wanted), later, micro(day.known))
    ahead = Ahead(rest(foretold.counts, day), micro(day.known), foretold.dispersion)
    waits = await reading.waits(day) if day.when == "today" else []
    return Made(await _scenario(reading, day, queues, staff, waits, ahead), foretold, like)


async def _if_known(reading: Reading, day: Day) -> Foretold | None:
    """What one would have expected of a day that is over, by the days before it."""
    try:
        return await reading.foretold(day)
    except PlanError:
        return None


async def _scenario(
    reading: Reading,
    day: Day,
    queues: Mapping[int, Queue],
    staff: Sequence[Staff],
    waits: Sequence[Wait],
    ahead: Ahead | None = None,
) -> Scenario:
    return Scenario(
        begins_us=micro(day.begins),
        ends_us=micro(day.ends),
        queues=queues,
        staff=tuple(staff),
        waits=tuple(waits),
        held=tuple(await reading.held(day, [one.agent for one in staff])),
        ahead=ahead,
        now_us=None if ahead is None else micro(day.known),
        patience_s=await reading.patience(day),
        typical=await reading.typical(day, queues),
        answer_us=await reading.answer_us(day),
    )


async def _nothing(reading: Reading, day: Day) -> str:
    first, last = await reading.recorded(day.zone)
    if first is None:
        return f"{day.day}: nothing was recorded yet"
    return f"{day.day}: nothing was recorded; the log reaches from {first} to {last}"


async def _like(
    reading: Reading, day: Day, wanted: Container[str]
) -> tuple[date | None, list[Staff]]:
    """The last day that is over, is of the same kind and saw somebody at work; its shifts, moved
    to this day's clock."""
    for n in range(1, LIKE_DAYS + 1):
        other = min(day.day, day.today) - timedelta(days=n)
        if kind(other) == kind(day.day) and (found := await reading.staff(day.at(other), wanted)):
            by = micro(day.begins) - micro(day.at(other).begins)
            return other, [_moved(one, by) for one in found]
    return None, []


def _moved(one: Staff, by: int) -> Staff:
    return one._replace(shifts=tuple((since + by, until + by) for since, until in one.shifts))


def joined(before: Sequence[Staff], later: Sequence[Staff], at_us: int) -> list[Staff]:
    """The one up to a moment, the other from then on."""
    found = {one.agent: one for one in [*later, *before]}
    spans: dict[int, Spans] = {one.agent: one.shifts for one in before}
    for one in later:
        after = tuple((max(since, at_us), until) for since, until in one.shifts if until > at_us)
        spans[one.agent] = spans.get(one.agent, ()) + after
    return [found[agent]._replace(shifts=spans[agent]) for agent in sorted(found) if spans[agent]]


def rest(counts: Mapping[Line, Sequence[float]], day: Day) -> dict[Line, tuple[float, ...]]:
    """What is expected from now on, in half hours from now."""
    gone = (micro(day.known) - micro(day.begins)) / HALF_HOUR_US
    first, part = int(gone), gone - int(gone)
    return {
        line: tuple(
            (1 - part) * of[n] + part * (of[n + 1] if n + 1 < SLOTS else 0.0)
            for n in range(first, SLOTS)
        )
        for line, of in counts.items()
    }
