"""How long who waits will wait: a band that holds four waits of five. Pure.

The line as it stands is played on by the simulator some tens of times (plays.py). Where plays and
reality follow one law, the real wait is one more draw among the S of the plays, so it lies between
their i-th and j-th in order with the chance (j - i) / (S + 1), whatever the law: with
i = (S + 1) / 10 and j = 9 i that is 80 % exactly (S. S. Wilks, "Determination of sample sizes for
setting tolerance limits", Annals of Mathematical Statistics 12, 1941). Fewer plays make a band
wider, not wrong.

Who leaves in a play would have waited longer than that, one does not know how long, and so would
who waits still when its queue closes: such draws count as Kaplan and Meier count them
("Nonparametric estimation from incomplete observations", Journal of the American Statistical
Association 53, 1958). Where one in ten may wait until closing, there is no band.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from contactcenter.routing.plays import Scene
from contactcenter.routing.present import Line, Standing, Waits

PLAYS = (49, 39, 29, 19, 9)  # one less than a multiple of ten
BUDGET = 60_000  # contacts played in one estimate, some seconds of work at most


class Band(NamedTuple):
    """Seconds from now, as good as between which the wait ends."""

    low_s: float
    high_s: float


@dataclass(frozen=True, slots=True)
class Estimates:
    """`waiting`: in the order given. `new`: for who comes next, by line. None where nobody could
    say, or the wait may be longer than plays.HORIZON_S or until closing."""

    waiting: tuple[Band | None, ...]
    new: dict[Line, Band | None]
    plays: int


def estimate(
    standing: Standing,
    lines: Sequence[Line] = (),
    *,
    seed: int = 0,
    budget: int = BUDGET,
) -> Estimates:
    """Bands for all who wait, and for who would come now into these lines. `budget`: contacts that
    may be played in all; it decides how many plays there are, and where even the fewest plays of
    all are too many, only the first are played and the others get none. The same arguments give
    the same bands."""
    order = sorted(range(len(standing.waiting)), key=lambda n: standing.waiting[n].rank)
    played = order[: budget // PLAYS[-1]]
    ghosts = list(dict.fromkeys(lines)) if len(played) == len(order) else []
    scene = Scene(standing, [standing.waiting[n] for n in played], ghosts)
    plays = next((n for n in PLAYS if n * scene.size <= budget), PLAYS[-1])
    found = _bands(scene, plays, seed)
    bands: list[Band | None] = [None] * len(order)
    for n, band in zip(played, found, strict=False):
        bands[n] = band
    return Estimates(tuple(bands), dict(zip(ghosts, found[len(played) :], strict=True)), plays)


def _bands(scene: Scene, plays: int, seed: int) -> list[Band | None]:
    draws: list[list[tuple[float, bool]]] = []
    for n in range(plays):
        draws.append(list(scene.play(random.Random(f"{seed}/{n}"))))  # noqa: S311 - chance of a play
    found = [band([run[n] for run in draws]) for n in range(len(scene.asked))]
    return _in_order(scene.asked, found)


def band(draws: Sequence[tuple[float, bool]]) -> Band | None:
    """The band of one wait from its plays: (seconds, whether it ended then; else it goes on for
    longer). None where too few ended to know it."""
    tenth = (len(draws) + 1) // 10
    low = high = None
    waits = 1.0  # the share that waits still
    for n, (seconds, ended) in enumerate(sorted(draws, key=lambda one: (one[0], not one[1]))):
        if ended:
            waits *= 1 - 1 / (len(draws) - n)
        if low is None and 1 - waits >= (tenth - 0.5) / len(draws):
            low = seconds
        if 1 - waits >= (9 * tenth - 0.5) / len(draws):
            high = seconds
            break
    return None if low is None or high is None else Band(low, high)


def _in_order(asked: Sequence[Waits], bands: Sequence[Band | None]) -> list[Band | None]:
    """In one line nobody is served before who leads; what says otherwise is chance."""
    before: dict[Line, tuple[Waits, Band | None]] = {}
    ordered: list[Band | None] = []
    for one, found in zip(asked, bands, strict=True):
        leader, former = before.get(one.line, (one, Band(0.0, 0.0)))
        if leader.leads(one):
            found = _behind(former, found)
        before[one.line] = one, found
        ordered.append(found)
    return ordered


def _behind(former: Band | None, found: Band | None) -> Band | None:
    if former is None or found is None:
        return None
    return Band(max(former.low_s, found.low_s), max(former.high_s, found.high_s))
