"""How a request stands, for who has its link; and the citizen who no longer wants the call."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from contactcenter.callback import store
from contactcenter.callback.office import Office
from contactcenter.callback.store import SQL
from contactcenter.callback.windows import Window
from contactcenter.errors import Refused
from contactcenter.kernel.i18n import names_of
from contactcenter.kernel.live import LiveUnavailable
from contactcenter.kernel.sql import Connection, Row
from contactcenter.queue import leaving
from contactcenter.queue import store as queue_store
from contactcenter.queue.bands import Band, line_name
from contactcenter.queue.publish import Change

_CHANNEL = "callback"
OVER = ("wrap_up", "closed", "abandoned")
CANCELLABLE = ("queued", "offered", "scheduled")


class Status(NamedTuple):
    """`queue`: its names by language; `organisation`: its key, with its names; `sequence` rises
    with every change (RFC 5545, 3.8.7.4); `attempts` is how often the call was tried; `next_at`:
    until then it waits outside the line; `wait`: in how many seconds a call as soon as possible is
    estimated to come, or `closes_at` where that may be after the queue closes; `case`: whose page
    may be shown to who has the link; `asks`: the contact that feedback is asked on.

    A request that joined an open one shows little of that one: it is queued until the call is over,
    and closed from then on; that it was cancelled is said, so that who still waits asks again."""

    state: str
    promise: Window | None
    cancellable: bool
    queue: dict[str, str]
    language: str
    joined: bool
    result: str | None
    organisation: str
    organisation_names: dict[str, str]
    organisation_zone: str
    sequence: int
    attempts: int
    next_at: datetime | None
    wait: Band | None = None
    closes_at: datetime | None = None
    case: int | None = None
    asks: int | None = None


async def status(office: Office, token: str) -> Status:
    """Raises Refused("not_found")."""
    row = await _find(office, token)
    found = _status(row)
    if found.state != "queued" or found.joined or found.promise is not None:
        return found
    band, closes_at = await _wait(office, row)
    return found._replace(wait=band, closes_at=closes_at)


async def _wait(office: Office, row: Row) -> tuple[Band | None, datetime | None]:
    """None where nobody can say, and while Redis is away or an agent is being chosen."""
    asks, contact = row["requirement"], row["contact_id"]
    try:
        (place,) = await office.publisher.line.places_of([(asks, contact)], whole=True)
        known = await office.bands.of({line_name(asks, _CHANNEL)})
    except LiveUnavailable:
        return None, None
    line = (row["queue_id"], asks, _CHANNEL, place)
    return (known.told(*line), known.closing(*line)) if place else (None, None)


async def cancel(office: Office, token: str) -> Status:
    """In line: abandoned, an offer is withdrawn first; scheduled: closed. The half hour's place is
    free again. A repeat is answered like the first. Raises Refused: `not_found`, `wrong_state`
    where an agent calls or the call is over, and for a request that joined another's."""
    found = await _find(office, token)
    if found["joined"]:
        raise Refused("wrong_state", "callback_joined")
    while True:
        change = Change()
        try:
            async with office.db.transaction() as conn:
                await withdraw(conn, found["contact_id"], change)
        except leaving.Moved:
            continue
        await office.publisher.publish(change)
        return await status(office, token)


async def withdraw(conn: Connection, contact: int, change: Change) -> None:
    """Take a callback back. Raises leaving.Moved; Refused("wrong_state") where an agent calls, or
    the call is over."""
    row = await leaving.lock(conn, contact)
    if (await SQL.held.row(conn, contact=contact))["result"] == "cancelled":
        return
    if row["state"] not in CANCELLABLE:
        raise Refused("wrong_state", "callback_begun")
    if row["state"] == "scheduled":
        closed = await SQL.cancel.row(conn, contact=contact)
        await queue_store.note(conn, "closed", closed)
        await queue_store.put_out(conn, closed)
    else:
        await leaving.abandon(conn, contact, row, change)
    await SQL.free_slot.run(conn, contact=contact)
    if contact not in change.contacts:
        change.contacts.append(contact)


async def _find(office: Office, token: str) -> Row:
    request = await office.links.id(token)
    async with office.db.connection() as conn:
        row = await SQL.status.one(conn, request=request)
    if row is None:  # signed by us, but of another database
        raise Refused("not_found")
    return row


def _status(row: Row) -> Status:
    joined, state, result = row["joined"], row["state"], row["result"]
    if row["channel"] != _CHANNEL:  # the citizen is written to instead
        state = "closed"
    if joined:
        state = "queued" if result is None else "closed"
    return Status(
        state=state,
        promise=None if joined else store.promise_of(row),
        cancellable=not joined and state in CANCELLABLE,
        queue=store.names(row),
        language=row["language"],
        joined=joined,
        result=None if joined and result != "cancelled" else result,
        organisation=row["organisation"],
        organisation_names=names_of(row["organisation_names"]),
        organisation_zone=row["time_zone"],
        sequence=0 if joined else row["version"],
        attempts=0 if joined else row["attempts"],
        next_at=None if joined else row["next_at"],
        case=None if joined else row["case_id"],
        asks=row["contact_id"] if row["asks"] and _is_over(row) else None,
    )


def _is_over(row: Row) -> bool:
    """Whether this very request is: not one that joined another's."""
    return not row["joined"] and row["state"] in OVER
