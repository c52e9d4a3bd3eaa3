"""Contrast as WCAG counts it, and the nearest colour that has enough."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contactcenter.configuration.contrast import (
    BLACK,
    TEXT,
    WHITE,
    Colour,
    colour,
    luminance,
    mix,
    nearest,
    ratio,
)

BYTES = st.integers(0, 255)
COLOURS = st.builds(Colour, BYTES, BYTES, BYTES)


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [
        ("#000000", "#ffffff", 21.0, 21.0),
        ("#ffffff", "#ffffff", 1.0, 1.0),
        ("#767676", "#ffffff", 4.54, 4.55),  # the lightest grey that passes for text
        ("#777777", "#ffffff", 4.47, 4.48),
        ("#949494", "#ffffff", 3.03, 3.04),  # and for parts of controls
        ("#959595", "#ffffff", 2.99, 3.0),
        ("#ff0000", "#ffffff", 3.99, 4.0),
        ("#0000ff", "#ffffff", 8.59, 8.6),
        ("#00ff00", "#ffffff", 1.37, 1.38),
        ("#0072c6", "#ffffff", 4.96, 5.1),
    ],
)
def test_known_pairs(one: str, other: str, least: float, most: float) -> None:
    found = ratio(colour(one), colour(other))
    assert least <= round(found, 2) <= most
    assert found == ratio(colour(other), colour(one))


@given(COLOURS)
def test_written_and_read_it_is_the_same(one: Colour) -> None:
    assert colour(str(one)) == one
    assert 0 <= luminance(one) <= 1


@given(COLOURS, COLOURS)
def test_a_ratio_lies_between_one_and_twenty_one(one: Colour, other: Colour) -> None:
    assert 1 <= ratio(one, other) <= 21.0000001


@given(COLOURS, COLOURS)
def test_the_nearest_passes_and_none_is_nearer(one: Colour, ground: Colour) -> None:
    def passes(tried: Colour) -> bool:
        return ratio(tried, ground) >= TEXT

    found = nearest(one, passes)
    assert found is not None  # black or white can be read on any ground
    assert passes(found)
    if found == one:
        return
    steps = [n for n in range(256) if found in (mix(one, BLACK, n / 255), mix(one, WHITE, n / 255))]
    before = min(steps)
    for n in range(before):
        assert not passes(mix(one, BLACK, n / 255))
        assert not passes(mix(one, WHITE, n / 255))


def test_where_nothing_passes_there_is_none() -> None:
    assert nearest(colour("#123456"), lambda one: False) is None
