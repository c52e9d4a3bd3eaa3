"""What the citizen does on the page beside writing: take the matter back, be called or written to
instead, give an address for answers."""

from __future__ import annotations

from contactcenter.callback import changing as calls
from contactcenter.callback import status as callback
from contactcenter.case_page import rules, store
from contactcenter.case_page.office import Office
from contactcenter.case_page.store import SQL, Found
from contactcenter.case_page.writing import IDS, add, note
from contactcenter.cases import store as cases
from contactcenter.cases.written import check_address
from contactcenter.chat.changing import become_mail
from contactcenter.errors import Refused
from contactcenter.intake import join
from contactcenter.kernel.sql import Connection
from contactcenter.queue import leaving
from contactcenter.queue import store as queue_store
from contactcenter.queue.publish import Change


async def cancel(office: Office, token: str) -> None:
    """The citizen needs it no more. What waits is abandoned, a call that is to come is taken back,
    and the case resolved; an agent who has it in hand is told by a message. A repeat, and what is
    over, changes nothing. Raises Refused: `not_found`, `link_ended`, `too_many`."""
    case = await office.pages.links.id(token)
    await store.take_allowance(office, case)
    ids = await office.ids.take(IDS)
    while True:
        change = Change()
        try:
            async with office.db.transaction() as conn:
                found = await store.find(conn, office, case)
                await _cancel(conn, office, found, ids, change)
        except (leaving.Moved, join.TakenMeanwhile):
            continue
        await office.publisher.publish(change)
        return


async def _cancel(
    conn: Connection, office: Office, found: Found, ids: list[int], change: Change
) -> None:
    case, contact = found.case["id"], found.contact["id"]
    held = await leaving.lock(conn, contact)
    if held["state"] in rules.IN_HAND:
        words = office.texts.t(found.contact["language"], "case.cancel.said")
        await add(conn, office.db.seals, found, f"cancel-{contact}", words, ids, change)
        await note(conn, found, "citizen_cancelled", state=held["state"])
    elif held["state"] in (*rules.WAITING, "scheduled"):
        if held["channel"] == "callback":
            await callback.withdraw(conn, contact, change)
        else:
            await leaving.abandon(conn, contact, held, change)
            await leaving.SQL.end_chat.run(conn, contact=contact, why="left")
        await SQL.resolve.run(conn, case=case)
        await note(conn, found, "citizen_cancelled", state=held["state"])


async def to_callback(
    office: Office, token: str, number: str, request_id: str, address: str
) -> None:
    """What waits to be answered in writing is called instead, in its place. The same request again
    changes nothing. Raises Refused: as `write`, and as callback.changing."""
    case = await office.pages.links.id(token)
    await store.take_allowance(office, case)
    async with office.db.connection() as conn:
        found = await store.find(conn, office, case)
    await calls.change(office.calls, found.contact["id"], number, request_id, address)
    async with office.db.connection() as conn:
        await note(conn, found, "citizen_changed", to="callback")


async def to_mail(office: Office, token: str, mailbox: str) -> None:
    """What waits for a call, or in a chat, is answered by mail instead, in its place; where the
    case knows no address, at this one. A repeat changes nothing. Raises Refused: `not_found`,
    `link_ended`, `too_many`, `bad_request` for the address, `wrong_state` where it no longer waits
    or nothing was written."""
    case = await office.pages.links.id(token)
    await store.take_allowance(office, case)
    while True:
        change = Change()
        try:
            async with office.db.transaction() as conn:
                found = await store.find(conn, office, case)
                if found.contact["channel"] == "mail":
                    return
                await _become_mail(conn, found, mailbox, change)
                await note(conn, found, "citizen_changed", to="mail")
        except leaving.Moved:
            continue
        await office.publisher.publish(change)
        return


async def _become_mail(conn: Connection, found: Found, mailbox: str, change: Change) -> None:
    contact = found.contact["id"]
    if not found.contact["mails"]:
        raise Refused("closed", "no_mail_address")
    if not await SQL.wrote.value(conn, contact=contact):
        raise Refused("wrong_state", "nothing_written")
    if found.contact["channel"] == "callback":
        await calls.to_mail(conn, contact, change)
    else:
        await leaving.wait_on(conn, contact, change, ("chat",))
        await become_mail(conn, contact)
    case = found.case["id"]
    if await SQL.mailbox.value(conn, case=case) is None:
        await SQL.answer_to.run(conn, case=case, address=check_address(mailbox))


async def add_address(office: Office, token: str, mailbox: str) -> None:
    """From now on answers go to this address, which nobody has proven. Raises Refused as `to_mail`;
    `wrong_state` where there is another one already: who has the link alone turns no answers
    aside."""
    case = await office.pages.links.id(token)
    mailbox = check_address(mailbox)
    await store.take_allowance(office, case)
    change = Change()
    async with office.db.transaction() as conn:
        await cases.lock(conn, case)
        found = await store.find(conn, office, case)
        if not await _answer_to(conn, case, mailbox):
            return
        await note(conn, found, "citizen_address")
        contact = found.contact
        if contact["state"] in rules.IN_HAND:
            row = await queue_store.SQL.touch.row(conn, contact=contact["id"], unread=0)
            await queue_store.put_out(conn, row, contact["owner"])
            change.show[contact["id"]] = [contact["owner"]]
    await office.publisher.publish(change)


async def _answer_to(conn: Connection, case: int, mailbox: str) -> bool:
    """Whether the address is new. Raises Refused where answers go to another."""
    known = await SQL.mailbox.value(conn, case=case)
    if known is not None and known.lower() != mailbox:
        raise Refused("wrong_state", "address_known", field="address")
    if known is not None:
        return False
    await SQL.answer_to.run(conn, case=case, address=mailbox)
    return True
