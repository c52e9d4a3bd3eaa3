"""The person leaves: out of the line, off the agent's screen, or into the agent's wrap-up."""

from __future__ import annotations

from datetime import datetime

from contactcenter.cases import store as cases
from contactcenter.errors import ContactCenterError
from contactcenter.kernel.db import Database
from contactcenter.kernel.sql import Connection, Row, load_sql
from contactcenter.queue import agents, store
from contactcenter.queue.publish import Change

SQL = load_sql(__file__)


class _Moved(ContactCenterError):
    """Another agent got the contact between two looks; its row must be locked first."""


async def leave(db: Database, contact: int, why: str, at: datetime | None = None) -> Change | None:
    """Queued or offered: abandoned; active: the agent wraps up. `why` is kept for the citizen's
    page (left, idle, expired); `at`: since then the person has been away, and it counts as the
    moment of leaving. None where the contact was none of these, or the person is back."""
    while True:
        try:
            async with db.transaction() as conn:
                return await _leave(conn, contact, why, at)
        except _Moved:
            continue


async def withdraw(db: Database, contact: int) -> Change | None:
    """Take an offered contact off the agent's screen; it keeps its place."""
    while True:
        change = Change()
        try:
            async with db.transaction() as conn:
                row = await _lock(conn, contact)
                if row["state"] != "offered" or row["away_from"] is None:
                    return None
                await agents.end_offer(conn, row["owner"], row["offer_id"], "withdrawn", change)
                return change
        except _Moved:
            continue


wrap_up = agents.wrap_up


async def _leave(conn: Connection, contact: int, why: str, at: datetime | None) -> Change | None:
    change, row = Change(), await _lock(conn, contact)
    if at is not None and row["away_from"] != at:  # came back at the last moment
        return None
    if row["state"] == "active":
        await wrap_up(conn, row["owner"], contact)
        change.show[contact] = [row["owner"]]
    elif row["state"] in ("queued", "offered"):
        if row["state"] == "offered":
            await agents.end_offer(conn, row["owner"], row["offer_id"], "withdrawn", change)
        await SQL.abandon.run(conn, contact=contact, at=at)
        change.contacts.append(contact)
    else:
        return None
    await SQL.end_chat.run(conn, contact=contact, why=why)
    return change


async def _lock(conn: Connection, contact: int) -> Row:
    """The contact's state; its agent, case and itself are held, in the house's order."""
    found = await SQL.who_has.row(conn, contact=contact)
    if found["owner"] is not None:
        await store.lock_agent(conn, found["owner"])
    await cases.lock(conn, found["case_id"])
    row = await SQL.lock.row(conn, contact=contact)
    if row["owner"] is not None and row["owner"] != found["owner"]:
        raise _Moved
    return row
