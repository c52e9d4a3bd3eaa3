"""What is asked of the insight pages, in an address; the same words for pages, data and reports."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from aiohttp import web

from contactcenter.accounts.authorise import Actor, may
from contactcenter.errors import Refused
from contactcenter.insight.months import Month
from contactcenter.insight.reading import Asked
from contactcenter.web import auth
from contactcenter.web.bodies import Body, Line, query

MonthText = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$")]


class Chosen(Body, rename={"since": "from", "until": "to"}):
    """Months as 2026-11; a service by its id, the others by their keys."""

    since: MonthText | None = None
    until: MonthText | None = None
    organisation: Line | None = None
    service: Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)] | None = None
    channel: Line | None = None
    language: Line | None = None
    area: Line | None = None

    def asked(self) -> Asked:
        """Raises Refused for a year that there is not."""
        return Asked(
            month(self.since, "from"),
            month(self.until, "to"),
            self.organisation,
            self.service,
            self.channel,
            self.language,
            self.area,
        )


def month(text: str | None, field: str) -> Month | None:
    """Raises Refused."""
    try:
        return None if text is None else Month.read(text)
    except ValueError:
        raise Refused("bad_request", "invalid_field", field=field) from None


def address_of(asked: Asked, since: Month, until: Month) -> dict[str, Any]:
    """The query that asks for the same, its months said."""
    return {
        "from": str(since),
        "to": str(until),
        "organisation": asked.organisation,
        "service": asked.service,
        "channel": asked.channel,
        "language": asked.language,
        "area": asked.area,
    }


async def who(request: web.Request) -> Actor:
    """Who may look; agents are told whose it is, others sign in."""
    actor = await auth.signed_in(request)
    if not may(actor, "read_insight"):
        raise Refused("forbidden", "insight_for_supervisors")
    return actor


def chosen(request: web.Request) -> Asked:
    """Raises Refused."""
    return query(request, Chosen).asked()
