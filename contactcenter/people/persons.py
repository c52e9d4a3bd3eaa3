"""A person found: as itself, or as the one it is known to be."""

from __future__ import annotations

from dataclasses import dataclass

from contactcenter.accounts.authorise import Actor, Verb, require, scope_for
from contactcenter.errors import Refused
from contactcenter.kernel.db import Database
from contactcenter.kernel.ids import Ids
from contactcenter.kernel.sql import Connection, Row, load_sql
from contactcenter.queue.publish import Publisher

SQL = load_sql(__file__)


@dataclass(frozen=True)
class People:
    """One node's way to persons."""

    db: Database
    ids: Ids
    publisher: Publisher


@dataclass(frozen=True)
class Person:
    """All rows that are one person. `id`: that of the lead, by which the person is known; the
    others were merged into it."""

    id: int
    organisation_id: int
    rows: tuple[Row, ...]

    @property
    def members(self) -> list[int]:
        """The ids of all rows, the lead's first."""
        return [row["id"] for row in self.rows]

    @property
    def name(self) -> str:
        """The lead's name, else the first that there is."""
        return next((row["name"] for row in self.rows if row["name"]), "")

    @property
    def protected(self) -> bool:
        """Whether the addresses are hidden."""
        return any(row["protected_at"] is not None for row in self.rows)


async def find(conn: Connection, actor: Actor, verb: Verb, person: int, field: str) -> Person:
    """The person of this id, or whose part it is. Raises Refused as `require`: what lies outside
    the actor's scope is `not_found`."""
    require(actor, verb)
    scope = scope_for(actor, verb)
    lead = await SQL.lead.value(conn, person=person, scope=scope)
    rows = await SQL.members.all(conn, lead=lead, scope=scope) if lead is not None else []
    if not rows:
        raise Refused("not_found", field=field)
    require(actor, verb, rows[0]["organisation_id"])
    return Person(id=lead, organisation_id=rows[0]["organisation_id"], rows=tuple(rows))
