"""Who lives under protection: no address of theirs on any page, but for a reason that is noted.

(Act on the Population Information System 661/2009, section 36, non-disclosure for personal safety.)
"""

from __future__ import annotations

from typing import Any

from contactcenter.accounts import audit
from contactcenter.accounts.authorise import Actor, require, scope_for
from contactcenter.errors import Refused
from contactcenter.kernel.mask import storable
from contactcenter.kernel.sql import load_sql
from contactcenter.people.persons import People, find
from contactcenter.people.viewing import SQL as VIEWING
from contactcenter.people.viewing import identity
from contactcenter.queue.publish import Change

SQL = load_sql(__file__)
MOST_REASON = 200


async def protect(people: People, actor: Actor, person: int, *, protected: bool) -> None:
    """Hide the person's addresses, or show them again, on every screen at once. Whoever serves the
    person may hide them; only who may read them shows them again. A repeat changes nothing."""
    async with people.db.transaction() as conn:
        one = await find(conn, actor, "read_person", person, "person")
        if not protected:
            require(actor, "read_protected", one.organisation_id)
        if protected:
            changed = await SQL.protect.run(conn, lead=one.id)
        else:
            changed = await SQL.open.run(conn, members=one.members)
        if changed:
            await audit.note(
                conn,
                actor,
                "protect",
                "person",
                one.id,
                organisation_id=one.organisation_id,
                before={"protected": one.protected},
                after={"protected": protected},
            )
        rows = await SQL.in_hand.all(conn, members=one.members)
    await people.publisher.publish(Change(cards={row["id"]: [row["owner"]] for row in rows}))


async def reveal(people: People, actor: Actor, person: int, reason: str) -> list[dict[str, Any]]:
    """The addresses of a protected person, for a reason that goes into the audit. Raises Refused:
    `forbidden` to who may not, `bad_request` without a reason."""
    reason = storable(" ".join(reason.split()))[:MOST_REASON]
    if not reason:
        raise Refused("bad_request", "required", field="reason")
    async with people.db.transaction() as conn:
        one = await find(conn, actor, "read_protected", person, "person")
        rows = await VIEWING.identities.all(
            conn, members=one.members, scope=scope_for(actor, "read_protected")
        )
        await audit.note(
            conn,
            actor,
            "reveal",
            "person",
            one.id,
            organisation_id=one.organisation_id,
            after={"reason": reason},
        )
    return [identity(row) for row in rows]
