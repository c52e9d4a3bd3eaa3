"""Cases and messages. Functions take a connection and never commit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from contactcenter.accounts.authorise import Actor
from contactcenter.cases import files, outbound
from contactcenter.cases.rules import said
from contactcenter.kernel.feed import Frame
from contactcenter.kernel.sql import Connection, Row, load_sql

SQL = load_sql(__file__)
PAGE = 50
_END = 2**31 - 1


async def lock(conn: Connection, case_id: int) -> Row:
    """The case's row, held to the end of the transaction."""
    row = await SQL.lock.row(conn, case_id=case_id)
    return row


async def identify(
    conn: Connection, organisation_id: int, kind: str, address: str, person: int
) -> int:
    """Whose address this is: from now on this person's, where it was nobody's. The person need not
    be there yet."""
    whose: int = await SQL.identify.value(
        conn, organisation_id=organisation_id, kind=kind, address=address, person=person
    )
    return whose


async def add_message(
    conn: Connection,
    *,
    id: int,
    case_id: int,
    contact_id: int,
    direction: str,
    author: str,
    text: str,
    author_id: int | None = None,
    address: str | None = None,
    client_id: str | None = None,
    send_id: int | None = None,
    at: datetime | None = None,
    external_id: str | None = None,
    refs: list[str] | None = None,
    raw_blob: int | None = None,
    raw_size: int | None = None,
    automatic: bool = False,
    subject: str | None = None,
    html: str | None = None,
    rest: str | None = None,
    facts: str | None = None,
    choices: list[str] | None = None,
) -> Row:
    """Add a message with the case's next number."""
    row = await SQL.add_message.row(
        conn,
        id=id,
        case_id=case_id,
        contact_id=contact_id,
        direction=direction,
        author=author,
        author_id=author_id,
        address=address,
        client_id=client_id,
        send_id=send_id,
        at=at,
        external_id=external_id,
        refs=refs or [],
        raw_blob=raw_blob,
        raw_size=raw_size,
        automatic=automatic,
        subject=subject,
        text=text,
        html=html,
        rest=rest,
        facts=facts,
        choices=choices,
    )
    return row


async def shown_name(
    conn: Connection, agent: int, organisation_id: int, *, in_letters: bool = False
) -> str:
    """By which name an organisation's citizens know an agent; "" where they know none."""
    name: str = await SQL.shown_name.value(
        conn, agent=agent, organisation_id=organisation_id, in_letters=in_letters
    )
    return name


async def add_note(
    conn: Connection, actor: Actor, contact: Row, id: int, text: str, client_id: str | None = None
) -> Row:
    """Add an internal note about a contact to its case."""
    return await add_message(
        conn,
        id=id,
        case_id=contact["case_id"],
        contact_id=contact["id"],
        direction="note",
        author=actor.name,
        author_id=actor.user_id,
        client_id=client_id,
        text=text,
    )


async def add_file(conn: Connection, **columns: Any) -> None:
    """Add an attachment's row; its bytes are a blob."""
    await SQL.add_file.run(conn, **columns)


async def wake(conn: Connection, case_id: int) -> None:
    """The citizen wrote: a resolved case is reopened, a waiting one open."""
    await SQL.wake.run(conn, case_id=case_id)


async def timeline(
    conn: Connection,
    case_id: int,
    scope: list[int],
    viewer: int,
    *,
    before: int = _END,
    most: int = PAGE,
) -> dict[str, Any]:
    """{messages, more}: the newest messages before a number, in order, as the viewer sees them."""
    rows = await SQL.timeline.all(conn, case_id=case_id, before=before, most=most + 1, scope=scope)
    shown = rows[:most][::-1]
    attached: dict[int, list[Row]] = {}
    for file in await SQL.files.all(conn, messages=[row["id"] for row in shown]):
        attached.setdefault(file["message_id"], []).append(file)
    return {
        "messages": [message(row, attached.get(row["id"], []), viewer) for row in shown],
        "more": len(rows) > most,
    }


async def deliveries(conn: Connection, case_id: int) -> list[dict[str, Any]]:
    """What became of each message that left, for a case the caller may read."""
    return [outbound.shown(row) for row in await SQL.deliveries.all(conn, case_id=case_id)]


def message(row: Row, attached: Sequence[Row], viewer: int) -> dict[str, Any]:
    """A message as doors give it (docs/protocol.md). The client id is shown to its sender only."""
    shown = said(row["seq"], row["direction"], row["author"], row["text"], row["at"])
    if row["client_id"] is not None and row["author_id"] == viewer:
        shown["client_id"] = row["client_id"]
    if row["send_id"] is not None:
        shown["send_id"] = str(row["send_id"])
    if row["subject"]:
        shown["subject"] = row["subject"]
    if row["html"] is not None:
        shown["html"] = True
    if row["rest"]:
        shown["rest"] = True
    if row["facts"] is not None:
        shown["mail"] = msgspec.json.decode(row["facts"])
    if row["choices"]:
        shown["choices"] = row["choices"]
    if row["direction"] == "inbound":
        shown["address"] = row["address"]
        if row["automatic"]:
            shown["automatic"] = True
        if row["other_sender"]:
            shown["other_sender"] = True
    if attached:
        shown["attachments"] = [
            files.shown(file) | ({"inline": True} if file["inline"] else {}) for file in attached
        ]
    return shown


def message_frame(row: Row, viewer: int, attached: Sequence[Row] = ()) -> Frame:
    """The `message` frame of an agent's own message."""
    return _frame(row["contact_id"], row["case_id"], message(row, attached, viewer))


async def newest_frame(conn: Connection, case: Row, contact: int, viewer: int) -> Frame:
    """The `message` frame of the case's newest message."""
    scope = [case["organisation_id"]]
    page = await timeline(conn, case["id"], scope, viewer, most=1)
    return _frame(contact, case["id"], page["messages"][0])


def _frame(contact: int, case: int, shown: dict[str, Any]) -> Frame:
    return {"type": "message", "contact": str(contact), "case": str(case), "message": shown}
