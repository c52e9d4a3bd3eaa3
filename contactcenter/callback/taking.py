"""The rows of a request: a new callback, or one more request for the open one."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import msgspec

from contactcenter.callback.store import SQL, CallQueue
from contactcenter.callback.windows import Window
from contactcenter.cases import store as cases
from contactcenter.errors import ContactCenterError, Refused
from contactcenter.kernel.phone import national
from contactcenter.kernel.sql import Connection, Row
from contactcenter.queue import store as queue_store
from contactcenter.queue.publish import Change
from contactcenter.queue.rules import pick_language, requirement


class Over(ContactCenterError):
    """The open callback was over before we could join it."""


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """A request as it may be stored: checked, the number in E.164, texts masked. `next_at` is when
    it enters the line; None: at once."""

    request_id: str
    digest: bytes
    number: str
    language: str
    matter: str
    name: str
    email: str | None
    window: Window | None
    next_at: datetime | None


class Taken(NamedTuple):
    """`row`: the contact, where it waits in line from now on."""

    contact: int
    request: int
    joined: bool
    row: Row | None


async def take(
    conn: Connection, wish: Wish, queue: CallQueue, ids: list[int], attempts: int
) -> Taken:
    """A new callback. Raises Refused("window_full") where the half hour has no place left."""
    contact, case, person, message, request = ids
    organisation_id = queue.row["organisation_id"]
    person = await _identify(conn, wish, organisation_id, person)
    language = pick_language(wish.language, list(queue.row["languages"]))
    row = await SQL.take.row(
        conn,
        contact=contact,
        case=case,
        person=person,
        message=message,
        organisation_id=organisation_id,
        queue_id=queue.row["id"],
        name=wish.name,
        language=language,
        requirement=requirement(
            queue.row["organisation"], queue.row["task"], language, queue.row["level"]
        ),
        target_s=queue.row["target_s"],
        request_id=wish.request_id,
        author=_author(wish),
        number=wish.number,
        email=wish.email,
        matter=wish.matter,
        most=attempts,
        promise_from=wish.window.opens if wish.window else None,
        promise_to=wish.window.closes if wish.window else None,
        next_at=wish.next_at,
    )
    await _add_request(conn, wish, request, contact, joined=False)
    if wish.window is not None:  # last, since all who want this half hour wait for the one row
        await _take_slot(conn, queue, wish.window)
    return Taken(contact, request, False, row if row["state"] == "queued" else None)


async def join(conn: Connection, wish: Wish, open_: Row, ids: list[int], change: Change) -> Taken:
    """The matter is added to the case of the open callback, which keeps its place and its promise.
    Raises Over."""
    contact, (message, request) = open_["contact_id"], ids[:2]
    case = await cases.lock(conn, open_["case_id"])
    row = await queue_store.SQL.touch.row(conn, contact=contact, unread=1)
    if await SQL.join.one(conn, contact=contact) is None:
        raise Over
    await cases.add_message(
        conn,
        id=message,
        case_id=case["id"],
        contact_id=contact,
        direction="inbound",
        author=_author(wish),
        address=wish.number,
        text=wish.matter,
    )
    await cases.wake(conn, case["id"])
    await _add_request(conn, wish, request, contact, joined=True)
    in_hand = row["state"] in ("active", "wrap_up")
    await queue_store.put_out(conn, row, *([row["owner"]] if in_hand else []))
    change.contacts.append(contact)
    if in_hand:
        frame = await cases.newest_frame(conn, case, contact, row["owner"])
        change.tell.append((row["owner"], frame))
        change.show[contact] = [row["owner"]]
    return Taken(contact, request, True, None)


async def _identify(conn: Connection, wish: Wish, organisation_id: int, new: int) -> int:
    """The person of the number, known or new. An address of somebody else stays theirs, and to a
    known person none is added: anybody may write any number here."""
    person = await cases.identify(conn, organisation_id, "phone", wish.number, new)
    if wish.email is not None and person == new:
        await cases.identify(conn, organisation_id, "email", wish.email, person)
    return person


async def _add_request(
    conn: Connection, wish: Wish, request: int, contact: int, *, joined: bool
) -> None:
    await SQL.add_request.run(
        conn,
        id=request,
        request_id=wish.request_id,
        contact=contact,
        digest=wish.digest,
        joined=joined,
        language=wish.language,
    )


async def _take_slot(conn: Connection, queue: CallQueue, window: Window) -> None:
    taken = await SQL.take_slot.value(conn, queue_id=queue.row["id"], starts_at=window.opens)
    if taken is None:
        raise Refused("window_full", field="window")


def _author(wish: Wish) -> str:
    return wish.name or national(wish.number)
