"""All that the city knows of a person, on one page: for who serves them, and each look noted.

What lies in a sensitive queue is left out, uncounted, unless the asker has a contact in hand that
needs it (schema.sql, case_needed). A protected person's addresses are left out for everybody; who
may read them does so one by one, for a reason (`protecting.reveal`).
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

import msgspec

from contactcenter.accounts import audit
from contactcenter.accounts.authorise import Actor, may, scope_for
from contactcenter.kernel.clock import stamp
from contactcenter.kernel.phone import national
from contactcenter.kernel.sql import Row, load_sql
from contactcenter.people.persons import People, find
from contactcenter.people.rules import usual

SQL = load_sql(__file__)
MOST = 100  # contacts, the newest


async def view(
    people: People, actor: Actor, person: int, contact: int | None = None
) -> dict[str, Any]:
    """{person, name, organisation, protected, may_reveal, since, language, channel, identities,
    cases, feedback, merges, more}; `contact`: for which one in hand it is read, for the audit."""
    async with people.db.transaction() as conn:
        one = await find(conn, actor, "read_person", person, "person")
        scope = scope_for(actor, "read_person")
        identities = await SQL.identities.all(conn, members=one.members, scope=scope)
        contacts = await SQL.contacts.all(
            conn, members=one.members, scope=scope, agent=actor.user_id, most=MOST
        )
        merges = await SQL.merges.all(conn, members=one.members, scope=scope)
        after = {"contact": str(contact)} if contact is not None else None
        await audit.note(
            conn,
            actor,
            "read",
            "person",
            one.id,
            organisation_id=one.organisation_id,
            after=after,
        )
    seen = [row for row in contacts if row["needed"]]
    theirs = [row for row in seen if row["direction"] == "citizen"]
    return {
        "person": str(one.id),
        "name": one.name,
        "names": list(dict.fromkeys(row["name"] for row in one.rows if row["name"])),
        "protected": one.protected,
        "may_reveal": one.protected and may(actor, "read_protected", one.organisation_id),
        "since": stamp(min(row["created_at"] for row in one.rows)),
        "language": usual(row["language"] for row in theirs) or one.rows[0]["language"],
        "channel": usual(row["channel"] for row in theirs),
        "identities": [identity(row, hidden=one.protected) for row in identities],
        "cases": _cases(seen),
        "feedback": [_feedback(row) for row in seen if row["given_at"] is not None],
        "merges": [_merge(row) for row in merges],
        "more": len(contacts) == MOST,
    }


def identity(row: Row, *, hidden: bool = False) -> dict[str, Any]:
    """An identity as screens get it; `hidden`: that there is one, and how sure, without it."""
    shown = {"kind": row["kind"], "strength": row["strength"], "seen_at": stamp(row["seen_at"])}
    if not hidden:
        number = row["kind"] == "phone" and row["address"].startswith("+")
        shown["address"] = row["address"]
        shown["shown"] = national(row["address"]) if number else row["address"]
    return shown


def _cases(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """The cases with their contacts, each newest first, those that are not settled before all."""
    by_case = sorted((row for row in rows if row["case_id"]), key=lambda row: row["case_id"])
    cases = [_case(list(group)) for _, group in groupby(by_case, lambda row: row["case_id"])]
    cases.sort(key=lambda case: case["contacts"][0]["at"], reverse=True)
    return sorted(cases, key=lambda case: case["state"] == "resolved")


def _case(rows: list[Row]) -> dict[str, Any]:
    newest = sorted(rows, key=lambda row: row["id"], reverse=True)
    return {
        "case": str(newest[0]["case_id"]),
        "subject": newest[0]["subject"],
        "state": newest[0]["case_state"],
        "opened_at": stamp(newest[0]["opened_at"]),
        "service": _service(newest[0]),
        "contacts": [
            {
                "contact": str(row["id"]),
                "channel": row["channel"],
                "direction": row["direction"],
                "queue": {"key": row["queue"], "name": msgspec.json.decode(row["queue_name"])},
                "state": row["state"],
                "at": stamp(row["first_arrival"]),
                "disposition": row["disposition"],
            }
            for row in newest
        ],
    }


def _service(row: Row) -> dict[str, Any] | None:
    """What the case is about, by its agent's word; one that was removed keeps its name."""
    if row["service_id"] is None:
        return None
    return {"id": str(row["service_id"]), "name": msgspec.json.decode(row["service_name"])}


def _feedback(row: Row) -> dict[str, Any]:
    return {
        "contact": str(row["id"]),
        "handling": row["handling"],
        "service": row["service"],
        "text": row["said"],
        "at": stamp(row["given_at"]),
    }


def _merge(row: Row) -> dict[str, Any]:
    return {
        "merge": str(row["id"]),
        "name": row["name"],
        "grounds": row["grounds"],
        "checked": row["checked"],
        "by": row["by"],
        "at": stamp(row["at"]),
    }
