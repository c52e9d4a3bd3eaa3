"""Declining an offer, with a coded reason that the figures count."""

from __future__ import annotations

from collections.abc import Collection

import msgspec

from contactcenter.accounts import audit
from contactcenter.accounts.authorise import Actor, require
from contactcenter.cases import store as cases
from contactcenter.cases.rules import check_text
from contactcenter.errors import Refused
from contactcenter.kernel.db import Database
from contactcenter.kernel.sql import Connection, Row, load_sql
from contactcenter.queue import agents, store
from contactcenter.queue.publish import Change, Publisher

SQL = load_sql(__file__)
# Where an organisation has no reasons of its own; their names are in the catalogue.
HOUSE_REASONS = ("not_mine", "busy", "break", "technical", "conflict", "other")
OTHER = "other"


async def choices(conn: Connection, scope: list[int]) -> list[dict[str, object]]:
    """What agents of these organisations may say: [{organisation, reasons: [{key, name}], free}];
    names of the house's own reasons are null, they are in the catalogue."""
    return [
        {
            "organisation": row["organisation"],
            "reasons": msgspec.json.decode(row["reasons"])
            or [{"key": key, "name": None} for key in HOUSE_REASONS],
            "free": row["free"],
        }
        for row in await SQL.choices.all(conn, scope=scope)
    ]


def reason_of(given: str | None, known: Collection[str], *, free: bool) -> str | None:
    """The code that is counted: the given one where the organisation knows it, else `other`. Raises
    Refused("bad_request") for none where one is needed."""
    if not given:
        if not free:
            raise Refused("bad_request", "decline_reason_needed", field="reason")
        return None
    return given if given in known else OTHER


async def decline(
    db: Database,
    publisher: Publisher,
    actor: Actor,
    offer: int,
    reason: str | None,
    note: tuple[int, str] | None = None,
) -> None:
    """The agent does not take it: back to its place, not offered to this agent again in this
    wait. `note`, an id and a text, goes into the case, for who takes it. A repeat is answered like
    the first. Raises Refused("offer_ended") where it ended otherwise or is another's."""
    require(actor, "work")
    change = Change()
    async with db.transaction() as conn:
        await store.lock_agent(conn, actor.user_id)
        offered = await SQL.offered.one(conn, offer=offer, agent=actor.user_id)
        if offered is None:
            why = await store.SQL.how_offer_ended.value(conn, offer=offer, agent=actor.user_id)
            if why != "declined":
                raise Refused("offer_ended", field="offer")
            change.tell.append((actor.user_id, agents.offer_ended_frame(offer, why)))
        else:
            known = offered["reasons"] or HOUSE_REASONS
            code = reason_of(reason, known, free=offered["free"])
            await _end(conn, actor, offer, offered, code, note, change)
    if not await publisher.publish(change):
        raise Refused("unavailable", retry_after_s=1)


async def _end(
    conn: Connection,
    actor: Actor,
    offer: int,
    offered: Row,
    code: str | None,
    note: tuple[int, str] | None,
    change: Change,
) -> None:
    if note is not None:
        note_id, text = note
        await cases.lock(conn, offered["case_id"])
        await cases.add_note(conn, actor, offered, note_id, check_text(text))
    if await agents.end_offer(conn, actor.user_id, offer, "declined", change, code) is None:
        raise Refused("offer_ended", field="offer")
    await audit.note(
        conn,
        actor,
        "decline",
        "contact",
        offered["id"],
        organisation_id=offered["organisation_id"],
        after={"reason": code} if code else None,
    )
