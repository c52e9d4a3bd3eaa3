"""Who a contact begun by hand is with: found by number or address, or new; told at once, or while
the person talks, and corrected."""

from __future__ import annotations

from collections.abc import Sequence

from contactcenter.accounts import audit
from contactcenter.accounts.authorise import Actor, scope_for
from contactcenter.cases import store as cases
from contactcenter.cases.rules import MAX_NAME, one_line
from contactcenter.channel import Introduced, Sender
from contactcenter.desk.desk import Desk
from contactcenter.errors import Refused
from contactcenter.kernel.mask import sendable
from contactcenter.kernel.sql import Connection, Row, load_sql
from contactcenter.queue import store as queue
from contactcenter.queue.own import lock_own
from contactcenter.queue.publish import Change
from contactcenter.queue.rules import BY_HAND

SQL = load_sql(__file__)


async def introduce(desk: Desk, actor: Actor, told: Introduced) -> None:
    """Write down who the person is: the one whose number or address this is; else the contact's
    own, corrected, where nobody knows them but by this case; else a new one. The contact goes by
    the name told here, though the person may be known by another. A repeat changes nothing more.

    Raises Refused as `lock_own`, and `wrong_state` where the person came by an address of their
    own, as in a mail."""
    (new,) = await desk.ids.take(1)
    contact = int(told.contact)
    async with desk.db.transaction() as conn:
        row = await lock_own(conn, actor, contact, "active", "wrap_up")
        if row["channel"] not in BY_HAND:
            raise Refused("wrong_state", "person_came_by_address", field="contact")
        person = await _settle(conn, actor, row, told, new)
        await SQL.call.run(conn, contact=contact, name=one_line(told.name, MAX_NAME))
        changed = await queue.SQL.touch.row(conn, contact=contact, unread=0)
        await queue.put_out(conn, changed, actor.user_id)
        await audit.note(
            conn,
            actor,
            "introduce",
            "contact",
            contact,
            organisation_id=row["organisation_id"],
            before={"person": str(row["person_id"])},
            after={"person": str(person)},
        )
    await desk.publish(Change(show={contact: [actor.user_id]}))


async def _settle(conn: Connection, actor: Actor, row: Row, told: Introduced, new: int) -> int:
    was, case = row["person_id"], row["case_id"]
    await SQL.hold_addresses.run(conn, person=was)
    own = bool(await SQL.is_of_one_case.value(conn, person=was, case=case))
    person = await find(conn, actor, row["organisation_id"], told.senders, was if own else new)
    corrected = own and person == was
    await name(conn, row, person, told.name, corrected=corrected)
    if corrected:
        kinds = [sender.kind for sender in told.senders]
        addresses = [sender.address for sender in told.senders]
        await SQL.drop_addresses.run(conn, person=was, kinds=kinds, addresses=addresses)
    if person != was:
        await SQL.move.run(conn, case=case, person=person)
        if own:
            await SQL.forget.run(conn, person=was)
    return person


async def find(
    conn: Connection,
    actor: Actor,
    organisation_id: int,
    senders: Sequence[Sender],
    otherwise: int,
) -> int:
    """The person of the first known of these addresses, else `otherwise`, who need not be there
    yet. Addresses that were nobody's are theirs from now on; somebody else's stay theirs. Raises
    Refused for an address that is a personal identity code."""
    if any(sendable(sender.address) != sender.address for sender in senders):
        raise Refused("bad_request", "invalid_email", field="email")
    known = await SQL.known.value(
        conn,
        organisation_id=organisation_id,
        kinds=[sender.kind for sender in senders],
        addresses=[sender.address for sender in senders],
        scope=scope_for(actor, "work"),
    )
    for sender in senders:
        whose = await cases.identify(
            conn, organisation_id, sender.kind, sender.address, known or otherwise
        )
        known = known or whose  # perhaps a colleague wrote it down a moment ago
    return int(known or otherwise)


async def name(
    conn: Connection, contact: Row, person: int, given: str, *, corrected: bool = False
) -> None:
    """Give a person, who is made where new, a name; one that has a name keeps it unless it is
    corrected. `contact`: organisation and language."""
    await SQL.name.run(
        conn,
        person=person,
        organisation_id=contact["organisation_id"],
        name=one_line(given, MAX_NAME),
        language=contact["language"],
        corrected=corrected,
    )
