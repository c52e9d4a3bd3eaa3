"""What is told: no cell of one to four, no difference of two filters of one to four, sums near the
truth."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from datetime import date, timedelta
from itertools import product

import pytest

from contactcenter.insight.stretch_told import told_of
from contactcenter.insight.stretches import stretch_of, stretches
from contactcenter.insight.telling import LEAST, Cell, Key, corrected, fitted, parted, rounded

SHARES = {"a": 0.6, "b": 0.2, "c": 0.12}
SERVICES, CHANNELS, LANGUAGES = "abcdefghij", ("mail", "call", "visit"), ("fi", "sv", "en")


def city(seed: int) -> list[Cell]:
    """Contacts of a few hundred persons, some of whom come often."""
    rng = random.Random(seed)
    who: defaultdict[Key, list[int]] = defaultdict(list)
    for _ in range(600):
        key = (
            SERVICES[int(len(SERVICES) * rng.random() ** 2)],
            rng.choices(CHANNELS, (6, 5, 1))[0],
            rng.choices(LANGUAGES, (8, 2, 1))[0],
        )
        who[key].append(int(300 * rng.random() ** 3))
    return [Cell(key, len(of), len(set(of))) for key, of in who.items()]


def chosen(told: dict[Key, int], asked: tuple[str | None, ...]) -> int:
    """What a filter shows."""
    return sum(
        n for key, n in told.items() if all(a in (None, k) for a, k in zip(asked, key, strict=True))
    )


@pytest.mark.parametrize("seed", range(5))
def test_no_filter_and_no_difference_of_two_is_of_one_to_four(seed: int) -> None:
    told = rounded(city(seed))
    filters: list[tuple[str | None, ...]] = list(
        product((None, *SERVICES), (None, *CHANNELS), (None, *LANGUAGES))
    )
    shown = {asked: chosen(told, asked) for asked in filters}
    for asked, n in shown.items():
        assert n == 0 or n >= LEAST, asked
        for i, word in enumerate(asked):  # without one of its conditions
            if word is not None:
                rest = shown[(*asked[:i], None, *asked[i + 1 :])] - n
                assert rest == 0 or rest >= LEAST, (asked, i)
    # Of a small cell it is not told what it was: those told as five were of one to four, and more.
    small = {c.key: c.n for c in city(seed) if c.persons < LEAST}
    assert {told[key] for key in small} <= {0, LEAST}
    assert len({n for key, n in small.items() if told[key] == LEAST}) >= 3


def test_sums_stay_near_the_truth() -> None:
    cells = city(1)
    told = rounded(cells)
    for i in range(3):
        for word in {cell.key[i] for cell in cells}:
            true = sum(cell.n for cell in cells if cell.key[i] == word)
            assert abs(sum(n for k, n in told.items() if k[i] == word) - true) <= 8, word
    assert abs(sum(told.values()) - sum(cell.n for cell in cells)) <= 8


def test_two_a_week_are_not_none_for_ever() -> None:
    behind: dict[Key, int] = {}
    told = 0
    for _ in range(10):
        value = rounded([Cell(("a", "1"), 2, 2), Cell(("b", "5"), 40, 40)], behind)[("a", "1")]
        behind[("a", "1")] = behind.get(("a", "1"), 0) + 2 - value
        told += value
    assert told == 20


def test_somebody_who_rings_forty_times_is_nowhere_to_be_seen() -> None:
    assert rounded([Cell(("a",), 40, 1), Cell(("b",), 9, 9)]) == {("a",): 5, ("b",): 9}


@pytest.mark.parametrize("seed", range(5))
def test_parts_add_up_to_their_whole_and_give_no_small_one_away(seed: int) -> None:
    rng = random.Random(seed)
    parts = [
        Cell((whole, part), n, rng.randint(1, n))
        for whole, part in product(SERVICES, "vwxyz")
        if (n := int(30 * rng.random() ** 3))
    ]
    totals = {w: rng.choice((0, 5, 6, 8, 11, 60)) for w in SERVICES}
    told = parted(parts, totals)
    sums = Counter({whole: 0 for whole in SERVICES})
    for (whole, _), n in told.items():
        assert n == 0 or n >= LEAST
        sums[whole] += n
    assert all(sums[cell.key[0]] == totals[cell.key[0]] for cell in parts)


def test_two_a_week_of_a_part_are_none_and_five_in_turn() -> None:
    behind: dict[Key, int] = {}
    for _ in range(10):
        parts = [Cell(("a", "islands"), 2, 2), Cell(("a", "centre"), 40, 40)]
        told = parted(parts, {"a": 42}, behind)
        behind = {cell.key: behind.get(cell.key, 0) + cell.n - told[cell.key] for cell in parts}
        assert all(abs(less) < LEAST for less in behind.values())
    assert behind == {("a", "islands"): 0, ("a", "centre"): 0}


def test_a_small_part_is_not_the_whole_without_the_rest() -> None:
    told = parted([Cell(("a", "chasing"), 2, 2), Cell(("a", "value"), 10, 10)], {"a": 12})
    assert told in (
        {("a", "chasing"): 0, ("a", "value"): 12},
        {("a", "chasing"): 5, ("a", "value"): 7},
    )
    assert fitted([5, 0, 6], 9) == [0, 0, 9]
    assert fitted([5, 6], 0) == [0, 0]
    assert fitted([0, 0, 0], 5, [1, 3, 2]) == [0, 5, 0]  # not the last by name


@pytest.mark.parametrize("early", [True, False])
def test_causes_are_of_as_many_as_were_done_also_where_these_were_told_before(early: bool) -> None:
    """Told of the same contacts, by other sides: one less the other could be somebody."""
    rng = random.Random(2)
    for _ in range(20):
        causes: dict[Key, tuple[int, int]] = {}
        done = 0
        for service, part in product("0123456", ("", "value", "chasing")):
            if n := int(30 * rng.random() ** 4):
                causes[service, "", "", part] = (n, rng.randint(1, n))
                done += n
        answer: dict[Key, tuple[int, int]]
        answer = {("0", "mail", "", "h1-h1"): (max(done + rng.randint(-4, 4), 5), 90)}
        counted, before = (
            {"cause": causes, "reason": causes},
            dict[str, dict[Key, tuple[int, int]]](),
        )
        (before if early else counted)["answer"] = answer
        told = told_of(counted, before, {}, late=True)
        assert ("answer" in told) != early  # what was told stays
        for view in ("cause", "reason"):
            assert all(n == 0 or n >= LEAST for n in told[view].values())
            assert sum(told[view].values()) == sum(n for n, _ in answer.values())


def test_small_parts_do_not_always_lose_what_must_fit() -> None:
    """Some hundred weeks of wholes of different size, each of a large part and smaller ones."""
    rng = random.Random(1)
    true, sums = Counter[str](), Counter[str]()
    for _ in range(100):
        parts, totals = [], {}
        for whole in range(12):
            size = 30 // (whole + 1)
            counts = {p: sum(rng.random() < w for _ in range(size)) for p, w in SHARES.items()}
            parts += [Cell((str(whole), part), n, n) for part, n in counts.items() if n]
            total = sum(counts.values())
            totals[str(whole)] = total if total >= LEAST else LEAST * (rng.random() * LEAST < total)
            true.update(counts)
        for (_, part), n in parted(parts, totals).items():
            sums[part] += n
    assert {part: n for part, n in true.items() if abs(sums[part] / n - 1) > 0.15} == {}


def test_what_is_told_again_differs_by_fives() -> None:
    for before, now in product((0, 5, 6, 7, 12, 40), repeat=2):
        value = corrected(before, now)
        assert value == before or abs(value - before) >= LEAST
        assert value == 0 or value >= LEAST
        assert abs(value - now) < 2 * LEAST
    # A sum of several such changes is no small one either.
    assert {(corrected(b, n) - b) % 5 for b, n in product((7, 12, 23), (0, 9, 31))} == {0}


def test_stretches_are_weeks_cut_where_months_end() -> None:
    whole = stretches(date(2026, 10, 30), date(2026, 12, 1))
    assert [(s.first.day, s.last.day) for s in whole] == [
        (26, 31), (1, 1), (2, 8), (9, 15), (16, 22), (23, 29), (30, 30), (1, 6),
    ]  # fmt: skip
    day = date(2027, 12, 1)
    for _ in range(800):
        stretch = stretch_of(day)
        assert stretch.first <= day <= stretch.last
        assert stretch.first.weekday() == 0 or stretch.first.day == 1
        assert stretch_of(stretch.last + timedelta(days=1)).first > stretch.last
        day += timedelta(days=1)
