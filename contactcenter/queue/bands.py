"""How long who waits will wait, as it was last estimated: kept in Redis for whoever shows it.

A line's curve says for each place between which seconds the wait ends. What citizens are told is
rounded outwards, and stays as it is as long as it is nearly right: a text that changes all the time
helps nobody.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

import msgspec

from contactcenter.kernel import keys
from contactcenter.kernel.live import Live
from contactcenter.queue.rules import EXCLUSIVE_CHANNELS

KEPT_S = 30  # an estimate that nobody made anew is none
_SILENT, _CLOSES = "silent", "closes"
_STEPS = ((600, 60), (1800, 300), (7200, 900))  # below so many seconds: in steps of
_LONG_STEP = 3600
_MORE = 1.15  # between knots beyond the first ten
_FIRST = 10

Band = tuple[float, float]  # seconds
Knot = tuple[int, float | None, float | None]  # a place, and the seconds; None: nobody can say
Curve = tuple[Knot, ...]
_curve = msgspec.json.Decoder(Curve).decode
_silent = msgspec.json.Decoder(list[tuple[int, str]]).decode
_closes = msgspec.json.Decoder(list[tuple[int, int]]).decode


def line_name(requirement: str, channel: str) -> str:
    """What a curve is called: of a class, those of one group have one."""
    return f"{group(channel)}:{requirement}"


def group(channel: str) -> str:
    """Channels whose contacts wait alike: who needs the whole agent, who shares one, and mail,
    which makes room for both."""
    if channel in EXCLUSIVE_CHANNELS:
        return "call"
    return "mail" if channel == "mail" else "chat"


def thinned(curve: Iterable[Knot]) -> Curve:
    """Places near the head one by one, farther ones some; always the last."""
    found: list[Knot] = []
    last: Knot | None = None
    for knot in curve:
        last = knot
        if not found or knot[0] <= _FIRST or knot[0] >= found[-1][0] * _MORE:
            found.append(knot)
    if last is not None and found[-1] is not last:
        found.append(last)
    return tuple(found)


def at(curve: Curve, place: int) -> Band | None:
    """The band of a place: between knots on a straight line, behind the last in proportion. None
    where nobody can say."""
    before: Knot | None = None
    for knot in curve:
        if knot[0] >= place:
            return _between(before or knot, knot, place)
        before = knot
    if before is None or before[1] is None or before[2] is None:
        return None
    more = place / before[0]
    return before[1] * more, before[2] * more


def _between(before: Knot, after: Knot, place: int) -> Band | None:
    if before[1] is None or before[2] is None or after[1] is None or after[2] is None:
        return None
    share = (place - before[0]) / (after[0] - before[0]) if after[0] > before[0] else 1.0
    return before[1] + share * (after[1] - before[1]), before[2] + share * (after[2] - before[2])


def _step(seconds: float) -> int:
    return next((step for below, step in _STEPS if seconds < below), _LONG_STEP)


def rounded(band: Band) -> tuple[int, int]:
    """Outwards to whole minutes, quarters or hours, in seconds, as people say it; a minute at
    least."""
    low, high = band
    down, up = _step(low), _step(high)
    return int(low // down) * down, max(60, -int(-high // up) * up)


def steady(told: tuple[int, int] | None, band: Band) -> tuple[int, int]:
    """What to tell who was told something before: each end stays until it is wrong by half a step
    more than rounding makes it."""
    new = rounded(band)
    if told is None:
        return new
    low, high = told
    by = _step(low)
    if not low - by / 2 <= band[0] < low + 1.5 * by:
        low = new[0]
    by = _step(high - 1)
    if not high - 1.5 * by < band[1] <= high + by / 2:
        high = new[1]
    return (low, high) if low < high else new


@dataclass(frozen=True)
class Estimated:
    """What is known of some lines. `silent`: queues and channels whose estimates were too often
    wrong to be told to citizens. `closes`: queues that close before the waits that are told may
    end, and when: seconds since 1970."""

    curves: Mapping[str, Curve] = field(default_factory=dict)
    silent: frozenset[tuple[int, str]] = frozenset()
    closes: Mapping[int, int] = field(default_factory=dict)

    def band(self, requirement: str, channel: str, place: int | None) -> Band | None:
        """For a place in the class, as `Line.places_of` counts them; None: for who would come
        now."""
        curve = self.curves.get(line_name(requirement, channel), ())
        return at(curve, curve[-1][0] if place is None and curve else place or 1)

    def told(self, queue: int, requirement: str, channel: str, place: int | None) -> Band | None:
        """The same, where citizens of the queue may be told."""
        silent = (queue, channel) in self.silent
        return None if silent else self.band(requirement, channel, place)

    def closing(
        self, queue: int, requirement: str, channel: str, place: int | None
    ) -> datetime | None:
        """When the queue closes, where that is what citizens are told: a wait that may last until
        then has no band."""
        at_s = self.closes.get(queue)
        known = (
            line_name(requirement, channel) in self.curves and (queue, channel) not in self.silent
        )
        if at_s is None or not known or self.band(requirement, channel, place) is not None:
            return None
        return datetime.fromtimestamp(at_s, UTC)


class Bands:
    """Reads and writes them."""

    def __init__(self, live: Live) -> None:
        self._live = live

    async def of(self, lines: Collection[str]) -> Estimated:
        """What was last estimated of these lines (`line_name`). Raises LiveUnavailable."""
        names = sorted(set(lines))
        silent, closes, *found = await self._live.call(
            "HMGET", keys.BANDS, _SILENT, _CLOSES, *names
        )
        curves = {n: _curve(c) for n, c in zip(names, found, strict=True) if c}
        closing = dict(_closes(closes or b"[]"))
        return Estimated(curves, frozenset(_silent(silent or b"[]")), closing)

    async def write(
        self,
        curves: Mapping[str, Curve],
        silent: Iterable[tuple[int, str]],
        closes: Mapping[int, int] | None = None,
    ) -> None:
        """Instead of all that was there. Raises LiveUnavailable."""
        fields: list[object] = [_SILENT, msgspec.json.encode(sorted(silent))]
        fields += [_CLOSES, msgspec.json.encode(sorted((closes or {}).items()))]
        for name, curve in curves.items():
            fields += [name, msgspec.json.encode(curve)]
        new = f"{keys.BANDS}:new"
        await self._live.call("DEL", new)
        await self._live.call("HSET", new, *fields)
        await self._live.call("EXPIRE", new, KEPT_S)
        await self._live.call("RENAME", new, keys.BANDS)
