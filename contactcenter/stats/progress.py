"""Which events have been read: all up to an id, but for gaps. Pure.

An id is given before its transaction commits, so a greater one may be seen first. What was missed
is remembered as ranges of ids and read when it comes. A range is given up when nobody can commit it
any more: the transaction that took the id from the sequence has, some seconds later, a number of
its own, and no number below the newest of that moment is under way. A range may be long: a load of
history is one transaction.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

# Between taking an id and getting a number of its own a transaction does nothing else.
PATIENCE_S = 10.0


@dataclass(frozen=True)
class Look:
    """One look at the database: its clock in seconds, the oldest transaction that was under way,
    and the number that no transaction had reached yet (pg_current_snapshot)."""

    at_s: float
    oldest: int
    newest: int


@dataclass(frozen=True)
class Gap:
    """Ids from `first` to `last`, both missed since `since_s`. `before`: who might commit them has
    a number below this; None while that is not known."""

    first: int
    last: int
    since_s: float
    before: int | None = None


@dataclass(frozen=True)
class Progress:
    """Every id up to `upto` was seen, but for those in `gaps`."""

    upto: int = 0
    gaps: tuple[Gap, ...] = ()

    def after(self, ids: Sequence[int], look: Look, *, all_read: bool) -> Progress:
        """With these ids seen, in order, at this look. `all_read`: there were no others, so what
        is still missed was not there."""
        late = [number for number in ids if number <= self.upto]
        new = ids[len(late) :]
        gaps = [part for gap in self.gaps for part in _split(gap, late)]
        if all_read:
            gaps = [_older(gap, look) for gap in gaps if not _given_up(gap, look)]
        upto = new[-1] if new else self.upto
        gaps += _split(Gap(self.upto + 1, upto, look.at_s), new)
        return Progress(upto, tuple(gaps))


def _split(gap: Gap, ids: Sequence[int]) -> Iterator[Gap]:
    """What is left of a gap without these ids, which are in order."""
    first = gap.first
    for number in ids:
        if first <= number <= gap.last:
            if first < number:
                yield replace(gap, first=first, last=number - 1)
            first = number + 1
    if first <= gap.last:
        yield replace(gap, first=first)


def _given_up(gap: Gap, look: Look) -> bool:
    return gap.before is not None and look.oldest >= gap.before


def _older(gap: Gap, look: Look) -> Gap:
    if gap.before is not None or look.at_s - gap.since_s < PATIENCE_S:
        return gap
    return replace(gap, before=look.newest)
