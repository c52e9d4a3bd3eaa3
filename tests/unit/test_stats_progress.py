"""Ids that commit late are read once, and those that never come are given up, never too early."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from contactcenter.stats.progress import PATIENCE_S, Gap, Look, Progress


@dataclass
class Transaction:
    """It has taken ids, and perhaps its own number; it ends or does not."""

    number: int
    ids: list[int]


@dataclass
class Database:
    """Transactions that take ids, commit and roll back in any order, and a clock."""

    now_s: float = 0.0
    next_id: int = 1
    next_number: int = 100
    running: list[Transaction] = field(default_factory=list)
    visible: set[int] = field(default_factory=set)

    def begin(self, count: int) -> None:
        ids = list(range(self.next_id, self.next_id + count))
        self.running.append(Transaction(self.next_number, ids))
        self.next_id += count
        self.next_number += 1

    def end(self, which: int, commits: bool) -> None:
        if self.running:
            done = self.running.pop(which % len(self.running))
            if commits:
                self.visible |= set(done.ids)

    def look(self) -> Look:
        oldest = min((t.number for t in self.running), default=self.next_number)
        return Look(self.now_s, oldest, self.next_number)

    def read(self, progress: Progress, most: int) -> tuple[list[int], Progress]:
        gaps = {n for gap in progress.gaps for n in range(gap.first, gap.last + 1)}
        found = sorted(n for n in self.visible if n > progress.upto or n in gaps)[:most]
        return found, progress.after(found, self.look(), all_read=len(found) < most)


acts = st.lists(
    st.one_of(
        st.tuples(st.just("begin"), st.integers(1, 5)),
        st.tuples(st.just("end"), st.integers(0, 9), st.booleans()),
        st.tuples(st.just("wait"), st.floats(0.1, 2 * PATIENCE_S)),
        st.tuples(st.just("read"), st.sampled_from([1, 3, 1000])),
    ),
    max_size=60,
)


@given(acts=acts)
def test_every_committed_id_is_read_exactly_once(acts: list[tuple[object, ...]]) -> None:
    database, progress, seen = Database(), Progress(), list[int]()
    for act in [*acts, *([("read", 1000)] * 2)]:
        if act[0] == "begin":
            database.begin(act[1])  # type: ignore[arg-type]
        elif act[0] == "end":
            database.end(act[1], act[2])  # type: ignore[arg-type]
        elif act[0] == "wait":
            database.now_s += act[1]  # type: ignore[operator]
        else:
            read, progress = database.read(progress, act[1])  # type: ignore[arg-type]
            seen += read
    assert sorted(seen) == sorted(database.visible)
    assert len(set(seen)) == len(seen)


@given(acts=acts)
def test_what_can_not_come_any_more_is_given_up(acts: list[tuple[object, ...]]) -> None:
    database, progress = Database(), Progress()
    for act in acts:
        if act[0] == "begin":
            database.begin(act[1])  # type: ignore[arg-type]
        elif act[0] == "end":
            database.end(act[1], act[2])  # type: ignore[arg-type]
        elif act[0] == "read":
            progress = database.read(progress, 1000)[1]
    database.running.clear()
    for _ in range(3):
        progress = database.read(progress, 1000)[1]
        database.now_s += PATIENCE_S
    assert progress.gaps == ()


def test_who_still_runs_is_waited_for_however_long() -> None:
    database, progress = Database(), Progress()
    database.begin(1000)
    database.begin(1)
    database.end(1, commits=True)
    for _ in range(10):
        read, progress = database.read(progress, 10)
        database.now_s += 1000
    assert [(gap.first, gap.last) for gap in progress.gaps] == [(1, 1000)]
    database.end(0, commits=True)
    read, progress = database.read(progress, 10_000)
    assert read == list(range(1, 1001))
    assert progress == Progress(1001)


def test_a_gap_is_kept_until_all_was_read() -> None:
    gap = Gap(1, 5, 0.0, before=100)
    look = Look(100.0, 200, 200)
    assert Progress(9, (gap,)).after([2], look, all_read=False).gaps == (
        Gap(1, 1, 0.0, 100),
        Gap(3, 5, 0.0, 100),
    )
    assert Progress(9, (gap,)).after([2], look, all_read=True).gaps == ()
