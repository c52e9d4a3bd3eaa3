"""Which numbers are called back, in which spellings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contactcenter.callback.numbers import read_number
from contactcenter.errors import Refused
from contactcenter.kernel.phone import national

CALLED = ("FI", "SE", "GB")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("09 3101 1111", "+358931011111"),
        ("050 339 1387", "+358503391387"),
        ("+358 (0)9 8395 0070", "+358983950070"),
        ("0295 000", "+358295000"),
        ("010 123 4567", "+358101234567"),
        ("0046 8 123 456 78", "+46812345678"),
        (" 040\u2011123\u00a04567 \n", "+358401234567"),
    ],
)
def test_a_number_is_read_however_it_is_written(text: str, number: str) -> None:
    assert read_number(text, CALLED) == number


@pytest.mark.parametrize(
    "text",
    [
        *("", "112", "116 117", "118", "0600-11", "05", "0" * 50, "+", "+358"),
        *("040 CALLME", "040 123 4567,,9", "040 123 4567;ext=9", "040 123 4567 x9"),
        *(
            "tel:+358401234567",
            "sip:a@b.example",
            "040\u200b1234567",
            "\u0660\u0664\u0660\u0661\u0662\u0663\u0664\u0665\u0666\u0667",
            "\uff10\uff14\uff10\uff11\uff12\uff13\uff14\uff15\uff16\uff17",
        ),
        *("040\n123 4567", "040*1234567", "#31#0401234567", "040 123 4567\x00"),
    ],
)
def test_what_is_no_number_is_invalid(text: str) -> None:
    with pytest.raises(Refused) as refused:
        read_number(text, CALLED)
    assert (refused.value.code, refused.value.field) == ("invalid_number", "number")


@pytest.mark.parametrize(
    "text",
    [
        *("0600 123456", "0700 12345", "0100100", "0200 12345", "075 3212345", "0800 12345"),
        *("+881 6 1234 5678", "+882 13 123456", "+883 5100 12345678", "+979 123456789"),
        *("+372 5123 4567", "+1 212 555 0100", "+44 909 8790000", "+44 7911 123456"),
    ],
)
def test_services_satellites_and_other_countries_are_not_called(text: str) -> None:
    with pytest.raises(Refused) as refused:
        read_number(text, CALLED)
    assert (refused.value.code, refused.value.field) == ("number_not_allowed", "number")


def test_numbers_are_shown_as_people_at_home_write_them() -> None:
    assert national("+358503391387") == "050 3391387"
    assert national("+46812345678") == "+46 8 123 456 78"


@given(digits=st.integers(0, 9_999_999), cuts=st.lists(st.sampled_from(" -.()\u00a0"), max_size=8))
def test_every_spelling_of_one_number_is_one_number(digits: int, cuts: list[str]) -> None:
    tail = f"{digits:07}"
    spelled = "".join(digit + (cuts[n] if n < len(cuts) else "") for n, digit in enumerate(tail))
    numbers = {read_number(f"{head}{spelled}", CALLED) for head in ("040", "+358 40", "0035840")}
    assert numbers == {f"+35840{tail}"}
