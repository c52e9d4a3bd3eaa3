"""The person leaves: out of the line, off the agent's screen, or into the agent's wrap-up."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from datetime import datetime

from contactcenter.cases import store as cases
from contactcenter.errors import ContactCenterError, Refused
from contactcenter.kernel.db import Database
from contactcenter.kernel.sql import Connection, Row, load_sql
from contactcenter.queue import agents, store
from contactcenter.queue.publish import Change

SQL = load_sql(__file__)


class Moved(ContactCenterError):
    """Another agent got the contact between two looks; its row must be locked first."""


async def leave(
    db: Database,
    contact: int,
    why: str,
    at: datetime | None = None,
    *,
    still: Callable[[Connection], Awaitable[bool]] | None = None,
) -> Change | None:
    """Queued or offered: abandoned; active: the agent wraps up. `why` is kept for the citizen's
    page (left, idle, expired); `at`: since then the person has been away, and it counts as the
    moment of leaving; `still`: whether there is still a reason, asked once nobody else can change
    it. None where the contact was none of these, or the person is back."""
    while True:
        try:
            async with db.transaction() as conn:
                return await _leave(conn, contact, why, at, still)
        except Moved:
            continue


async def withdraw(db: Database, contact: int) -> Change | None:
    """Take an offered contact off the agent's screen; it keeps its place."""
    while True:
        change = Change()
        try:
            async with db.transaction() as conn:
                row = await lock(conn, contact)
                if row["state"] != "offered" or row["away_from"] is None:
                    return None
                await agents.end_offer(conn, row["owner"], row["offer_id"], "withdrawn", change)
                return change
        except Moved:
            continue


async def _leave(
    conn: Connection,
    contact: int,
    why: str,
    at: datetime | None,
    still: Callable[[Connection], Awaitable[bool]] | None,
) -> Change | None:
    change, row = Change(), await lock(conn, contact)
    if row["channel"] != "chat":  # it became something else: the page is no longer its own
        return None
    if at is not None and row["away_from"] != at:  # came back at the last moment
        return None
    if still is not None and not await still(conn):
        return None
    if row["state"] == "active":
        await agents.wrap_up(conn, row["owner"], contact)
        change.show[contact] = [row["owner"]]
    elif row["state"] in ("queued", "offered"):
        await abandon(conn, contact, row, change, at)
    else:
        return None
    await SQL.end_chat.run(conn, contact=contact, why=why)
    return change


async def abandon(
    conn: Connection, contact: int, row: Row, change: Change, at: datetime | None = None
) -> None:
    """The person of a contact in line, held by `lock`, no longer waits."""
    if row["state"] == "offered":
        await agents.end_offer(conn, row["owner"], row["offer_id"], "withdrawn", change)
    await SQL.abandon.run(conn, contact=contact, at=at)
    if contact not in change.contacts:
        change.contacts.append(contact)


async def wait_on(
    conn: Connection, contact: int, change: Change, channels: Collection[str], *states: str
) -> Row:
    """A contact of one of the channels that waits in line, or in one of the other `states`, held by
    `lock` and off any agent's screen, its place kept. Raises Moved; Refused("wrong_state") where it
    no longer waits."""
    row = await lock(conn, contact)
    if row["channel"] not in channels or row["state"] not in ("queued", "offered", *states):
        raise Refused("wrong_state", field="type")
    if row["state"] == "offered":
        await agents.end_offer(conn, row["owner"], row["offer_id"], "withdrawn", change)
    if contact not in change.contacts:
        change.contacts.append(contact)
    return row


async def lock(conn: Connection, contact: int) -> Row:
    """The contact's state; its agent, case and itself are held, in the house's order. Raises Moved:
    then the transaction is to be begun again."""
    found = await SQL.who_has.row(conn, contact=contact)
    if found["owner"] is not None:
        await store.lock_agent(conn, found["owner"])
    await cases.lock(conn, found["case_id"])
    row = await SQL.lock.row(conn, contact=contact)
    if row["owner"] is not None and row["owner"] != found["owner"]:
        raise Moved
    return row
