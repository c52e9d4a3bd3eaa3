"""What is known of a queue's channel by what was counted: how long handling takes, how long people
stay, whether estimates held. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

AHT_S = 300.0  # where nothing was counted yet
WEIGHT = 30  # the last weeks' mean counts like so many handlings of the last hours
LEAST_HANDLED = 20  # of fewer one knows too little to tell citizens anything
LEAST_JUDGED, MOST_JUDGED = 30, 100
SURE_PATIENCE = 10  # so many must have left before it is said how long people stay


class Counted(NamedTuple):
    """Sums of the last four weeks, and of the last two hours; seconds."""

    handled: int = 0
    handle_s: float = 0.0
    lately: int = 0
    lately_s: float = 0.0
    accepted: int = 0
    wait_s: float = 0.0
    abandoned: int = 0

    @property
    def known(self) -> bool:
        """Whether enough was handled."""
        return self.handled >= LEAST_HANDLED

    @property
    def aht_s(self) -> float:
        """Mean handling time: that of the last hours, drawn to that of the last weeks the more, the
        less was handled lately."""
        before = self.handle_s / self.handled if self.handled else AHT_S
        return max(1.0, (WEIGHT * before + self.lately_s) / (WEIGHT + self.lately))

    @property
    def patience_s(self) -> float | None:
        """Mean patience: all waits together by the number of those who left, as for Erlang A; who
        left is taken to have waited as long as the others. None where hardly anybody leaves."""
        if self.abandoned < SURE_PATIENCE or not self.accepted:
            return None
        waits = self.wait_s / self.accepted * (self.accepted + self.abandoned)
        return max(1.0, waits / self.abandoned)


def is_silent(judged: Iterable[tuple[int, int]], least: float) -> bool:
    """Whether estimates were too often wrong to be told: fewer than the share `least` held of the
    last hundred or so. `judged`: (how many, how many held), the newest first. While fewer than
    thirty are judged, they are told."""
    number = held = 0
    for n, well in judged:
        number, held = number + n, held + well
        if number >= MOST_JUDGED:
            break
    return number >= LEAST_JUDGED and held < least * number
