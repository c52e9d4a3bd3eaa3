"""Personal identity codes never reach a table."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contactcenter.kernel.mask import MASK, mask_codes, storable


@pytest.mark.parametrize(
    "code",
    ["131052-308T", "131052-3082", "010199A123B", "311299+001H", "010123Y999X", "131052\u2013308t"],
)
def test_a_code_is_masked_by_its_shape(code: str) -> None:
    assert mask_codes(f"Hetu: {code}.") == f"Hetu: {MASK}."


@pytest.mark.parametrize(
    "text",
    [
        "990052-308T",
        "131352-308T",
        "12131052-308T",
        "131052-308",
        "+358 40 123 4567",
        "131052-308TX",
    ],
)
def test_what_only_looks_alike_stays(text: str) -> None:
    assert mask_codes(text) == text


@given(st.text(st.characters()))  # halves of pairs (surrogates) too
def test_what_is_stored_can_be_stored(text: str) -> None:
    assert "\x00" not in storable(text)
    storable(text).encode("utf-8")
