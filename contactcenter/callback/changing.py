"""A chat or a mail that waits becomes a callback, and a callback a mail: the same contact, with its
first arrival and its place."""

from __future__ import annotations

import hashlib

from contactcenter.callback import asking, store
from contactcenter.callback.asking import Asked
from contactcenter.callback.numbers import read_number
from contactcenter.callback.office import Office
from contactcenter.callback.store import SQL
from contactcenter.cases import store as cases
from contactcenter.cases.rules import check_client_id
from contactcenter.errors import Refused
from contactcenter.kernel.db import ALREADY_THERE, TRANSIENT
from contactcenter.kernel.failpoint import failpoint
from contactcenter.kernel.sql import Connection, Row
from contactcenter.queue import leaving
from contactcenter.queue import store as queue_store
from contactcenter.queue.publish import Change

WRITTEN = ("chat", "mail")


async def change(
    office: Office, contact: int, number: str, request_id: str, address: str | None = None
) -> Asked:
    """Make the callback of a contact; the caller has checked that it is the citizen's. The same
    request again gets the same answer. Raises Refused: `wrong_state` where it no longer waits, and
    where the number has an open request (the contact goes on); `closed` where its queue calls
    nobody back; else as `ask`."""
    check_client_id(request_id, "request_id")
    digest = hashlib.sha256(f"change {contact} {number.strip()}".encode()).digest()
    if (known := await asking.asked_before(office, request_id, digest)) is not None:
        return known
    read = read_number(number, office.policy.countries)
    await asking.take_allowance(office, read, address or f"contact {contact}")
    try:
        return await _commit(office, contact, read, request_id, digest)
    except (Refused, *TRANSIENT):
        await asking.give_back(office, read)
        raise


async def _commit(
    office: Office, contact: int, number: str, request_id: str, digest: bytes
) -> Asked:
    (request,) = await office.ids.take(1)
    while True:
        told = Change()
        failpoint("callback.before_commit")
        try:
            async with office.db.transaction() as conn:
                row = await _become(conn, office, contact, number, request_id, told)
                await SQL.add_request.run(
                    conn,
                    id=request,
                    request_id=request_id,
                    contact=contact,
                    digest=digest,
                    joined=False,
                    language=row["language"],
                )
        except leaving.Moved:
            continue
        except ALREADY_THERE:
            known = await asking.asked_before(office, request_id, digest)
            if known is not None:
                return known
            raise _asked_already() from None
        failpoint("callback.after_commit")
        await office.publisher.publish(told)
        return Asked(contact, await office.links.token(request), None, False)


async def _become(
    conn: Connection, office: Office, contact: int, number: str, request_id: str, told: Change
) -> Row:
    held = await leaving.wait_on(conn, contact, told, WRITTEN)
    home = await store.queue_of(conn, held["queue_id"])
    if "callback" not in home.row["channels"]:
        raise Refused("closed", "no_callbacks")
    organisation_id = held["organisation_id"]
    if await SQL.open_for.one(conn, organisation_id=organisation_id, number=number) is not None:
        raise _asked_already()
    await cases.identify(conn, organisation_id, "phone", number, held["person_id"])
    row = await SQL.become_callback.row(conn, contact=contact, request_id=request_id)
    await SQL.owe.run(
        conn,
        contact=contact,
        organisation_id=organisation_id,
        number=number,
        most=office.policy.attempts,
    )
    await leaving.SQL.end_chat.run(conn, contact=contact, why="changed")
    await queue_store.note(conn, "entered", row, why="change", waits=True)
    await queue_store.put_out(conn, row)
    return row


async def to_mail(conn: Connection, contact: int, change: Change) -> Row:
    """The call is no longer owed: the contact, in line or scheduled, is answered in writing. The
    place in the half hour is free again. Raises leaving.Moved; Refused("wrong_state") where an
    agent calls, or the call is over."""
    await leaving.wait_on(conn, contact, change, ("callback",), "scheduled")
    row = await SQL.become_mail.row(conn, contact=contact)
    await SQL.free_slot.run(conn, contact=contact)
    await queue_store.note(conn, "entered", row, why="change", waits=True)
    await queue_store.put_out(conn, row)
    return row


def _asked_already() -> Refused:
    """To join the two would lose one of the matters' places: so both go on."""
    return Refused("wrong_state", "number_asked", field="number")
