"""The catalogue as it is shown: a list to search, a service with all that belongs to it, and what
may be chosen. A service that was removed is found by its id for ever, and offered no more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from contactcenter.accounts.authorise import Actor, require, scope_for
from contactcenter.errors import Refused
from contactcenter.kernel.sql import Connection, Row
from contactcenter.services.store import SQL

State = Literal["offered", "removed", "all"]
COUNT = 50
_MOST_WORDS = 8


@dataclass(frozen=True)
class Asked:
    """What to look for: services whose words hold each of these, of an organisation's key."""

    find: str = ""
    organisation: str | None = None
    state: State = "offered"
    skip: int = 0


@dataclass(frozen=True)
class Listed:
    """A page of services, and how many there are in all."""

    services: list[dict[str, Any]]
    found: int


@dataclass(frozen=True)
class Shown:
    """A service; its terms by kind, each with those above it; its channels."""

    service: dict[str, Any]
    terms: dict[str, list[dict[str, Any]]]
    channels: list[dict[str, Any]]


async def listed(conn: Connection, actor: Actor, asked: Asked, language: str) -> Listed:
    """Services of the actor's organisations by name, `COUNT` at a time. Raises Refused."""
    require(actor, "configure")
    rows = await SQL.listed.all(
        conn,
        scope=scope_for(actor, "configure"),
        organisation=asked.organisation,
        like=_like(asked.find),
        state=asked.state,
        language=language,
        count=COUNT,
        skip=asked.skip,
    )
    return Listed([_read(row) for row in rows], rows[0]["found"] if rows else 0)


async def choosable(
    conn: Connection, scope: list[int], organisation: str, find: str, language: str
) -> list[dict[str, Any]]:
    """The first services of an organisation that may be chosen for something new."""
    rows = await SQL.listed.all(
        conn,
        scope=scope,
        organisation=organisation,
        like=_like(find),
        state="offered",
        language=language,
        count=COUNT,
        skip=0,
    )
    return [_read(row) for row in rows]


def _like(find: str) -> list[str]:
    """Patterns of LIKE, one a word; signs that mean something there mean themselves."""
    plain = find.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return [f"%{word}%" for word in plain.split()[:_MOST_WORDS]]


async def counts(conn: Connection, actor: Actor) -> list[Row]:
    """How many services each catalogue of the actor's organisations has. Raises Refused."""
    require(actor, "configure")
    return await SQL.counts.all(conn, scope=scope_for(actor, "configure"))


async def one(conn: Connection, actor: Actor, service_id: int) -> Shown:
    """A service, offered or removed. Raises Refused("not_found")."""
    require(actor, "configure")
    row = await SQL.one.one(conn, id=service_id, scope=scope_for(actor, "configure"))
    if row is None:
        raise Refused("not_found")
    whose = {"organisation_id": row["organisation_id"], "source": row["source"]}
    terms: dict[str, list[dict[str, Any]]] = {}
    for term in await SQL.terms_of.all(conn, codes=row["terms"], **whose):
        terms.setdefault(term["kind"], []).append(_read(term))
    channels = await SQL.channels_of.all(conn, ids=row["channels"], **whose)
    return Shown(_read(row), terms, [_read(channel) for channel in channels])


_JSON = ("name", "also", "summary", "description", "provider", "classes", "given")


def _read(row: Row) -> dict[str, Any]:
    return {
        key: msgspec.json.decode(value) if key in _JSON and isinstance(value, str) else value
        for key, value in row.items()
    }
