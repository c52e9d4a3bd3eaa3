"""What a case's page shows: how the matter stands, and what was said."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from contactcenter.callback.windows import Window
from contactcenter.case_page import rules, store
from contactcenter.case_page.office import Office
from contactcenter.case_page.store import SQL, Found
from contactcenter.cases import files, pages
from contactcenter.errors import Refused
from contactcenter.kernel.i18n import names_of
from contactcenter.kernel.live import LiveUnavailable
from contactcenter.kernel.sql import Connection, Row
from contactcenter.queue.bands import Band, line_name
from contactcenter.queue.citizens import file_shown
from contactcenter.queue.rules import EXCLUSIVE_CHANNELS

MOST = 200  # on one page
_END = 2**31 - 1


class Said(NamedTuple):
    """One message. `mine`: the citizen's; `who`: a first name, "" where the house itself wrote;
    `files`: as chats show them, with a link where one may be opened; `choices`: answers that an
    agent lets the citizen press."""

    seq: int
    mine: bool
    who: str
    at: datetime
    text: str
    files: tuple[dict[str, Any], ...]
    choices: tuple[str, ...] = ()


class View(NamedTuple):
    """What the page shows. `organisation` and `queue`: names by language; `language`: in which the
    citizen reads; `place`, `wait` (seconds
    from now) or, where the wait may last until then, `closes_at`: of who waits in line; `next_at`:
    until when a callback waits outside of it; `more`: whether older messages are left out;
    `offers`: what it may be changed to; `mails`: whether answers may go by mail, and `mailbox`
    where, veiled; `asks`: the contact that feedback is asked on; `proven`: the address,
    veiled, that what was said may be sent to at once."""

    case: int
    subject: str
    organisation: dict[str, str]
    organisation_key: str
    queue: dict[str, str]
    zone: str
    language: str
    now: datetime
    story: str
    state: str
    channel: str
    agent: str
    promise: Window | None
    next_at: datetime | None
    messages: tuple[Said, ...]
    more: bool
    offers: tuple[str, ...]
    mails: bool
    mailbox: str | None
    asks: int | None = None
    proven: str | None = None
    place: int | None = None
    wait: Band | None = None
    closes_at: datetime | None = None

    @property
    def waits(self) -> bool:
        """Whether it is still to be taken up."""
        return self.state in (*rules.WAITING, "scheduled")

    @property
    def over(self) -> bool:
        """Whether nothing of it is open."""
        return self.state not in rules.OPEN

    @property
    def choices(self) -> tuple[str, ...]:
        """Answers to press: those of the newest message, while the question is open."""
        return self.messages[-1].choices if self.messages and not self.over else ()


class Older(NamedTuple):
    """Messages before others, and whether there are older ones still; `newer`: the number before
    which the next newer ones are, None where the newest page is next."""

    messages: tuple[Said, ...]
    more: bool
    newer: int | None = None


async def look(office: Office, token: str) -> View:
    """Raises Refused: `not_found`, `link_ended`."""
    case = await office.pages.links.id(token)
    key = await office.files.key()
    async with office.db.connection() as conn:
        found = await store.find(conn, office, case)
        said = await _said(conn, case, key, _END)
        view = _view(found, said, await SQL.mailbox.value(conn, case=case))
        proven = await SQL.proven.value(conn, case=case)
        view = view._replace(proven=rules.veiled(proven) if proven else None)
    if view.story != "waiting":
        return view
    place, band, closes_at = await _stands(office, found)
    return view._replace(place=place, wait=band, closes_at=closes_at)


async def seen(office: Office, case: int) -> None:
    """Note that the page was opened: whoever holds the link has it, and may read answers there."""
    async with office.db.connection() as conn:
        await office.pages.give(conn, [case])
        await pages.SQL.seen.run(conn, case=case)


async def older(office: Office, token: str, before: int) -> Older:
    """What was said before a message: the same whatever is said meanwhile. Raises Refused:
    `not_found`, `link_ended`."""
    case = await office.pages.links.id(token)
    key = await office.files.key()
    async with office.db.connection() as conn:
        await store.find(conn, office, case)
        said = await _said(conn, case, key, before)
        newer = await SQL.newer.value(conn, case=case, before=before, most=MOST)
        return said._replace(newer=newer)


async def file(office: Office, token: str) -> Row:
    """A file by its own link, where the page of its case shows it: `blob_id`, `name`, `size`.
    Raises Refused: `not_found`, `link_ended`; `unavailable` and `forbidden` as the scanner says."""
    id_ = await office.files.id(token)
    async with office.db.connection() as conn:
        row = await SQL.file.one(conn, id=id_)
        if row is None:
            raise Refused("not_found")
        await store.find(conn, office, row["case_id"])
        if not await SQL.shows.value(conn, case=row["case_id"], seq=row["seq"]):
            raise Refused("not_found")
    files.require_open(row)
    return row


async def _said(conn: Connection, case: int, key: bytes, before: int) -> Older:
    rows = await SQL.messages.all(conn, case=case, before=before, most=MOST + 1)
    shown = rows[:MOST][::-1]
    found: dict[int, list[dict[str, Any]]] = {}
    for one in await SQL.files.all(conn, messages=[row["id"] for row in shown]):
        found.setdefault(one["message_id"], []).append(file_shown(key, one))
    messages = tuple(
        Said(
            seq=m["seq"],
            mine=m["mine"],
            who=m["who"],
            at=m["at"],
            text=m["text"],
            files=tuple(found.get(m["id"], ())),
            choices=tuple(m["choices"] or ()),
        )
        for m in shown
    )
    return Older(messages, len(rows) > MOST)


def _view(found: Found, said: Older, mailbox: str | None) -> View:
    (case, contact), messages = found, said.messages
    state, channel = contact["state"], contact["channel"]
    scheduled = state == "scheduled"
    promise = scheduled and contact["promise_from"] is not None and not contact["attempts"]
    story = rules.story(
        state,
        channel,
        result=contact["result"],
        attempts=contact["attempts"],
        promised=contact["promise_from"] is not None,
        answered=bool(messages) and not messages[-1].mine,
    )
    served = state not in rules.OPEN and story != "cancelled"
    return View(
        case=case["id"],
        subject=case["subject"],
        organisation=names_of(case["organisation"]),
        organisation_key=case["organisation_key"],
        queue=names_of(contact["queue_names"]),
        zone=case["time_zone"],
        language=contact["reads"],
        now=case["now"],
        story=story,
        state=state,
        channel=channel,
        agent=contact["agent"] or "",
        promise=Window(contact["promise_from"], contact["promise_to"]) if promise else None,
        next_at=contact["next_at"] if scheduled and not promise else None,
        messages=messages,
        more=said.more,
        offers=tuple(
            rules.offers(
                state,
                channel,
                contact["channels"],
                mails=contact["mails"],
                wrote=any(m.mine for m in messages),
            )
        ),
        mails=contact["mails"],
        mailbox=rules.veiled(mailbox) if mailbox and contact["mails"] else None,
        asks=contact["id"] if contact["asks"] and served else None,
    )


async def _stands(office: Office, found: Found) -> tuple[int | None, Band | None, datetime | None]:
    """Its place in line and how long that will last; None where nobody can say, and while Redis is
    away. Who is being offered comes next."""
    contact = found.contact
    if contact["state"] != "queued":
        return 1, None, None
    asks, channel = contact["requirement"], contact["channel"]
    try:
        (place,) = await office.publisher.line.places_of(
            [(asks, contact["id"])], whole=channel in EXCLUSIVE_CHANNELS
        )
        known = await office.bands.of({line_name(asks, channel)})
    except LiveUnavailable:
        return None, None, None
    if not place:
        return None, None, None
    line = (contact["queue_id"], asks, channel, place)
    return place, known.told(*line), None if channel == "mail" else known.closing(*line)
