"""Dates and times of the pages, as each language writes them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from contactcenter.web.pages import day, environment, moment

AT = datetime(2026, 11, 27, 22, 4, tzinfo=UTC)  # past midnight in Helsinki


@pytest.mark.parametrize(
    ("language", "the_day", "the_time"),
    [
        ("fi", "28.11.2026", "28.11.2026 00.04"),
        ("sv", "28.11.2026", "28.11.2026 00.04"),
        ("en", "28 November 2026", "28 November 2026, 0:04"),
    ],
)
def test_a_language_has_one_way_to_write_a_date(language: str, the_day: str, the_time: str) -> None:
    assert day(date(2026, 11, 28), language) == the_day
    assert moment(AT, language) == the_time
    page = environment().from_string("{{ at | moment }}")
    assert page.render(at=AT, lang=language) == the_time


def test_a_zone_of_its_own() -> None:
    assert moment(AT, "en", "Europe/London") == "27 November 2026, 22:04"
