"""Reply tokens: only we can make one, and an address survives what servers do to it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contactcenter.cases import reply_token
from tests.texts import texts

KEY, OTHER = b"k" * 32, b"o" * 32


@given(st.integers(1, 2**56 - 1))
def test_a_token_names_its_case_whatever_case_it_comes_back_in(case: int) -> None:
    token = reply_token.make(KEY, case)
    assert len(token) == reply_token.LENGTH
    assert reply_token.check(KEY, token) == case
    assert reply_token.check(KEY, token.upper()) == case
    assert reply_token.check(OTHER, token) is None


def test_one_changed_letter_anywhere_makes_it_worthless() -> None:
    token = reply_token.make(KEY, 4711)
    for at, letter in enumerate(token):
        for other in {"a", "b", "2"} - {letter}:
            assert reply_token.check(KEY, token[:at] + other + token[at + 1 :]) is None


@pytest.mark.parametrize(
    "token", ["", "a", "a" * 31, "a" * 33, "1" * 32, "ä" * 32, "a" * 31 + "\n"]
)
def test_what_is_no_token_is_none(token: str) -> None:
    assert reply_token.check(KEY, token) is None


@given(texts(max_size=40))
def test_no_text_is_a_token(token: str) -> None:
    assert reply_token.check(KEY, token) is None


def test_the_address_holds_the_token_where_it_may() -> None:
    address = reply_token.address(KEY, 5, "palaute@kaupunki.example")
    assert address == f"palaute+{reply_token.make(KEY, 5)}@kaupunki.example"
    assert reply_token.address(KEY, 5, "palaute+a@kaupunki.example") is None
    longest = "x" * (64 - 1 - reply_token.LENGTH)
    assert reply_token.address(KEY, 5, f"{longest}@kaupunki.example") is not None
    assert reply_token.address(KEY, 5, f"{longest}x@kaupunki.example") is None
