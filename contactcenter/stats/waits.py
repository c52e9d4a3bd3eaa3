"""What the board says of the waits to come: how long who comes now would wait, by queue and
channel."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from contactcenter.kernel.sql import Row
from contactcenter.queue.bands import Band, Estimated, line_name, steady
from contactcenter.queue.outlook import Expected
from contactcenter.queue.rules import BY_HAND, requirement

_Told = tuple[int, int] | None


class Waits:
    """Keeps what was shown, so that it moves no more often than it must."""

    def __init__(self) -> None:
        self._told: dict[tuple[int, str], _Told] = {}
        self._silent: frozenset[tuple[int, str]] = frozenset()

    def renew(self, queues: Iterable[Row], estimated: Estimated) -> None:
        """What was last estimated. Of several languages the one in which one waits longest."""
        found: dict[tuple[int, str], _Told] = {}
        for queue in queues:
            for channel, classes in _classes(queue):
                known = [estimated.band(name, channel, None) for name in classes]
                bands: list[Band] = [band for band in known if band is not None]
                longest = max(bands, key=lambda band: band[1], default=None)
                key = (queue["id"], channel)
                before = self._told.get(key)
                found[key] = None if longest is None else steady(before, longest)
        self._told, self._silent = found, estimated.silent

    def of(self, queue: int, channel: str) -> dict[str, Any]:
        """The fields of a row."""
        told = self._told.get((queue, channel))
        return {
            "estimate": None if told is None else {"low_s": told[0], "high_s": told[1]},
            "estimate_silent": (queue, channel) in self._silent,
        }


def outlook(expected: Iterable[Expected], queues: Iterable[Row]) -> list[dict[str, Any]]:
    """What is expected of these queues until they close, as a frame tells it."""
    known = {queue["id"]: queue for queue in queues}
    return [
        {
            "queue": known[one.queue]["key"],
            "organisation": known[one.queue]["organisation"],
            "closes_at": one.closes_at,
            "days": one.days,
            "late": one.late,
            "backlog": one.backlog,
            "one_more": None
            if one.less_late is None
            else {"late": one.less_late, "backlog": one.less_backlog},
        }
        for one in expected
        if one.queue in known
    ]


def lines_of(queue: Row) -> Iterator[tuple[str, str]]:
    """(channel, line) of all that somebody may wait in."""
    for channel, classes in _classes(queue):
        for name in classes:
            yield channel, line_name(name, channel)


def _classes(queue: Row) -> Iterator[tuple[str, list[str]]]:
    if queue["disabled"]:
        return
    for channel in queue["channels"]:
        if channel not in BY_HAND:
            yield (
                channel,
                [
                    requirement(queue["organisation"], queue["task"], language, queue["level"])
                    for language in queue["languages"]
                ],
            )
