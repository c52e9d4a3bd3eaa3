"""Times as people write them, and periods cut into what is kept and what is ragged."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contactcenter.stats.kept import parts
from contactcenter.stats.period import moment, split
from contactcenter.stats.rules import QUARTER, quarter
from contactcenter.stats.table import table

HELSINKI = ZoneInfo("Europe/Helsinki")
YEAR = timedelta(days=365)
moments = st.timedeltas(timedelta(), YEAR).map(lambda t: datetime(2026, 1, 1, tzinfo=UTC) + t)


def test_a_day_is_each_organisations_own() -> None:
    day = moment("2026-11-26")
    assert day.at(HELSINKI) == datetime(2026, 11, 25, 22, tzinfo=UTC)
    assert day.at(ZoneInfo("UTC")) == datetime(2026, 11, 26, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["2026-11-26T08:00:00+02:00", "2026-11-26T06:00:00Z", "2026-11-26 06:00+00:00"]
)
def test_a_time_says_its_zone(text: str) -> None:
    assert moment(text).at(HELSINKI) == datetime(2026, 11, 26, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "today",
        "26.11.2026",
        "2026-13-01",
        "2026-11-26T25:00Z",
        "2026-11-26T08:00",
        "0001-01-01T00:00+14:00",
        "0001-01-01",
        "9999-12-31",
        "9999-12-31T12:00Z",
    ],
)
def test_other_times_are_refused_with_what_to_write(text: str) -> None:
    with pytest.raises(ValueError, match=r"write|add one"):
        moment(text)


@given(since=moments, length=st.timedeltas(timedelta(), timedelta(days=40)))
def test_the_pieces_are_the_period(since: datetime, length: timedelta) -> None:
    until = since + length
    cut = split(since, until)
    first, last = cut.whole
    assert quarter(first) == first
    assert quarter(last) == last
    pieces = [piece for piece in (cut.whole, *cut.ends) if piece[0] < piece[1]]
    assert sum((b - a for a, b in pieces), timedelta()) == length
    assert all(b - a < QUARTER * 2 for a, b in cut.ends)
    read = parts(first, last, HELSINKI) if first < last else []
    assert [part[1] for part in read[1:]] == [part[2] for part in read[:-1]]
    assert sum((b - a for _, a, b in read), timedelta()) == last - first
    for by, a, b in read:
        if by == "day":
            assert (
                a.astimezone(HELSINKI).time()
                == b.astimezone(HELSINKI).time()
                == datetime.min.time()
            )


def test_a_month_is_read_by_its_days() -> None:
    since, until = moment("2026-03-01").at(HELSINKI), moment("2026-04-01").at(HELSINKI)
    assert parts(since, until, HELSINKI) == [("day", since, until)]


def test_a_table_for_people() -> None:
    total = dict.fromkeys(("entered", "accepted", "abandoned", "short_abandoned", "handled"), 2)
    more = {"promises": 2, "kept": 1, "asa_s": 3.25, "aht_s": None}
    level = {"service_level": {"value": 0.5, "seconds": None, "way": "negative"}}
    part = {"queues": [], "total": total | more | level}
    no = {"queue": "general", "channel": "mail", "reason": None, "n": 3}
    text = table({"from": "a", "to": None, "declined": [no]} | part)
    assert text.startswith("a to several zones\nqueue")
    assert "50.0% in each queue's, negative" in text
    assert "1 of 2" in text
    assert "3.2 s" in text
    assert "declined  general, mail: no reason 3\n" in text
    by = table({"from": "a", "to": "b", "intervals": [{"from": "x", "to": "y"} | part]})
    assert "\nx\nqueue" in by
