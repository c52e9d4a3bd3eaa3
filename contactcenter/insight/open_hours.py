"""The opening hours of an organisation's queues, laid out for counting: how much of a time lies
within them is then a difference of two sums, not a walk through the days of each contact.

As stats/answering.py reckons it for one case; of a time that began further back than a calendar
looks ahead, all that is said is that it took long."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from contactcenter.kernel.sql import Connection, load_sql
from contactcenter.queue.hours import FAR_DAYS, Calendar, Span, read_hours

SQL = load_sql(__file__)


async def laid_out(
    conn: Connection, organisation: int, since: datetime, until: datetime, zone: str
) -> dict[str, Any]:
    """What stretch_counts.sql takes: which queue has which hours, the spans of each in order, and
    from when on they are known. Hours as they are now; a queue without any is open all the time."""
    known = since - timedelta(days=FAR_DAYS)
    rows = await SQL.hours.all(conn, organisation=organisation)
    kinds = {raw: nth for nth, raw in enumerate(dict.fromkeys(row["hours"] for row in rows))}
    found = [await asyncio.to_thread(_spans, raw, zone, known, until) for raw in kinds]
    spans = [(nth, span) for nth, of in enumerate(found) for span in of]
    return {
        "known": known,
        "queues": [row["id"] for row in rows],
        "kinds": [kinds[row["hours"]] for row in rows],
        "spans_of": [nth for nth, _ in spans],
        "opens": [opens for _, (opens, _) in spans],
        "closes": [closes for _, (_, closes) in spans],
    }


@lru_cache(maxsize=64)  # the same weeks are counted again and again
def _spans(raw: str, zone: str, since: datetime, until: datetime) -> tuple[Span, ...]:
    calendar, at = Calendar(read_hours(raw), zone), ZoneInfo(zone)
    first, last = since.astimezone(at).date(), until.astimezone(at).date()
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return tuple(span for day in days for span in calendar.spans(day))
