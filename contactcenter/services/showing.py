"""The catalogue as it is shown: a list to search, and a service with all that belongs to it, which
is found by its id after it was removed, too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from contactcenter.accounts.authorise import Actor, require, scope_for
from contactcenter.errors import Refused
from contactcenter.kernel.sql import Connection, Row
from contactcenter.services import forms
from contactcenter.services.store import SQL

State = Literal["offered", "removed", "all"]
COUNT = 50


@dataclass(frozen=True)
class Asked:
    """What to look for: services that each of these words leads to, in whatever form it stands; of
    an organisation's key."""

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
    words = forms.words(asked.find)
    rows = await SQL.listed.all(
        conn,
        scope=scope_for(actor, "configure"),
        organisation=asked.organisation,
        words=words,
        beginnings=[_query(forms.beginnings(word)) for word in words],
        state=asked.state,
        language=language,
        count=COUNT,
        skip=asked.skip,
    )
    return Listed([_read(row) for row in rows], rows[0]["found"] if rows else 0)


def _query(beginnings: list[str]) -> str:
    """A query of text search for any of these. They hold letters and digits only."""
    return " | ".join(f"'{one}':*" for one in beginnings)


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
