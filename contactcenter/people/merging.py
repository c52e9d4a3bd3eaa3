"""Two persons are one, says an agent; and takes it back.

Nothing of theirs is moved. A merge is a row that says which lead joins which, and who is known to
be whom follows from the rows that stand. So undoing is exact whatever happened in between: what
came meanwhile stays with whom it came to, and nobody who writes at the same moment waits.
"""

from __future__ import annotations

from typing import Any

from contactcenter.accounts import audit
from contactcenter.accounts.authorise import Actor, require, scope_for
from contactcenter.cases import requests
from contactcenter.errors import Refused
from contactcenter.kernel.feed import Frame
from contactcenter.kernel.sql import Connection, load_sql
from contactcenter.people import proposing
from contactcenter.people.persons import People, Person, find
from contactcenter.people.rules import Checked, enough
from contactcenter.queue.publish import Change

SQL = load_sql(__file__)


async def merge(
    people: People, actor: Actor, person: int, other: int, checked: Checked | None
) -> dict[str, Any]:
    """The other is the person, too: {merge, person}. Which grounds there are is looked up here.
    Where they are one already, it is answered by which merge.

    Raises Refused: `not_found` outside the scope; `wrong_state` for persons of two organisations,
    and where the grounds are weak and the agent did not make sure; `forbidden` for a protected
    person to who may not see its addresses."""
    (new,) = await people.ids.take(1)
    async with people.db.transaction() as conn:
        kept, merged = await _both(conn, actor, person, other)
        if kept.id == merged.id:
            made = await _made_before(conn, actor, person, other)
            return {"merge": str(made), "person": str(kept.id)}
        if merged.protected and not kept.protected:  # protection is looked up by the lead
            kept, merged = merged, kept
        grounds = await proposing.grounds(conn, actor, kept, merged)
        if not enough(grounds, checked):
            raise Refused("wrong_state", "weak_identity", field="other")
        await SQL.add.run(
            conn,
            id=new,
            organisation_id=kept.organisation_id,
            kept=kept.id,
            merged=merged.id,
            grounds=grounds,
            checked=checked,
            user_id=actor.user_id,
        )
        await SQL.join.run(conn, kept=kept.id, merged=merged.id)
        await requests.settle_person(conn, kept.id)
        after = {
            "merge": str(new),
            "merged": str(merged.id),
            "grounds": grounds,
            "checked": checked,
        }
        await _note(conn, actor, "merge", kept, after)
        tell = await _told(conn, actor, new, kept.members + merged.members, undone=False)
    await people.publisher.publish(Change(tell=tell))
    return {"merge": str(new), "person": str(kept.id)}


async def undo(people: People, actor: Actor, merge: int) -> dict[str, Any]:
    """They are two again: {persons}, as who they are known now. A repeat changes nothing.
    Protection that was set while they were one stays with both."""
    require(actor, "merge_persons")
    scope = scope_for(actor, "merge_persons")
    async with people.db.transaction() as conn:
        row = await SQL.one.one(conn, id=merge, scope=scope)
        if row is None:
            raise Refused("not_found", field="merge")
        await SQL.lock.run(conn, organisation_id=row["organisation_id"])
        was = await find(conn, actor, "merge_persons", row["kept"], "merge")
        if await SQL.undo.run(conn, id=merge, user_id=actor.user_id):
            await SQL.part.run(conn, merged=row["merged"], lead=was.id, since=row["at"])
            after = {"merge": str(merge), "merged": str(row["merged"])}
            await _note(conn, actor, "undo_merge", was, after)
            tell = await _told(conn, actor, merge, was.members, undone=True)
        else:
            tell = []
        known = [await find(conn, actor, "merge_persons", row[one], "merge") for one in _ENDS]
        for one in known:
            await requests.settle_person(conn, one.id)
    await people.publisher.publish(Change(tell=tell))
    return {"persons": [str(one.id) for one in known]}


_ENDS = ("kept", "merged")


async def _both(conn: Connection, actor: Actor, person: int, other: int) -> tuple[Person, Person]:
    """Both, as they stay to the end of the transaction: merges of an organisation are made one
    after the other, so that no two make a ring."""
    one = await find(conn, actor, "merge_persons", person, "person")
    two = await find(conn, actor, "merge_persons", other, "other")
    if one.organisation_id != two.organisation_id:
        raise Refused("wrong_state", "other_organisation", field="other")
    for which in (one, two):
        if which.protected:
            require(actor, "read_protected", which.organisation_id)
    await SQL.lock.run(conn, organisation_id=one.organisation_id)
    return (
        await find(conn, actor, "merge_persons", person, "person"),
        await find(conn, actor, "merge_persons", other, "other"),
    )


async def _made_before(conn: Connection, actor: Actor, person: int, other: int) -> int:
    made = await SQL.between.value(
        conn, one=person, other=other, scope=scope_for(actor, "merge_persons")
    )
    if made is None:
        raise Refused("bad_request", "invalid_field", field="other")  # with itself
    return int(made)


async def _note(
    conn: Connection, actor: Actor, verb: str, person: Person, after: dict[str, Any]
) -> None:
    await audit.note(
        conn,
        actor,
        verb,
        "person",
        person.id,
        organisation_id=person.organisation_id,
        after=after,
    )


async def _told(
    conn: Connection, actor: Actor, merge: int, members: list[int], *, undone: bool
) -> list[tuple[int, Frame]]:
    """A frame for each agent who has a contact of theirs in hand; the contacts stay as they are."""
    rows = await SQL.in_hand.all(conn, members=members)
    return [
        (
            row["owner"],
            {
                "type": "merge",
                "merge": str(merge),
                "undone": undone,
                "contacts": [str(contact) for contact in row["contacts"]],
                "by": actor.name,
            },
        )
        for row in rows
    ]
