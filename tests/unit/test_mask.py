"""Personal identity codes, account numbers and card numbers never reach a table."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contactcenter.kernel.identity_codes import check_character
from contactcenter.kernel.mask import storable

LINES = Path(__file__).with_name("masking_lines.tsv")  # kind, what must be gone, the line
VALID = (
    "131052-308T 131022B3082 131052X308T 010594Y9032 020594X903P 030594W903B 040594V902Y"
    " 050594U902L 010516B902W 010501E9032 020502E902X 020503F9037 010280-952L"
).split()
DAYS = [date(1900, 1, 1) + timedelta(days=n) for n in range(45_000)]


def lines() -> dict[str, list[tuple[str, str]]]:
    """(what must be gone, the line) of each kind."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for line in LINES.read_text(encoding="utf-8").splitlines():
        kind, secret, text = line.split("\t")
        found[kind].append((secret, text))
    return found


def test_labelled_lines_are_masked_as_far_as_is_promised() -> None:
    of = lines()
    assert sum(map(len, of.values())) >= 300
    gone = {
        kind: [text for secret, text in some if secret in storable(text)]
        for kind, some in of.items()
        if kind != "none"
    }
    assert gone["valid"] == gone["iban"] == gone["card"] == []
    assert len(gone["malformed"]) <= 0.01 * len(of["malformed"])
    touched = [text for _, text in of["none"] if storable(text) != text]
    assert len(touched) <= 0.01 * len(of["none"]), touched


@pytest.mark.parametrize("code", VALID)
def test_a_code_keeps_its_day_and_loses_its_number(code: str) -> None:
    assert check_character(code[:6], code[7:10]) == code[-1]
    assert storable(f"Hetu: {code}.") == f"Hetu: {code[:6]}{code[6]}****."


@pytest.mark.parametrize(
    "text", ["131052 - 308T", "131052\u2013308t", "131052-\u200b308T", "131052308T", "131052 308T"]
)
def test_a_code_is_found_however_it_is_written(text: str) -> None:
    assert storable(text) == "131052-****"


@pytest.mark.parametrize(
    "text",
    ["290201-123B", "310252-123A", "131352-308T", "12131052-308T", "131052-308TX", "131052-308"],
)
def test_what_only_looks_alike_stays(text: str) -> None:
    assert storable(text) == text


def test_four_digits_after_a_day_are_a_code_unless_a_word_says_otherwise() -> None:
    assert storable("Lapseni 040123-4567") == "Lapseni 040123-****"
    assert storable("puh. 040123-4567") == "puh. 040123-4567"
    assert storable("puh. 131052-308T") == "puh. 131052-****"  # no telephone number ends so


def test_an_account_keeps_its_country_and_a_card_its_last_four() -> None:
    assert storable("Tili FI21 1234 5600 0007 85, kiitos") == "Tili FI** ****, kiitos"
    assert storable("fi2112345600000785 on tilini") == "FI** **** on tilini"
    assert storable("Kortti 4111-1111-1111-1111") == "Kortti **** 1111"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("4111 1111 1111 1111 12/26", "**** 1111 12/26"),
        ("4111111111111111 123", "**** 1111 123"),
        ("2 4111 1111 1111 1111", "2 **** 1111"),
        ("FI00100 Helsinki FI21 1234 5600 0007 85", "FI00100 Helsinki FI** ****"),
        ("se10 on minun tilini FI21 1234 5600 0007 85", "se10 on minun tilini FI** ****"),
    ],
)
def test_nothing_that_stands_beside_a_number_hides_it(text: str, masked: str) -> None:
    assert storable(text) == masked


@given(st.sampled_from(DAYS), st.integers(2, 999), st.text(" .,;:()\n\"'", min_size=1), st.data())
def test_each_code_is_masked_wherever_it_stands(
    day: date, number: int, beside: str, data: st.DataObject
) -> None:
    letters = "-YXWVU" if day.year < 2000 else "ABCDEF"
    birth, sign = f"{day:%d%m%y}", data.draw(st.sampled_from(letters))
    tail = f"{number:03}{check_character(birth, f'{number:03}')}"
    assert tail not in storable(f"{beside}{birth}{sign}{tail}{beside}")


@given(st.text(st.characters()))  # halves of pairs (surrogates) too
def test_what_is_stored_can_be_stored(text: str) -> None:
    assert "\x00" not in storable(text)
    storable(text).encode("utf-8")
    assert storable(storable(text)) == storable(text)
