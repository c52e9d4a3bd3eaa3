"""Which contacts are about one request, so that repeats find themselves.

A request is a chain of contacts of one person about one service: the next one arrives while an
earlier one is still open, or within 7 days after it was closed. Where person or service is not
known, the contacts of one case are taken instead. What an agent began, what was kept out of the
line, and what its person gave up before anybody answered, is in no chain.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from contactcenter.kernel.sql import Connection, Row, load_sql

SQL = load_sql(__file__)
WITHIN = timedelta(days=7)
MOST = 200  # contacts of one person that are looked at; older ones stay as they were told


class Approach(NamedTuple):
    """A contact as chains know it. `matter`: whose and what it is about (matter_of); `ended`: None
    while it is open."""

    contact: int
    matter: Hashable
    arrived: datetime
    ended: datetime | None


def matter_of(person: int | None, service: int | None, case: int) -> tuple[str, int, int]:
    """What the contacts of one chain have in common."""
    if person is None or service is None:
        return ("case", case, 0)
    return ("service", person, service)


def requests(
    approaches: Iterable[Approach], begun: Mapping[Hashable, int] | None = None
) -> dict[int, int]:
    """For each contact the one by which its request began: itself where it is the first. `begun`:
    what the first of a matter goes on with, where the ones before it are not among these."""
    told: dict[int, int] = {}
    running: dict[Hashable, tuple[int, datetime | None]] = {}
    for one in sorted(approaches, key=lambda each: (each.arrived, each.contact)):
        first, until = running.get(one.matter, (None, None))
        if first is None:
            first, until = (begun or {}).get(one.matter, one.contact), one.ended
        elif until is not None and one.arrived > until + WITHIN:
            first, until = one.contact, one.ended
        elif until is not None:
            until = None if one.ended is None else max(until, one.ended)
        running[one.matter] = (first, until)
        told[one.contact] = first
    return told


async def told_of(conn: Connection, contact: int) -> dict[str, int | None]:
    """Service and request of a contact that was just closed, for its event; null where it is in no
    chain. What others of the same person belong to by this is told as well."""
    row = await SQL.of_contact.row(conn, contact=contact)
    found = await _settle(conn, row["person"], row["case_id"], besides=contact)
    return {"service_id": row["service_id"], "request": found.get(contact)}


async def stands(conn: Connection, contact: int, agent: int) -> Literal["new", "again", "chased"]:
    """How a contact that is not closed yet stands in its request, as far as the agent may see that:
    the first, one more after others were closed, or while one of them is still open."""
    row = await SQL.of_contact.row(conn, contact=contact)
    rows = await SQL.approaches.all(
        conn, person=row["person"], case=row["case_id"], agent=agent, most=MOST
    )
    found = _linked(rows)
    same = [one for one in rows if found[one["id"]] == found.get(contact) and one["id"] != contact]
    mine = next((one["first_arrival"] for one in rows if one["id"] == contact), None)
    before = [one for one in same if mine is not None and one["first_arrival"] <= mine]
    if not before:
        return "new"
    return "again" if all(one["closed_at"] for one in before) else "chased"


async def settle_case(conn: Connection, case: int) -> None:
    """After another service was said of a case: tell anew what its contacts, and others of the same
    persons, are about."""
    for row in await SQL.persons_of.all(conn, case=case):
        await _settle(conn, row["person"], case)


async def settle_person(conn: Connection, person: int) -> None:
    """After a merge, or its undoing: a person as known now."""
    await _settle(conn, person, 0)


async def _settle(
    conn: Connection, person: int | None, case: int, besides: int | None = None
) -> dict[int, int]:
    """Compare the newest event of each closed contact with how it is now; tell what differs.
    Returns the requests of all. Events are only inserted: nobody is made to wait."""
    rows = await SQL.approaches.all(conn, person=person, case=case, agent=None, most=MOST)
    found = _linked(rows)
    changed = [
        row
        for row in rows
        if row["told"]
        and row["id"] != besides
        and _is_whole(row, person)
        and (row["request"], row["told_service"]) != (found[row["id"]], row["service_id"])
    ]
    if changed:
        await SQL.tell.run(
            conn,
            contacts=[row["id"] for row in changed],
            services=[row["service_id"] for row in changed],
            requests=[found[row["id"]] for row in changed],
        )
    return found


def _linked(rows: list[Row]) -> dict[int, int]:
    begun: dict[Hashable, int] = {}
    if len(rows) == MOST:  # there are older ones
        for row in reversed(rows):
            begun.setdefault(_matter(row), row["request"] or row["id"])
    return requests(
        [Approach(row["id"], _matter(row), row["first_arrival"], row["closed_at"]) for row in rows],
        begun,
    )


def _is_whole(row: Row, person: int | None) -> bool:
    """Whether all of its chain was looked at: those of others in the same cases have more."""
    return row["person"] == person or row["person"] is None or row["service_id"] is None


def _matter(row: Row) -> Hashable:
    return matter_of(row["person"], row["service_id"], row["case_id"])
