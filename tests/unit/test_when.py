"""Days and times in words."""

# ruff: noqa: RUF001 - spans are written with an en dash
from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest

from contactcenter.callback.windows import Window
from contactcenter.kernel.i18n import Catalogue
from contactcenter.web.when import When

CATALOGUE = Catalogue.load()
HELSINKI = ZoneInfo("Europe/Helsinki")
NOW = datetime(2026, 11, 26, 21, 0, tzinfo=UTC)  # 23.00 in Helsinki


def when(language: str, now: datetime = NOW) -> When:
    return When(partial(CATALOGUE.t, language), HELSINKI, now)


def half_hour(*at: int) -> Window:
    opens = datetime(*at, tzinfo=UTC)  # type: ignore[arg-type,misc]
    return Window(opens, opens + timedelta(minutes=30))


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fi", "tiistai 1.12. klo 10.00–10.30"),
        ("sv", "tisdag 1 december kl. 10.00–10.30"),
        ("en", "Tuesday 1 December, 10:00–10:30"),
    ],
)
def test_a_window(language: str, said: str) -> None:
    assert when(language).window(half_hour(2026, 12, 1, 8, 0)) == said


def test_near_days_are_called_so_by_the_organisations_clock() -> None:
    assert when("fi").day(date(2026, 11, 26)) == "tänään, torstai 26.11."
    assert when("fi").moment(NOW + timedelta(hours=2)) == "huomenna, perjantai 27.11. klo 1.00"
    assert when("fi").day(date(2026, 11, 28)) == "lauantai 28.11."


def test_the_hour_that_comes_twice() -> None:
    spans = [when("en").span(half_hour(2026, 10, 25, hour, 0)) for hour in (0, 1)]
    assert spans == ["3:00–3:30 (summer time)", "3:00–3:30 (winter time)"]
    assert when("en").span(half_hour(2026, 10, 25, 2, 0)) == "4:00–4:30"
    assert when("en").span(half_hour(2026, 10, 24, 23, 30)) == "2:30–3:00"


def test_the_hour_that_is_left_out() -> None:
    assert when("fi").span(half_hour(2026, 3, 29, 0, 30)) == "2.30–4.00"
    assert when("fi").span(half_hour(2026, 3, 29, 1, 0)) == "4.00–4.30"


def test_hours_of_a_day() -> None:
    assert when("fi").spans(((480, 930), (960, 1440))) == "8.00–15.30, 16.00–24.00"
    assert when("sv").spans(()) == "stängt"
    assert (when("sv").weekdays(1, 5), when("sv").weekdays(6, 6)) == ("mån–fre", "lör")
