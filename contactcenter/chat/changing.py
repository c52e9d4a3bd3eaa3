"""A chat that waits becomes something else: a callback, or a mail that is answered later."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from contactcenter.cases import written
from contactcenter.cases.rules import check_client_id
from contactcenter.errors import Refused
from contactcenter.kernel.db import Database
from contactcenter.kernel.failpoint import failpoint
from contactcenter.kernel.feed import Frame
from contactcenter.kernel.sql import Connection, load_sql
from contactcenter.queue import leaving
from contactcenter.queue import store as queue_store
from contactcenter.queue.publish import Change, Publisher

SQL = load_sql(__file__)


@dataclass(frozen=True)
class Calls:
    """What the chat needs of the callbacks, given by the app: `change` makes one of a contact
    (number, request id, client address), `link` is where its citizen sees how it stands."""

    change: Callable[[int, str, str, str], Awaitable[object]]
    link: Callable[[int], Awaitable[str | None]]


async def changed_frame(calls: Calls, contact: int) -> Frame:
    """The `changed` frame; a mail has no page of its own."""
    return {"type": "changed", "contact": str(contact), "status_url": await calls.link(contact)}


async def to_mail(
    db: Database, publisher: Publisher, contact: int, address: str, request_id: str
) -> None:
    """The contact becomes a mail in its place, answered at the address; what was written so far is
    what it says. The same request again changes nothing. Raises Refused: `wrong_state` where it no
    longer waits or nothing was written, `closed` where the queue has no mail address,
    `request_id_used`."""
    check_client_id(request_id, "request_id")
    address = written.check_address(address)
    while True:
        change = Change()
        failpoint("chat.before_change")
        try:
            async with db.transaction() as conn:
                await _become_mail(conn, contact, address, f"change {request_id}", change)
        except leaving.Moved:
            continue
        failpoint("chat.after_change")
        await publisher.publish(change)
        return


async def _become_mail(
    conn: Connection, contact: int, address: str, key: str, change: Change
) -> None:
    if await SQL.take_request.value(conn, key=key, contact=contact) is None:
        if not await SQL.asked_before.value(conn, key=key, contact=contact, address=address):
            raise Refused("request_id_used", field="request_id")
        return
    held = await leaving.wait_on(conn, contact, change, ("chat",))
    if not await SQL.has_address.value(conn, queue_id=held["queue_id"]):
        raise Refused("closed", "no_mail_address")
    if not await SQL.sign.run(conn, contact=contact, address=address):
        raise Refused("wrong_state", "nothing_written")
    await SQL.identify.run(
        conn, contact=contact, organisation_id=held["organisation_id"], address=address
    )
    await become_mail(conn, contact)


async def become_mail(conn: Connection, contact: int) -> None:
    """A waiting chat, held and off any agent's screen, is answered in writing from now on."""
    row = await SQL.become_mail.row(conn, contact=contact)
    await leaving.SQL.end_chat.run(conn, contact=contact, why="changed")
    await queue_store.note(conn, "entered", row, why="change", waits=True)
    await queue_store.put_out(conn, row)
