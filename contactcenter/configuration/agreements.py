"""Agreements: whose agents serve another organisation, how one stands on a day, and who is touched
by a change of it. Functions take a connection and never commit."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal

import msgspec

from contactcenter.configuration.document import Agreement, Names
from contactcenter.kernel.sql import Connection, load_sql

SQL = load_sql(__file__)


def standing(thing: Agreement, today: date) -> Literal["off", "ended", "coming", "valid"]:
    """How an agreement stands on a day of its organisation."""
    if thing.disabled:
        return "off"
    if thing.valid_to is not None and thing.valid_to < today:
        return "ended"
    return "coming" if thing.valid_from > today else "valid"


async def put_agreement(
    conn: Connection, organisation_id: int, agents_of: int, new: Agreement
) -> str | None:
    """Add or change; None where there is one of this key with another organisation."""
    found: str | None = await SQL.put_agreement.value(
        conn,
        organisation_id=organisation_id,
        key=new.key,
        agents_of=agents_of,
        tasks=list(new.tasks),
        valid_from=new.valid_from,
        valid_to=new.valid_to,
        disabled=new.disabled,
    )
    return found


async def organisation_names(conn: Connection) -> dict[str, Names]:
    """All organisations' names by key, those out of sight too: an agreement is with another."""
    return {
        row["key"]: msgspec.json.decode(row["name"])
        for row in await SQL.organisation_names.all(conn)
    }


async def task_names(conn: Connection) -> dict[tuple[str, str], Names]:
    """What tasks are called, by organisation and task."""
    return {
        (row["organisation"], row["task"]): msgspec.json.decode(row["name"])
        for row in await SQL.task_names.all(conn)
    }


async def agreements_elsewhere(conn: Connection, scope: list[int]) -> list[tuple[Agreement, str]]:
    """By which agents of these organisations serve others, which set them; with the time zone of
    their days."""
    rows = await SQL.agreements_elsewhere.all(conn, scope=scope)
    return [
        (
            Agreement(
                organisation=row["organisation"],
                key=row["key"],
                agents_of=row["agents_of"],
                tasks=tuple(row["tasks"]),
                valid_from=row["valid_from"],
                valid_to=row["valid_to"],
                disabled=row["disabled"],
            ),
            row["time_zone"],
        )
        for row in rows
    ]


async def who_serves(conn: Connection, pairs: Iterable[tuple[int | None, int | None]]) -> list[int]:
    """Agents with a skill in an organisation that is not their own: of each pair (the organisation,
    the agents' own)."""
    known = [pair for pair in pairs if None not in pair]
    rows = await SQL.who_serves.all(
        conn,
        organisations=[principal for principal, _ in known],
        agents_of=[agents_of for _, agents_of in known],
    )
    return [row["user_id"] for row in rows]


async def own_staff(conn: Connection, organisations: Iterable[int | None]) -> list[int]:
    """Agents with a skill in their own organisation, of these."""
    known = [one for one in organisations if one is not None]
    rows = await SQL.own_staff.all(conn, organisations=known) if known else []
    return [row["user_id"] for row in rows]
