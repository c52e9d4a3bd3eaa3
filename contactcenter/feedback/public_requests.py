"""Open feedback as everybody may see it, by the rules of Open311's GeoReport v2: which requests, of
which days, how many at once."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from contactcenter.errors import Refused
from contactcenter.kernel.db import Database
from contactcenter.kernel.sql import Row, load_sql

SQL = load_sql(__file__)
SPAN = timedelta(days=90)  # GeoReport v2, GET Service Requests: may not span more
MOST = 200  # of one answer; the next are on the next page
WITHIN_S = 3.0
_LARGEST_SERVICE = 2**31
_MOST_PAGES = 50
_LARGEST = 2**62


class Asked(NamedTuple):
    """Which requests: of these ids alone, or by when they were given or last changed (from and to,
    both or neither), by services, by whether they are closed; None: of all. `page` from 1."""

    ids: list[int] | None = None
    given: tuple[datetime, datetime] | None = None
    changed: tuple[datetime, datetime] | None = None
    services: list[int] | None = None
    closed: bool | None = None
    page: int = 1
    size: int = MOST


def asked(query: Mapping[str, str], now: datetime) -> Asked:
    """What a query asks for. Raises Refused("bad_request") for dates that are none, for more than
    90 days, and for unknown words; a number that no request has finds nothing."""
    size = _whole(query, "page_size", MOST)
    page = _whole(query, "page", _MOST_PAGES, 1)
    if listed := query.get("service_request_id", "").strip():
        return Asked(ids=_numbers(listed), page=page, size=size)
    status = query.get("status", "").strip().lower()
    if not set(filter(None, status.split(","))) <= {"open", "closed"}:
        raise Refused("bad_request", "open311_status")
    both = not status or "," in status
    services = query.get("service_code", "").strip()
    given = _span(query, "start_date", "end_date", now)
    changed = _span(query, "updated_after", "updated_before", now)
    if given is None and changed is None:
        given = (now - SPAN, now)
    return Asked(
        given=given,
        changed=changed,
        services=[n for n in _numbers(services) if n < _LARGEST_SERVICE] if services else None,
        closed=None if both else status == "closed",
        page=page,
        size=size,
    )


async def listed(db: Database, organisation: int, want: Asked) -> list[Row]:
    """What everybody may know of them, newest first; asked for by their changes alone, what changed
    last. Raises TimeoutError where that takes longer than others should wait for its connection."""
    some: dict[str, Any] = {"organisation_id": organisation, "most": want.size}
    some["past"] = (want.page - 1) * want.size
    query = SQL.of_ids
    if want.ids is not None:
        some["ids"] = want.ids
    else:
        some |= {"services": want.services, "closed": want.closed}
        some["changed_from"], some["changed_to"] = want.changed or (None, None)
        query = SQL.changed if want.given is None else SQL.given
        if want.given is not None:
            some["given_from"], some["given_to"] = want.given
    async with asyncio.timeout(WITHIN_S), db.connection() as conn:
        return await query.all(conn, **some)


def number(text: str) -> int | None:
    """An id as we give them; None for what is none of ours."""
    known = text.isascii() and text.isdigit() and len(text) <= 19
    return int(text) if known and int(text) < _LARGEST else None


def _numbers(text: str) -> list[int]:
    """Those of a list that are numbers of ours."""
    found = (number(one.strip()) for one in text.split(",")[:MOST])
    return [one for one in found if one is not None]


def _whole(query: Mapping[str, str], name: str, most: int, default: int | None = None) -> int:
    text = query.get(name, "").strip()
    if not text:
        return most if default is None else default
    if not (text.isascii() and text.isdigit() and len(text) <= 9) or int(text) < 1:
        raise Refused("bad_request", "invalid_field", field=name)
    return min(int(text), most)


def _span(
    query: Mapping[str, str], first: str, last: str, now: datetime
) -> tuple[datetime, datetime] | None:
    begin, end = _moment(query, first), _moment(query, last)
    if begin is None and end is None:
        return None
    begin = begin or (end or now) - SPAN
    end = end or begin + SPAN
    if not begin <= end <= begin + SPAN:
        raise Refused("bad_request", "open311_span", field=last, days=SPAN.days)
    return begin, end


_EARLIEST = datetime(1970, 4, 1, tzinfo=UTC)
_LATEST = datetime(2200, 1, 1, tzinfo=UTC)


def _moment(query: Mapping[str, str], name: str) -> datetime | None:
    """A W3C date and time; without an offset in UTC."""
    text = query.get(name, "").strip()
    if not text:
        return None
    try:
        # A "+" that was not written as %2B has come as a blank.
        at = datetime.fromisoformat(text.replace(" ", "+") if "T" in text else text)
        at = (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Refused("bad_request", "open311_date", field=name) from None
    if not _EARLIEST <= at <= _LATEST:
        raise Refused("bad_request", "open311_date", field=name)
    return at
