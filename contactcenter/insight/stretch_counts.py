"""Counts all that is told of a stretch, exactly: what insight_count and insight_work hold."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from contactcenter.insight.open_hours import laid_out
from contactcenter.insight.stretches import Stretch
from contactcenter.insight.views import LATER, TIMES
from contactcenter.kernel.sql import Connection, load_sql

SQL = load_sql(__file__)


async def write(conn: Connection, organisation: int, stretch: Stretch, zone: ZoneInfo) -> None:
    """Count all views of a stretch, exactly."""
    since, until = stretch.span(zone)
    given: dict[str, Any] = {
        "organisation": organisation,
        "first_day": stretch.first,
        "since": since,
        "until": until,
    }
    await SQL.contacts.run(conn, zone=zone.key, **given)
    # A span of just an hour belongs to the first part: they begin a microsecond after.
    limits = {
        "parts": [*TIMES, LATER],
        "limits": [timedelta(hours=hours, microseconds=1) for hours in TIMES.values()],
    }
    within = await laid_out(conn, organisation, since, until, zone.key)
    await SQL.times.run(conn, **limits, **within, **given)
    await SQL.marks.run(conn, **given)
    await SQL.open_feedback.run(conn, **given)
    await SQL.suggested.run(conn, **given)
    await SQL.joins.value(conn, rowwise="off")
    await SQL.matters.run(conn, **given)
    await SQL.joins.value(conn, rowwise="on")
    await SQL.causes.run(conn, **given)
    await SQL.work.run(conn, **given)
