"""What is proposed in wrap-up: why the person turned to us, and whether that could have been
avoided. It is only proposed: nothing is said until the agent says it."""

from __future__ import annotations

from typing import Any

from contactcenter.accounts.authorise import Actor, require, scope_for
from contactcenter.cases import reasons, requests
from contactcenter.cases.needed import require_needed
from contactcenter.cases.reasons import Mark
from contactcenter.errors import Refused
from contactcenter.kernel.db import Database
from contactcenter.kernel.sql import load_sql

SQL = load_sql(__file__)
LOOKED_AT = 50  # the newest contacts about the same service
_MARKS: dict[str, Mark] = {"new": "value", "again": "unsolved", "chased": "chasing"}


async def proposed(db: Database, actor: Actor, contact: int) -> dict[str, Any]:
    """{reason, mark, repeat}: the reason that was said before in the case, else the one most often
    said of its service lately, null for none; the mark by how the contact stands in its request.
    Raises Refused("not_found") for what the agent may not see."""
    require(actor, "work")
    async with db.connection() as conn:
        row = await SQL.proposed.one(
            conn, contact=contact, scope=scope_for(actor, "work"), most=LOOKED_AT
        )
        if row is None:
            raise Refused("not_found", field="contact")
        await require_needed(conn, actor, row["case_id"], "contact")
        stands = await requests.stands(conn, contact, actor.user_id)
        known = await reasons.keys(conn, row["organisation_id"])
    found = next((one for one in (row["of_case"], row["of_service"]) if one in known), None)
    return {"reason": found, "mark": _MARKS[stands], "repeat": stands != "new"}
