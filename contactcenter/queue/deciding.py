"""Whether a contact is about what only its organisation itself may decide: its queue says so."""

from __future__ import annotations

from contactcenter.accounts.authorise import Actor
from contactcenter.errors import Refused
from contactcenter.kernel.sql import Connection, load_sql

SQL = load_sql(__file__)
ELSEWHERE = "decided_elsewhere"


async def decides(conn: Connection, contact: int) -> bool:
    """Whether it stands in such a queue."""
    return bool(await SQL.decides.value(conn, contact=contact))


async def refuse_elsewhere(
    conn: Connection, actor: Actor, organisation_id: int, contact: int
) -> None:
    """Raise Refused("forbidden") where completing an organisation's contact is for its own
    staff."""
    if organisation_id != actor.organisation_id and await decides(conn, contact):
        raise Refused("forbidden", ELSEWHERE, field="contact")


async def refuse_case_elsewhere(
    conn: Connection, actor: Actor, organisation_id: int, case: int
) -> None:
    """Raise Refused("forbidden") where a contact of an organisation's case, the last or not, is to
    be decided by its own staff and was not yet closed there."""
    if organisation_id != actor.organisation_id and await SQL.is_undecided.value(conn, case=case):
        raise Refused("forbidden", ELSEWHERE, field="case")
