"""Reply, note, read, stay."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, Literal

from contactcenter.accounts.authorise import Actor, require, scope_for
from contactcenter.cases import outbound
from contactcenter.cases import store as cases
from contactcenter.cases.rules import check_answer, check_client_id, check_text
from contactcenter.desk import mailing
from contactcenter.desk.desk import Desk
from contactcenter.desk.recipients import Extras
from contactcenter.errors import Refused
from contactcenter.kernel.links import key_of
from contactcenter.kernel.replicated import require_replicated
from contactcenter.kernel.sql import Connection, Row, load_sql
from contactcenter.queue import silence
from contactcenter.queue import store as queue
from contactcenter.queue.citizens import Said, file_shown, message_frame
from contactcenter.queue.own import lock_own
from contactcenter.queue.publish import Change

SQL = load_sql(__file__)
Direction = Literal["outbound", "note"]
_STATES = {"outbound": ("active",), "note": ("active", "wrap_up")}  # in which it may be written
ALONE = Extras()  # an answer to the person alone, as in a chat


async def reply(
    desk: Desk, actor: Actor, contact: int, client_id: str, text: str, extras: Extras = ALONE
) -> None:
    """Write to the citizen. The message and what is to be sent are one commit; the answer to the
    agent is the message's own frame. The same client id again tells the stored message again."""
    check_client_id(client_id)
    text = check_answer(text) if text.strip() or not extras.attachments else ""
    message_id, send_id = await desk.ids.take(2)
    change = Change(sends=True)

    async def write(conn: Connection, row: Row) -> Row:
        written = await _write_reply(
            conn, desk, actor, row, message_id, send_id, client_id, text, extras, change
        )
        await SQL.drop_draft.run(conn, contact=contact)
        changed = await queue.SQL.touch.row(conn, contact=contact, unread=0)
        await queue.put_out(conn, changed, actor.user_id)
        change.contacts.append(contact)
        return written

    async with desk.db.transaction() as conn:
        stored = await once(conn, actor, contact, "outbound", client_id, text, write)
        await tell_written(conn, actor, stored, change, has_files=bool(extras.attachments))
    await desk.publish(change)


async def tell_written(
    conn: Connection, actor: Actor, stored: Row, change: Change, *, has_files: bool
) -> None:
    """What the agent wrote, and what became of it where it leaves the house."""
    files = await cases.SQL.files.all(conn, messages=[stored["id"]]) if has_files else []
    change.tell.append((actor.user_id, cases.message_frame(stored, actor.user_id, files)))
    if stored["send_id"] is None:
        return
    sent = await outbound.delivery(conn, stored["send_id"])
    change.tell.append((actor.user_id, outbound.delivery_frame(sent)))


async def note(desk: Desk, actor: Actor, contact: int, client_id: str, text: str) -> None:
    """Write an internal note: colleagues see it, the citizen never does."""
    check_client_id(client_id)
    text = check_text(text)
    (message_id,) = await desk.ids.take(1)
    change = Change()

    async def write(conn: Connection, row: Row) -> Row:
        return await cases.add_note(conn, actor, row, message_id, text, client_id)

    async with desk.db.transaction() as conn:
        stored = await once(conn, actor, contact, "note", client_id, text, write)
        change.tell.append((actor.user_id, cases.message_frame(stored, actor.user_id)))
    await desk.publish(change)


async def read(desk: Desk, actor: Actor, contact: int) -> None:
    """The agent has seen the citizen's messages; a chatting citizen is told."""
    async with desk.db.transaction() as conn:
        await lock_own(conn, actor, contact, "active", "wrap_up")
        row = await queue.SQL.touch.row(conn, contact=contact, unread=-1)
        await SQL.read_by_agent.run(conn, contact=contact)
        await queue.put_out(conn, row, actor.user_id)
    await desk.publish(Change(show={contact: [actor.user_id]}))


async def stay(desk: Desk, actor: Actor, contact: int) -> None:
    """Keep a chat open whose citizen is silent. A repeat changes nothing."""
    async with desk.db.transaction() as conn:
        await lock_own(conn, actor, contact, "active")
        change = await silence.stay(conn, contact)
    change.show[contact] = [actor.user_id]
    await desk.publish(change)


