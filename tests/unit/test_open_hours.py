"""Opening hours as a citizen reads them: the ordinary week, and the days that differ."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from contactcenter.queue.hours import Hours, Spans
from contactcenter.web.citizen.open_hours import OpenHours

DAY: tuple[tuple[str, str], ...] = (("08:00", "15:30"),)
OPEN: Spans = ((480, 930),)
BEFORE_CHRISTMAS = datetime(2026, 12, 17, 22, 30, tzinfo=UTC)  # the 18th in Helsinki


def queue(hours: Hours, now: datetime = BEFORE_CHRISTMAS) -> OpenHours:
    return OpenHours(ZoneInfo("Europe/Helsinki"), hours, now, always_open=False)


def test_days_that_are_alike_stand_together() -> None:
    hours = Hours(weekly=dict.fromkeys("1235", DAY) | {"4": (("08:00", "17:00"),)})
    assert list(queue(hours).week()) == [
        (1, 3, OPEN),
        (4, 4, ((480, 1020),)),
        (5, 5, OPEN),
        (6, 7, ()),
    ]


def test_holidays_eves_and_exceptions_of_a_fortnight_are_told() -> None:
    hours = Hours(
        weekly=dict.fromkeys("12345", DAY),
        exceptions={"2026-12-19": DAY, "2026-12-31": (), "2027-01-04": ()},
    )
    told = list(queue(hours).unusual())
    assert told == [
        (date(2026, 12, 19), OPEN),
        (date(2026, 12, 24), ()),
        (date(2026, 12, 25), ()),
        (date(2026, 12, 31), ()),
    ]


def test_open_around_the_clock_has_no_unusual_day() -> None:
    always = queue(Hours())
    assert (always.always, always.is_open, list(always.unusual())) == (True, True, [])


def test_a_queue_of_exceptions_alone_is_closed_in_the_ordinary_week() -> None:
    hours = Hours(exceptions={"2026-12-18": DAY})
    assert list(queue(hours).week()) == [(1, 7, ())]
    assert queue(hours).opens_at == datetime(2026, 12, 18, 6, 0, tzinfo=UTC)
