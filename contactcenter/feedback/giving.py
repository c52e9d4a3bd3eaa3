"""The citizen gives feedback on a contact, by its signed link, and changes it while the link is
good."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from contactcenter.errors import Refused
from contactcenter.feedback import rules
from contactcenter.feedback.rules import Given
from contactcenter.feedback.store import SQL
from contactcenter.kernel.db import Database
from contactcenter.kernel.i18n import names_of
from contactcenter.kernel.limit import Limits
from contactcenter.kernel.links import Links
from contactcenter.kernel.sql import Connection, Row

HOUR_S = 3600.0


class View(NamedTuple):
    """What the page shows: whose service, when the contact was over, the last day on which the
    link is good, and what was given so far. Nothing of what was said."""

    organisation: dict[str, str]
    organisation_key: str
    queue: dict[str, str]
    zone: str
    language: str
    now: datetime
    ended_at: datetime
    until: date
    given: Given | None


@dataclass(frozen=True)
class Giving:
    """One node's. `days`: for how long after a contact's end its link is good; `per_hour`: how
    often feedback may be sent by one link."""

    db: Database
    links: Links
    limits: Limits
    days: int
    per_hour: int

    async def look(self, token: str) -> View:
        """Raises Refused: `not_found`, `wrong_state` before the contact has ended, `link_ended`."""
        contact = await self.links.id(token)
        async with self.db.connection() as conn:
            return self._view(await self._find(conn, contact))

    async def give(self, token: str, given: Given, language: str) -> None:
        """Keep it; what was given by this link before is replaced. The same again changes nothing.
        Raises Refused: as `look`, `bad_request` and `too_large` with all that is wrong,
        `too_many`."""
        contact = await self.links.id(token)
        async with self.db.connection() as conn:
            await self._find(conn, contact)
        given = rules.checked(given)
        await self.limits.take("feedback", str(contact), self.per_hour, HOUR_S)
        async with self.db.connection() as conn:
            await SQL.put.run(
                conn,
                contact=contact,
                language=language,
                handling=given.handling,
                service=given.service,
                text=given.text,
            )

    async def _find(self, conn: Connection, contact: int) -> Row:
        row = await SQL.find.one(conn, contact=contact)
        if row is None:  # signed by us, but erased, or of another database
            raise Refused("not_found")
        if row["state"] not in rules.OVER:
            raise Refused("wrong_state", "feedback_early")
        today = row["now"].astimezone(ZoneInfo(row["time_zone"])).date()
        if row["aside"] is not None or today > self._until(row):
            raise Refused("link_ended")
        return row

    def _until(self, row: Row) -> date:
        return rules.last_day(row["ended_at"], self.days, ZoneInfo(row["time_zone"]))

    def _view(self, row: Row) -> View:
        given = Given(row["handling"], row["service"], row["text"])
        return View(
            organisation=names_of(row["organisation"]),
            organisation_key=row["organisation_key"],
            queue=names_of(row["queue"]),
            zone=row["time_zone"],
            language=row["given_in"] or row["language"],
            now=row["now"],
            ended_at=row["ended_at"],
            until=self._until(row),
            given=None if row["given_in"] is None else given,
        )
