"""The citizen writes on the page: the message joins the case, as a mail to a reply token would."""

from __future__ import annotations

from collections.abc import Sequence

from contactcenter.accounts import audit
from contactcenter.case_page import rules, store
from contactcenter.case_page.office import Office
from contactcenter.case_page.store import SQL, Found
from contactcenter.cases import sent_files
from contactcenter.cases import store as cases
from contactcenter.cases.rules import check_client_id, check_text
from contactcenter.cases.written import MAX_TEXT
from contactcenter.channel import Attachment, Inbound, Sender
from contactcenter.chat.changing import become_mail
from contactcenter.errors import Refused
from contactcenter.intake import join
from contactcenter.intake.store import target
from contactcenter.kernel.failpoint import failpoint
from contactcenter.kernel.sealing import Seals
from contactcenter.kernel.sql import Connection
from contactcenter.queue import leaving
from contactcenter.queue.publish import Change

IDS = 3  # that `join` takes, and two for each file
MARK = "page:"  # before the ids of what was written on the page


async def write(
    office: Office, token: str, request_id: str, text: str, files: Sequence[Attachment] = ()
) -> None:
    """One more message of the citizen, of a text or of files or of both; returns after the commit.
    It joins the open contact, which keeps its place, or opens a new one that is written to. The
    same request again is one message. Raises Refused: `not_found`, `link_ended`, `too_many`,
    `bad_request` and `too_large` for the text, `request_id_used` where this id has said something
    else. `files` are judged (cases/sent_files.py)."""
    case = await office.pages.links.id(token)
    check_client_id(request_id, "request_id")
    text = check_text(text, MAX_TEXT) if text.strip() or not files else ""
    async with office.db.connection() as conn:
        await store.find(conn, office, case)
        if await written(conn, case, request_id, text, files):
            return
    await store.take_allowance(office, case)
    ids = await office.ids.take(IDS + 2 * len(files))
    while True:
        change = Change()
        try:
            failpoint("case_page.before_commit")
            async with office.db.transaction() as conn:
                found = await store.find(conn, office, case)
                await _stays(conn, found, change)
                await add(conn, office.db.seals, found, request_id, text, ids, change, files)
        except (leaving.Moved, join.TakenMeanwhile):
            continue
        failpoint("case_page.after_commit")
        await office.publisher.publish(change)
        return


async def written(
    conn: Connection, case: int, request_id: str, text: str, files: Sequence[Attachment]
) -> bool:
    """Whether this was written before. Raises Refused("request_id_used") where the id has said
    something else."""
    before = await SQL.written.one(conn, case=case, client_id=MARK + request_id)
    if before is None:
        return False
    kept = await cases.SQL.files.all(conn, messages=[before["id"]])
    if before["text"] != text or not sent_files.are_same(files, kept):
        raise Refused("request_id_used", "sent_before", field="request_id")
    return True


async def add(
    conn: Connection,
    seals: Seals,
    found: Found,
    request_id: str,
    text: str,
    ids: list[int],
    change: Change,
    files: Sequence[Attachment] = (),
) -> None:
    """Put a message into the case, once for each request. Raises join.TakenMeanwhile."""
    case, contact = found
    said = Inbound(
        channel="mail",
        to=(),
        fingerprint=request_id,
        sender=Sender(kind="email", address="", name=contact["called"] or case["person"] or ""),
        subject=case["subject"],
        text=text,
        language=contact["language"],
        attachments=tuple(files),
    )
    wanted = [(f"case {case['id']}", target(contact))]
    client_id = MARK + request_id
    await join.join(conn, seals, case["id"], said, wanted, iter(ids), change, client_id)


async def _stays(conn: Connection, found: Found, change: Change) -> None:
    """A chat that waits while its page is gone would end by itself, with what is written now in it:
    from now on it is answered in writing, in its place."""
    contact = found.contact["id"]
    if found.contact["channel"] != "chat":
        return
    held = await leaving.lock(conn, contact)
    waits = held["channel"] == "chat" and held["state"] in rules.WAITING
    if waits and held["away_from"] is not None:
        await leaving.wait_on(conn, contact, change, ("chat",))
        await become_mail(conn, contact)


async def note(conn: Connection, found: Found, verb: str, **after: object) -> None:
    """Write down what the holder of the link did: no text, and not from where."""
    await audit.note(
        conn,
        None,
        verb,
        "contact",
        found.contact["id"],
        organisation_id=found.case["organisation_id"],
        after=dict(after) or None,
    )
