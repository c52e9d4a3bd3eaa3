"""Which part of the city a case is about, as an agent says or its citizen stated (cases/areas.py).
What the citizen wrote only suggests it."""

from __future__ import annotations

from typing import Any

from contactcenter.accounts import audit
from contactcenter.accounts.authorise import Actor, require, scope_for
from contactcenter.cases import areas
from contactcenter.cases.needed import require_needed
from contactcenter.errors import Refused
from contactcenter.kernel.db import Database
from contactcenter.kernel.i18n import names_of
from contactcenter.kernel.replicated import require_replicated
from contactcenter.kernel.sql import Connection, Row, load_sql

SQL = load_sql(__file__)


async def of_case(db: Database, actor: Actor, case: int) -> dict[str, Any]:
    """{area: key | null, by: "agent" | "citizen" | null, areas: [{key, name}], suggested: key |
    null}: all that can be said, none where the organisation tells none apart; by a postal code
    that the citizen wrote. Raises Refused("not_found")."""
    require(actor, "work")
    async with db.connection() as conn:
        return await _told(conn, await _case(conn, actor, case))


async def say(db: Database, actor: Actor, case: int, area: str | None) -> dict[str, Any]:
    """Say which it is, or that it is not known; a repeat changes nothing. Returns as of_case.
    Raises Refused: not_found, `area_gone` for one that the case's organisation has not."""
    require(actor, "work")
    async with db.transaction() as conn:
        row = await _case(conn, actor, case)
        whose = {"case": case, "organisation_id": row["organisation_id"]}
        if area != row["area"]:
            if area is None:
                await SQL.unsay.run(conn, **whose)
            elif not await SQL.say.run(conn, area=area, user_id=actor.user_id, **whose):
                raise Refused("bad_request", "area_gone", field="area")
            await audit.note(
                conn,
                actor,
                "set_area",
                "case",
                case,
                organisation_id=row["organisation_id"],
                before={"area": row["area"]},
                after={"area": area},
            )
        else:
            await require_replicated(conn)
        return await _told(conn, await _case(conn, actor, case))


async def _case(conn: Connection, actor: Actor, case: int) -> Row:
    row = await SQL.of_case.one(conn, case=case, scope=scope_for(actor, "work"))
    if row is None:
        raise Refused("not_found", field="case")
    await require_needed(conn, actor, case, "case")
    return row


async def _told(conn: Connection, row: Row) -> dict[str, Any]:
    known = await SQL.areas.all(conn, organisation_id=row["organisation_id"], said=row["area"])
    return {
        "area": row["area"],
        "by": row["by"],
        "areas": [{"key": one["key"], "name": names_of(one["name"])} for one in known],
        "suggested": areas.named(row["said"], known) if row["area"] is None else None,
    }
