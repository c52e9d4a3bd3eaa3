"""Estimates of all who wait, and by the places of all lines. Pure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace

from contactcenter.queue.bands import Curve, Knot, line_name, thinned
from contactcenter.routing.estimate import Band, Line, Standing, estimate

MAIL = "mail"


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
    waiting, new = _estimated(question)
    curves: defaultdict[str, list[Knot]] = defaultdict(list)
    places: defaultdict[str, int] = defaultdict(int)
    for one, band in zip(question.standing.waiting, waiting, strict=True):
        places[one.requirement] += 1
        name = line_name(one.requirement, one.channel)
        curves[name].append((places[one.requirement], *(band or (None, None))))
    for (requirement, channel), band in new.items():
        name = line_name(requirement, channel)  # a group has the name of one of its channels
        curves[name].append((places[requirement] + 1, *(band or (None, None))))
    return Answer(
        {name: thinned(curve) for name, curve in curves.items()},
        tuple(waiting[n] for n in question.asked),
    )


def _estimated(question: Question) -> tuple[list[Band | None], dict[Line, Band | None]]:
    """Where all at work let mail rest for live contacts, mail stands in nobody's way: those are
    estimated as if there were none, and mail for itself."""
    whole = question.standing
    if not all(one.pauses for one in whole.agents if one.available) or not _any_mail(whole):
        found = estimate(whole, question.lines, seed=question.seed)
        return list(found.waiting), found.new
    mails = [line for line in question.lines if line[1] == MAIL]
    others = [line for line in question.lines if line[1] != MAIL]
    live = [n for n, one in enumerate(whole.waiting) if one.channel != MAIL]
    alone = replace(
        whole,
        waiting=tuple(whole.waiting[n] for n in live),
        hands=tuple(one for one in whole.hands if one.channel != MAIL),
        streams=tuple(one for one in whole.streams if one.channel != MAIL),
    )
    found, first = (
        estimate(whole, mails, seed=question.seed),
        estimate(alone, others, seed=question.seed),
    )
    bands = list(found.waiting)
    for n, band in zip(live, first.waiting, strict=True):
        bands[n] = band
    return bands, found.new | first.new


def _any_mail(standing: Standing) -> bool:
    waits = any(one.channel == MAIL for one in standing.waiting)
    return waits or any(one.channel == MAIL for one in standing.hands)
