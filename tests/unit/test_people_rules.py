"""Who may be taken for one person, and what of a text says so."""

from __future__ import annotations

import phonenumbers
import pytest

from contactcenter.people import rules
from contactcenter.people.rules import Claim, enough, in_order, same_name, usual, written


def test_only_proof_or_an_agents_check_is_enough() -> None:
    assert enough(["proven"], None)
    assert enough([], "document")
    assert enough(["name"], "answers")
    assert not enough(["given", "written", "name"], None)
    assert in_order({"name", "proven", "given"}) == ["proven", "given", "name"]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Matti Meikäläinen", "MEIKÄLÄINEN, Matti", True),
        ("Matti", "Matti", False),  # many are called so
        ("", "", False),
        ("Matti Meikäläinen", "Maija Meikäläinen", False),
        ("Matti Matti", "Matti", False),
    ],
)
def test_names(one: str, other: str, same: bool) -> None:
    assert same_name(one, other) is same


def test_addresses_and_numbers_in_a_text() -> None:
    text = "Olen Ville.V@Example.org. (ville@b.fi), 040 123 4567 tai +46 8 123 456 78; 131052-****"
    assert written([text, "ville@b.fi"]) == [
        Claim("email", "ville.v@example.org", "written"),
        Claim("email", "ville@b.fi", "written"),
        Claim("phone", "+358401234567", "written"),
        Claim("phone", "+46812345678", "written"),
    ]


def test_what_a_text_costs_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    looked = []

    def parse(text: str, home: str) -> phonenumbers.PhoneNumber:
        looked.append(text)
        return phonenumbers.PhoneNumber()

    monkeypatch.setattr(phonenumbers, "parse", parse)
    assert written(["1234567 " * 10_000, "a" * 10_000 + "@", "040 1234567"]) == []
    assert len(looked) == rules.MOST_FOUND


def test_the_usual_value() -> None:
    assert usual(["fi", None, "sv", "sv"]) == "sv"
    assert usual(["fi", "sv"]) == "fi"
    assert usual([]) is None
