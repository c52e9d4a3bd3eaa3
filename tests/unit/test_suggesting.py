"""Two rankings of services are made one."""

from __future__ import annotations

import pytest

from contactcenter.desk.suggesting import Suggested, fused


def _ranking(text: str) -> list[Suggested]:
    """ "1! 2": the service 1, whose name was written, and 2."""
    return [
        Suggested(int(word.rstrip("!")), {"fi": word}, word.endswith("!")) for word in text.split()
    ]


@pytest.mark.parametrize(
    ("by_name", "past", "together"),
    [
        ("1 2 3", "", "1 2 3"),
        ("", "7 8", "7 8"),
        ("1 2 3", "7", "1 7 2 3"),  # of equals the catalogue's is first
        ("1 2 3", "3", "3 1 2"),  # what both say
        ("1! 2! 3!", "7 8", "1 2 3 7 8"),  # a name is outvoted by nothing
        ("1 2 3!", "1 2", "3 1 2"),
        ("1! 2!", "2", "2 1"),  # of two that were named, the one that was meant before
    ],
)
def test_names_first_then_what_both_say(by_name: str, past: str, together: str) -> None:
    found = [str(one.id) for one in fused(_ranking(by_name), _ranking(past))]
    assert " ".join(found) == together
