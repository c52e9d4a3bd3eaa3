"""So many sockets an address, and nothing kept of one that has none."""

from __future__ import annotations

from collections import Counter

import pytest

from contactcenter.errors import Refused
from contactcenter.web.allowance import one_of


def test_the_last_one_that_goes_leaves_nothing_behind() -> None:
    held: Counter[str] = Counter()
    with one_of(2, held, "a"), one_of(2, held, "a"):
        with pytest.raises(Refused, match="too_many"), one_of(2, held, "a"):
            pass
        with one_of(2, held, "b"):
            assert held == {"a": 2, "b": 1}
    assert list(held) == []
