"""Which service a case is about: suggested from what its citizen wrote, said by an agent. Once said
it stays, also when the catalogue has the service no more; what is removed can't be said anew."""

from __future__ import annotations

from typing import Any

import msgspec

from contactcenter.accounts import audit
from contactcenter.accounts.authorise import Actor, require, scope_for
from contactcenter.cases import requests
from contactcenter.cases.needed import require_needed
from contactcenter.errors import Refused
from contactcenter.kernel.db import Database
from contactcenter.kernel.sql import Connection, Row, load_sql
from contactcenter.services import forms

SQL = load_sql(__file__)
FIRST = 3  # suggestions: what an agent takes in at a glance
_MOST_FOUND = 10
_MOST_WORDS = 40  # of a letter: what it is about is said in its beginning


async def of_case(db: Database, actor: Actor, case: int, find: str = "") -> dict[str, Any]:
    """{service: {id, name, removed} | null, suggested: [{id, name}]}: by what the citizen wrote, or
    by the words to find. Raises Refused("not_found")."""
    require(actor, "work")
    async with db.connection() as conn:
        row = await _case(conn, actor, case)
        return await _told(conn, row, find)


async def say(db: Database, actor: Actor, case: int, service: int | None) -> dict[str, Any]:
    """Say which it is, or that it is none; a repeat changes nothing. Returns as of_case. Raises
    Refused: not_found, `service_gone` for one that is not offered by the case's organisation."""
    require(actor, "work")
    async with db.transaction() as conn:
        row = await _case(conn, actor, case)
        whose = {"case": case, "organisation_id": row["organisation_id"]}
        if service != row["service_id"]:
            if service is None:
                await SQL.unsay.run(conn, **whose)
            elif not await SQL.say.run(conn, service=service, user_id=actor.user_id, **whose):
                raise Refused("bad_request", "service_gone", field="service")
            await requests.settle_case(conn, case)
            await audit.note(
                conn,
                actor,
                "set_service",
                "case",
                case,
                organisation_id=row["organisation_id"],
                before={"service": row["service_id"]},
                after={"service": service},
            )
        return await _told(conn, await _case(conn, actor, case), "")


async def unclassified(conn: Connection, actor: Actor, days: int) -> list[Row]:
    """Of cases resolved in the last days, by organisation: how many, and how many without a
    service."""
    require(actor, "configure")
    return await SQL.unclassified.all(conn, scope=scope_for(actor, "configure"), days=days)


async def _case(conn: Connection, actor: Actor, case: int) -> Row:
    row = await SQL.of_case.one(conn, case=case, scope=scope_for(actor, "work"))
    if row is None:
        raise Refused("not_found", field="case")
    await require_needed(conn, actor, case, "case")
    return row


async def _told(conn: Connection, row: Row, find: str) -> dict[str, Any]:
    said = None
    if row["service_id"] is not None:
        name = msgspec.json.decode(row["name"])
        said = {"id": row["service_id"], "name": name, "removed": row["removed_at"] is not None}
    words = forms.words(find or row["said"], most=_MOST_WORDS)
    begin = forms.beginnings if find else forms.sure_beginnings
    rows = await SQL.suggested.all(
        conn,
        organisation_id=row["organisation_id"],
        words=words,
        beginnings=[one for word in words for one in begin(word)],
        count=_MOST_FOUND if find else FIRST,
    )
    found = [{"id": one["id"], "name": msgspec.json.decode(one["name"])} for one in rows]
    return {"service": said, "suggested": found}