async def typing(desk: Desk, actor: Actor, contact: int) -> None:
    """The agent is writing in a chat: its citizen may see that. Of other channels nobody does."""
    require(actor, "work")
    async with desk.db.connection() as conn:
        mine = await SQL.chats_with.value(
            conn, contact=contact, agent=actor.user_id, scope=scope_for(actor, "work")
        )
    if mine:
        await desk.publisher.citizens.pass_on(contact, {"type": "typing"})


async def once(
    conn: Connection,
    actor: Actor,
    contact: int,
    direction: Direction,
    client_id: str,
    text: str,
    write: Callable[[Connection, Row], Awaitable[Row]],
) -> Row:
    """The message that has this id: mine with the same text, or what `write` makes of my contact,
    locked. Raises Refused: `client_id_used`, and what lock_own does."""

    async def stored() -> Row | None:
        found = await SQL.with_client_id.one(
            conn, contact=contact, direction=direction, client_id=client_id
        )
        if found is None:
            return None
        if (found["author_id"], found["text"]) != (actor.user_id, text):
            raise Refused("client_id_used", field="client_id")
        await require_replicated(conn)
        return found

    # Before the lock, since a repeat is answered whatever became of the contact; and after it.
    if found := await stored():
        return found
    row = await lock_own(conn, actor, contact, *_STATES[direction])
    return await stored() or await write(conn, row)


async def _write_reply(
    conn: Connection,
    desk: Desk,
    actor: Actor,
    contact: Row,
    message_id: int,
    send_id: int,
    client_id: str,
    text: str,
    extras: Extras,
    change: Change,
) -> Row:
    case = await cases.lock(conn, contact["case_id"])
    sent, by_mail = None, contact["channel"] == "mail"
    if by_mail:
        check_answer(text)
        if extras.choices:
            raise Refused("bad_request", "only_chat", field="choices")
        last = await cases.SQL.last_inbound.one(conn, case_id=contact["case_id"])
        if not await mailing.is_for_page(conn, contact, case, last, extras):
            on = await mailing.paper(conn, desk, actor, contact)
            sent = mailing.answer(desk, on, last, case, text, extras)
    elif replace(extras, attachments=(), choices=()) != ALONE:
        raise Refused("bad_request", "only_mail", field="to")
    message = await cases.add_message(
        conn,
        id=message_id,
        case_id=contact["case_id"],
        contact_id=contact["id"],
        direction="outbound",
        author=actor.name,
        author_id=actor.user_id,
        client_id=client_id,
        send_id=None if sent is None else send_id,
        text=text,
        facts=None if sent is None else mailing.facts(sent),
        choices=list(extras.choices) or None,
    )
    if by_mail:
        await mailing.attach(conn, contact["id"], message_id, extras)
    if sent is not None:
        await outbound.add_letter(
            conn,
            sent,
            send_id=send_id,
            message=message_id,
            contact=contact,
            client_id=client_id,
            domain=desk.domain,
        )
    elif by_mail:
        pass  # it stands on the page of the case
    elif contact["channel"] == "chat":
        attached = await _attach(conn, contact["id"], message_id, extras)
        name = await cases.shown_name(conn, actor.user_id, contact["organisation_id"])
        frame = message_frame(message, attached=attached) | {"from": name}
        change.said.append(Said(contact["id"], case["last_shown"], frame))
    else:  # it would stand there as if the person had it
        raise Refused("wrong_state", "no_way_to_write")
    return message


async def _attach(
    conn: Connection, contact: int, message: int, extras: Extras
) -> list[dict[str, Any]]:
    """Send these uploads with a message of a chat: the files as its citizen sees them."""
    if not extras.attachments:
        return []
    await mailing.attach(conn, contact, message, extras)
    sent = await cases.SQL.files.all(conn, messages=[message])
    key = await key_of(conn, "file")
    return [file_shown(key, file) for file in sent]
