"""Which services moved: the functions as they are known, and how often it is said wrongly."""

from __future__ import annotations

import math
import random
from types import SimpleNamespace
from typing import cast

import pytest

from contactcenter.insight.movers import Mover, below, dispersion, movers
from contactcenter.insight.reading import Told, told_apart
from contactcenter.insight.sections import change, moved
from contactcenter.insight.words import Words
from contactcenter.kernel.i18n import Catalogue


@pytest.mark.parametrize(
    ("x", "a", "b"), [(0.5, 2, 3), (0.1, 5, 20), (1 / 9, 30, 81), (0.2, 40, 180)]
)
def test_the_beta_function_is_a_binomial_tail(x: float, a: int, b: int) -> None:
    n = a + b - 1
    tail = sum(math.comb(n, k) * x**k * (1 - x) ** (n - k) for k in range(a, n + 1))
    assert below(x, a, b) == pytest.approx(tail, rel=1e-9)
    assert below(1 - x, b, a) == pytest.approx(1 - tail, rel=1e-9)


def test_of_halves_it_is_the_arcsine_law() -> None:
    assert below(0.9, 0.5, 0.5) == pytest.approx(2 / math.pi * math.asin(math.sqrt(0.9)), rel=1e-9)


def uneven(rng: random.Random, mean: float, a: float) -> int:
    """Of a negative binomial: a Poisson of which the mean is a gamma."""
    left = rng.gammavariate(1 / a, mean * a) if a else mean
    count = -1
    while left > 0:
        count, left = count + 1, left - rng.expovariate(1)
    return count


def city(rng: random.Random, a: float, services: int) -> dict[str, list[int]]:
    """Nine weeks of services of all sizes, of which none changes."""
    means = [90 / (i + 1) ** 0.8 for i in range(services)]
    return {str(i): [uneven(rng, mean, a) for _ in range(9)] for i, mean in enumerate(means)}


@pytest.mark.parametrize("a", [0.0, 0.02, 0.1])
def test_unchanged_services_are_told_of_in_one_week_of_twenty_at_most(a: float) -> None:
    rng, weeks = random.Random(f"unchanged {a}"), 150
    alarms = sum(bool(movers(city(rng, a, 30))) for _ in range(weeks))
    assert alarms / weeks <= 0.05


def test_what_trebled_is_found_and_its_interval_holds_it() -> None:
    rng = random.Random(4)
    found = held = 0
    for _ in range(30):
        weeks = city(rng, 0.02, 30)
        weeks["3"][-1] = uneven(rng, 3 * 90 / 4**0.8, 0.02)
        of = {mover.key: mover for mover in movers(weeks)}
        if "3" in of:
            found += 1
            held += of["3"].low <= 3 <= of["3"].high
            assert of["3"].low > 1
    assert found >= 27
    assert held >= 0.9 * found


@pytest.mark.parametrize(("before", "now"), [(20, 60), (400, 100), (6, 31), (2000, 3000), (30, 0)])
def test_an_interval_ends_where_now_has_just_that_chance(before: int, now: int) -> None:
    (mover,) = movers({"a": [before] * 8 + [now]})
    factor = 1 + 2 / ((8 * before + now) / 9)  # of one even service: what rounding adds
    seen, rest = now / factor, 8 * before / factor
    assert (mover.low > 0) == (now > 0)
    for ratio, chance in ((mover.low, 0.025), (mover.high, 0.975))[now == 0 :]:
        share = ratio / (8 + ratio)
        more = below(share, seen, rest + 1) if now else 1.0
        assert (more + below(share, seen + 1, rest)) / 2 == pytest.approx(chance, rel=1e-9)


def test_of_few_weeks_or_few_contacts_nothing_is_told() -> None:
    assert movers({}) == []
    assert movers({"a": [10, 10, 10, 900]}) == []
    assert movers({"a": [1, 0, 1, 0, 1, 0, 0, 1, 4]}) == []
    assert movers({"a": [0] * 8 + [50]}) == []  # nothing to compare with


def test_unevenness_is_found() -> None:
    rng = random.Random(2)
    series = [[uneven(rng, 60, 0.1) for _ in range(8)] for _ in range(200)]
    assert dispersion(series) == pytest.approx(0.1, rel=0.2)
    even = [[uneven(rng, 60, 0) for _ in range(8)] for _ in range(200)]
    assert dispersion(even) == pytest.approx(0, abs=0.004)


def test_a_service_that_nobody_asks_about_any_more_is_shown() -> None:
    told = cast(Told, SimpleNamespace(services={}))
    table = moved([Mover("7", 0, 12.0, 0.0, 0.0, 0.2)], told, Words(Catalogue.load(), "en"))
    assert [(row.cells[0], row.cells[2][:5], row.bar) for row in table.rows] == [
        ("0", "\N{MINUS SIGN}100%", 0.0)
    ]


def test_a_share_that_is_small_is_not_none() -> None:
    said = {code: Words(Catalogue.load(), code) for code in ("fi", "sv", "en")}
    assert [w.percent(0.004) for w in said.values()] == ["<\xa01\xa0%", "<\xa01\xa0%", "<\xa01%"]
    assert [said["en"].percent(share) for share in (0, 0.006, 1)] == ["0%", "1%", "100%"]
    assert change(1.004, said["en"]) == "+0%"


def test_of_reasons_that_are_called_alike_it_is_said_whose_they_are() -> None:
    names = {
        "bill@1": {"fi": "Lasku", "sv": "Faktura"},
        "bill@2": {"fi": "Lasku", "sv": "R\xe4kning"},
        "fault@1": {"fi": "Vika"},
        "broken@1": {"fi": "Vika"},
        "shared@1": {"fi": "Muu"},
        "other@1": {"fi": "Muu"},
    }
    city, house = {"fi": "Kaupunki", "sv": "Staden"}, {"fi": "Kela"}
    whose = {"bill@1": city, "bill@2": house, "fault@1": city, "broken@1": city, "other@1": city}
    assert {key: of["fi"] for key, of in told_apart(names, whose).items()} == {
        "bill@1": "Lasku (Kaupunki)",
        "bill@2": "Lasku (Kela)",
        "fault@1": "Vika",
        "broken@1": "Vika",
        "shared@1": "Muu",
        "other@1": "Muu (Kaupunki)",
    }
    assert told_apart(names, whose)["bill@2"]["sv"] == "R\xe4kning"
