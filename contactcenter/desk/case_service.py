"""Which service a case is about: suggested from what its citizen wrote, said by an agent. Once said
it stays, also when the catalogue has the service no more; what is removed can't be said anew."""

from __future__ import annotations

from typing import Any

import msgspec

from contactcenter.accounts import audit
from contactcenter.accounts.authorise import Actor, require, scope_for
from contactcenter.cases import requests
from contactcenter.cases.needed import require_needed
from contactcenter.desk import suggesting
from contactcenter.errors import Refused
from contactcenter.kernel.db import Database
from contactcenter.kernel.replicated import require_replicated
from contactcenter.kernel.sql import Connection, Row, load_sql

SQL = load_sql(__file__)


async def of_case(db: Database, actor: Actor, case: int, find: str = "") -> dict[str, Any]:
    """{service: {id, name, removed} | null, suggested: [{id, name}]}: by what the citizen wrote, or
    by the words to find. Raises Refused("not_found")."""
    require(actor, "work")
    async with db.connection() as conn:
        row = await _case(conn, actor, case)
        wrote = _written(row)
        found = suggesting.find(conn, wrote, find) if find else suggesting.first(conn, wrote)
        return _told(row, await found)


async def say(db: Database, actor: Actor, case: int, service: int | None) -> dict[str, Any]:
    """Say which it is, or that it is none; a repeat changes nothing. Returns as of_case. Raises
    Refused: not_found, `service_gone` for one that is not offered by the case's organisation."""
    require(actor, "work")
    async with db.transaction() as conn:
        row = await _case(conn, actor, case)
        whose = {"case": case, "organisation_id": row["organisation_id"]}
        shown = await suggesting.first(conn, _written(row))
        if service != row["service_id"]:
            if service is None:
                await SQL.unsay.run(conn, **whose)
            elif not await SQL.say.run(
                conn,
                service=service,
                user_id=actor.user_id,
                suggested=_nth(shown, service),
                **whose,
            ):
                raise Refused("bad_request", "service_gone", field="service")
            await requests.settle_case(conn, case)
            await SQL.seen.run(conn, case=case)
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
        else:
            await require_replicated(conn)
        return _told(await _case(conn, actor, case), shown)


async def unclassified(conn: Connection, actor: Actor, days: int) -> list[Row]:
    """Of cases resolved in the last days, by organisation: how many, how many without a service; of
    how many the service was said while three were suggested, and was among them."""
    require(actor, "configure")
    return await SQL.unclassified.all(conn, scope=scope_for(actor, "configure"), days=days)


async def _case(conn: Connection, actor: Actor, case: int) -> Row:
    row = await SQL.of_case.one(conn, case=case, scope=scope_for(actor, "work"))
    if row is None:
        raise Refused("not_found", field="case")
    await require_needed(conn, actor, case, "case")
    return row


def _written(row: Row) -> suggesting.Written:
    return suggesting.Written(row["organisation_id"], row["language"] or "fi", row["said"])


def _nth(shown: list[dict[str, Any]], service: int) -> int:
    """Where it stands among those suggested, 1 for the first; 0: not there."""
    return next((at for at, one in enumerate(shown, 1) if one["id"] == service), 0)


def _told(row: Row, suggested: list[dict[str, Any]]) -> dict[str, Any]:
    said = None
    if row["service_id"] is not None:
        name = msgspec.json.decode(row["name"])
        said = {"id": row["service_id"], "name": name, "removed": row["removed_at"] is not None}
    return {"service": said, "suggested": suggested}
