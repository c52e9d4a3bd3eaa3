"""Which other persons might be the same one, and why: what they proved, gave and wrote."""

from __future__ import annotations

from typing import Any

from contactcenter.accounts import audit
from contactcenter.accounts.authorise import Actor, scope_for
from contactcenter.kernel.sql import Connection, load_sql
from contactcenter.people.persons import People, Person, find
from contactcenter.people.rules import Claim, enough, in_order, same_name, written

SQL = load_sql(__file__)
MOST = 10  # other persons that are looked at; each costs some queries


async def proposals(people: People, actor: Actor, person: int) -> list[dict[str, Any]]:
    """[{person, name, addresses, grounds, enough}], the surest first. Protected persons are never
    among them. The read is audited, of each of them too."""
    async with people.db.transaction() as conn:
        one = await find(conn, actor, "read_person", person, "person")
        found = await _others(conn, actor, one)
        shown = []
        for other, grounds, addresses in found:
            if other.protected or not grounds:
                continue
            shown.append(
                {
                    "person": str(other.id),
                    "name": other.name,
                    "addresses": addresses,
                    "grounds": grounds,
                    "enough": enough(grounds, None),
                }
            )
        for seen in (str(one.id), *(proposal["person"] for proposal in shown)):
            await audit.note(
                conn, actor, "propose", "person", seen, organisation_id=one.organisation_id
            )
    return sorted(shown, key=lambda each: not each["enough"])


async def grounds(conn: Connection, actor: Actor, one: Person, other: Person) -> list[str]:
    """Why these two might be one, looked for from both sides; strongest first."""
    found: set[str] = set()
    for mine, theirs in ((one, other), (other, one)):
        claims = await _claims(conn, actor, mine)
        for row in await _whose(conn, actor, mine, claims):
            if row["person_id"] in theirs.members:
                found.add(claims[row["kind"], row["address"]].ground)
    if same_name(one.name, other.name):
        found.add("name")
    return in_order(found)


async def _others(
    conn: Connection, actor: Actor, one: Person
) -> list[tuple[Person, list[str], list[dict[str, str]]]]:
    """Persons one of whose addresses this one has to do with, or who gave one of this one's."""
    claims = await _claims(conn, actor, one)
    rows = [
        (r["person_id"], r["kind"], r["address"]) for r in await _whose(conn, actor, one, claims)
    ]
    gave = await SQL.gave_theirs.all(
        conn, members=one.members, scope=scope_for(actor, "read_person")
    )
    ids = dict.fromkeys([row[0] for row in rows] + [row["person_id"] for row in gave])
    others: dict[int, Person] = {}
    for id_ in list(ids)[:MOST]:
        other = await find(conn, actor, "read_person", id_, "person")
        if other.id != one.id:
            others[other.id] = other
    return [
        (
            other,
            await grounds(conn, actor, one, other),
            [{"kind": kind, "address": at} for who, kind, at in rows if who in other.members],
        )
        for other in others.values()
    ]


async def _claims(conn: Connection, actor: Actor, one: Person) -> dict[tuple[str, str], Claim]:
    """By kind and address, the strongest of each."""
    scope = scope_for(actor, "read_person")
    told = await SQL.told.all(conn, members=one.members, scope=scope)
    texts = await SQL.texts.all(conn, members=one.members, scope=scope, agent=actor.user_id)
    claims = [Claim(row["kind"], row["address"], row["ground"]) for row in told]
    claims += written(row["text"] for row in texts)
    strongest: dict[tuple[str, str], Claim] = {}
    for claim in claims:  # `told` comes strongest first
        strongest.setdefault((claim.kind, claim.address), claim)
    return strongest


async def _whose(
    conn: Connection, actor: Actor, one: Person, claims: dict[tuple[str, str], Claim]
) -> list[Any]:
    """Of these addresses those that are another person's of the organisation."""
    return await SQL.whose.all(
        conn,
        organisation_id=one.organisation_id,
        kinds=[kind for kind, _ in claims],
        addresses=[address for _, address in claims],
        members=one.members,
        scope=scope_for(actor, "read_person"),
    )
