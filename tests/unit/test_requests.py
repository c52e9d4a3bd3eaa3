"""Which contacts are one request: hand-made histories."""

from __future__ import annotations

from datetime import timedelta

import pytest

from contactcenter.cases.requests import Approach, matter_of, requests
from contactcenter.stats.requests import counted
from tests.services.histories import MONDAY, History, Made, histories

ALL = histories()


def _approaches(made: list[Made]) -> list[Approach]:
    return [
        Approach(n, _matter(one), one.arrived, one.closed) for n, one in enumerate(made, start=1)
    ]


def _matter(one: Made) -> tuple[str, int, int]:
    known = {"-": None, **{name: n for n, name in enumerate(("a", "b", "lib", "tax", "bus"))}}
    return matter_of(known[one.person], known[one.service], int(one.case))


@pytest.mark.parametrize("history", ALL, ids=[one.name for one in ALL])
def test_repeats_find_themselves(history: History) -> None:
    found = requests(_approaches(history.made))
    assert [found[n] for n in range(1, len(history.made) + 1)] == history.first
    assert requests(reversed(_approaches(history.made))) == found


@pytest.mark.parametrize("history", ALL, ids=[one.name for one in ALL])
def test_contacts_for_each_resolved_request(history: History) -> None:
    cases = {n: int(one.case) for n, one in enumerate(history.made, start=1)}
    resolved = {int(one.case) for one in history.made if one.resolved}
    until = MONDAY + timedelta(days=365)
    found = counted(_approaches(history.made), cases, resolved, MONDAY, until)
    assert found == (history.contacts, history.requests)


def test_forty_histories() -> None:
    assert len(ALL) == 40
    assert sum(one.contacts for one in ALL) / sum(one.requests for one in ALL) == 85 / 51


def test_what_is_cut_off_goes_on_with_what_it_was() -> None:
    first, second = _approaches(histories()[1].made)
    matter = second.matter
    assert requests([second], {matter: first.contact}) == {second.contact: first.contact}
