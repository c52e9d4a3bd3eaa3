"""Estimates of all who wait, and by the places of all lines. Pure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from contactcenter.queue.bands import Curve, Knot, line_name, thinned
from contactcenter.routing.estimate import Band, estimate
from contactcenter.routing.present import Line, Standing


@dataclass(frozen=True, slots=True)
class Question:
    """How it stands, who waits in the order of the line; `lines` that somebody may come into;
    `asked`: which of those who wait need a band of their own."""

    standing: Standing
    lines: tuple[Line, ...]
    asked: tuple[int, ...]
    seed: int


@dataclass(frozen=True, slots=True)
class Answer:
    """A curve for each line's name, and bands in the order in which they were asked for."""

    curves: dict[str, Curve]
    bands: tuple[Band | None, ...]


def reckon(question: Question) -> Answer:
    """The answer."""
    found = estimate(question.standing, question.lines, seed=question.seed)
    curves: defaultdict[str, list[Knot]] = defaultdict(list)
    places: defaultdict[str, int] = defaultdict(int)
    for one, band in zip(question.standing.waiting, found.waiting, strict=True):
        for in_line in {one.requirement, *(opened for after, opened in one.steps if after <= 0)}:
            places[in_line] += 1
        name = line_name(one.requirement, one.channel)
        curves[name].append((places[one.requirement], *(band or (None, None))))
    for (requirement, channel), band in found.new.items():
        name = line_name(requirement, channel)  # a group has the name of one of its channels
        curves[name].append((places[requirement] + 1, *(band or (None, None))))
    return Answer(
        {name: thinned(curve) for name, curve in curves.items()},
        tuple(found.waiting[n] for n in question.asked),
    )
