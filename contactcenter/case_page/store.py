"""The rows of a case's page. Functions take a connection and never commit."""

from __future__ import annotations

from typing import NamedTuple

from contactcenter.case_page import rules
from contactcenter.case_page.office import Office
from contactcenter.errors import Refused
from contactcenter.kernel.sql import Connection, Row, load_sql

SQL = load_sql(__file__)
HOUR_S = 3600.0


class Found(NamedTuple):
    """The case of a link, and the contact that its page is about."""

    case: Row
    contact: Row


async def find(conn: Connection, office: Office, case: int) -> Found:
    """The case of a link whose signature is good. Raises Refused: `not_found` where it is erased,
    or of another database; `link_ended`."""
    row = await SQL.case.one(conn, case=case)
    contact = None if row is None else await SQL.contact.one(conn, case=case)
    if row is None or contact is None:
        raise Refused("not_found")
    good = rules.is_good(contact["state"], row["last_at"], row["now"], office.days)
    if not good:
        raise Refused("link_ended")
    return Found(row, contact)


async def take_allowance(office: Office, case: int) -> None:
    """One more act on the page. Raises Refused("too_many")."""
    await office.limits.take("case_page", str(case), office.per_hour, HOUR_S)
