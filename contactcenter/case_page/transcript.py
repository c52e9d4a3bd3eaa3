"""What was said, to the citizen by mail: to a proven address only (CH-8).

Proven is an address that the citizen wrote from, or at which a link of ours was used: it is sent
there first, lives for a short time and is good once. Whether an address is proven, or may be
written to at all, the page never tells.
"""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from contactcenter.accounts.secret import hash_of, new_secret
from contactcenter.case_page import rules, store
from contactcenter.case_page.office import Office
from contactcenter.case_page.store import SQL as PAGE
from contactcenter.case_page.store import Found
from contactcenter.case_page.transcript_words import Line, words
from contactcenter.case_page.writing import note
from contactcenter.cases import outbound, reply_token
from contactcenter.cases import store as cases
from contactcenter.cases.letterhead import letterhead
from contactcenter.cases.rules import check_client_id
from contactcenter.cases.written import check_address
from contactcenter.errors import Refused
from contactcenter.kernel.i18n import names_of, pick
from contactcenter.kernel.sql import Connection, Row, load_sql
from contactcenter.queue.publish import Change

SQL = load_sql(__file__)
LIFE = timedelta(hours=2)
MOST = 1_000  # messages
_END = 2**31 - 1
_DAY_S = 86_400.0
_HOUR_S = 3600.0


class Wish(NamedTuple):
    """What a link that proves an address is about: where to, veiled, and of whom."""

    address: str
    organisation: dict[str, str]
    organisation_key: str
    language: str


async def ask(office: Office, token: str, request_id: str, address: str, language: str) -> None:
    """To this address, or where none is given to the one proven last. The same request again
    changes nothing. Raises Refused: `not_found`, `link_ended`, `too_many` for the case,
    `bad_request` for the address, `request_id_used`, `wrong_state` where nothing was said."""
    case = await office.pages.links.id(token)
    check_client_id(request_id, "request_id")
    address = check_address(address) if address.strip() else ""
    await store.take_allowance(office, case)
    wish, send_id = await office.ids.take(2)
    async with office.db.transaction() as conn:
        await cases.lock(conn, case)
        found = await store.find(conn, office, case)
        proven = [row["address"] for row in await PAGE.proven.all(conn, case=case)]
        address = check_address(address or next(iter(proven), ""))
        if not await PAGE.messages.all(conn, case=case, before=_END, most=1):
            raise Refused("wrong_state", "transcript_nothing")
        if await _asked_before(conn, case, request_id, address):
            return
        await SQL.hold_mailbox.run(conn, address=address)
        counts = await SQL.counts.row(conn, case=case, address=address)
        if counts["of_case"] >= office.post.per_case:
            raise Refused("too_many", retry_after_s=_DAY_S)
        may_go = counts["of_address"] < office.post.per_address and not counts["is_ours"]
        goes = may_go and address in proven
        hashed = None
        if goes:
            await _send(conn, office, found, address, language, send_id)
        elif may_go:
            hashed = await _ask_for_proof(conn, office, found, address, language, send_id)
        await SQL.add.run(
            conn,
            id=wish,
            case=case,
            organisation_id=found.case["organisation_id"],
            request_id=request_id,
            address=address,
            language=language,
            token_hash=hashed,
            life=LIFE,
            send_id=send_id if goes else None,
        )
        await note(conn, found, "citizen_transcript")
    await office.publisher.publish(Change(sends=True))


async def look(office: Office, proof: str) -> Wish:
    """Raises Refused: `not_found`, `link_ended` where it was used, is too old, or the case's page
    is shown no more."""
    async with office.db.connection() as conn:
        row = await _wish(conn, proof)
        found = await store.find(conn, office, row["case_id"])
    return Wish(
        address=rules.veiled(row["address"]),
        organisation=names_of(found.case["organisation"]),
        organisation_key=found.case["organisation_key"],
        language=row["language"],
    )


async def prove(office: Office, proof: str) -> None:
    """Raises Refused as `look`; of several uses at once one succeeds."""
    (send_id,) = await office.ids.take(1)
    async with office.db.transaction() as conn:
        row = await _wish(conn, proof)
        await cases.lock(conn, row["case_id"])
        found = await store.find(conn, office, row["case_id"])
        if not await SQL.use.run(conn, id=row["id"], send_id=send_id):
            raise Refused("link_ended")
        await SQL.verify.run(conn, case=row["case_id"], address=row["address"])
        await _send(conn, office, found, row["address"], row["language"], send_id)
        await note(conn, found, "citizen_transcript")
    await office.publisher.publish(Change(sends=True))


async def _wish(conn: Connection, proof: str) -> Row:
    hashed = hash_of(proof)
    row = None if hashed is None else await SQL.wish.one(conn, token_hash=hashed)
    if row is None:
        raise Refused("not_found")
    if not row["good"]:
        raise Refused("link_ended")
    return row


async def _asked_before(conn: Connection, case: int, request_id: str, address: str) -> bool:
    before = await SQL.asked.value(conn, case=case, request_id=request_id)
    if before is not None and before != address:
        raise Refused("request_id_used", "sent_before", field="request_id")
    return before is not None


async def _ask_for_proof(
    conn: Connection, office: Office, found: Found, address: str, language: str, send_id: int
) -> bytes:
    """Send the link that proves the address. The mail belongs to no case: whoever answers it is
    nobody of this one."""
    secret = new_secret()
    sender, name, _ = await _sender(conn, office, found, language)
    await outbound.add_notice(
        conn,
        send_id=send_id,
        organisation_id=found.case["organisation_id"],
        sender=sender,
        sender_name=name,
        recipient=address,
        subject=office.texts.t(language, "mail.transcript_confirm.subject"),
        text=office.texts.t(
            language,
            "mail.transcript_confirm.text",
            organisation=pick(names_of(found.case["organisation"]), language),
            hours=int(LIFE.total_seconds() // _HOUR_S),
            url=f"{office.post.public_url}/transcript/{secret.text}",
        ),
        language=language,
        domain=office.post.domain,
    )
    return secret.hash


async def _send(
    conn: Connection, office: Office, found: Found, address: str, language: str, send_id: int
) -> None:
    """Queue what was said, as the citizen's page shows it."""
    case, contact = found
    lines, more = await _lines(conn, case["id"])
    sender, name, reply_to = await _sender(conn, office, found, language)
    subject, text = words(
        office.texts,
        language,
        organisation=pick(names_of(case["organisation"]), language),
        queue=pick(names_of(contact["queue_names"]), language),
        case=case["id"],
        now=case["now"],
        zone=case["time_zone"],
        lines=lines,
        more=more,
    )
    await outbound.add_notice(
        conn,
        kind="transcript",
        send_id=send_id,
        organisation_id=case["organisation_id"],
        contact=contact["id"],
        case=case["id"],
        sender=sender,
        sender_name=name,
        recipient=address,
        reply_to=reply_to,
        subject=subject,
        text=text,
        language=language,
        domain=office.post.domain,
    )


async def _lines(conn: Connection, case: int) -> tuple[list[Line], bool]:
    """What the page shows, oldest first, and whether older ones are left out."""
    rows = await PAGE.messages.all(conn, case=case, before=_END, most=MOST + 1)
    shown = rows[:MOST][::-1]
    names: dict[int, list[str]] = {}
    for file in await PAGE.files.all(conn, messages=[row["id"] for row in shown]):
        names.setdefault(file["message_id"], []).append(file["name"])
    lines = [
        Line(row["mine"], row["who"], row["at"], row["text"], tuple(names.get(row["id"], ())))
        for row in shown
    ]
    return lines, len(rows) > MOST


async def _sender(
    conn: Connection, office: Office, found: Found, language: str
) -> tuple[str, str, str | None]:
    """Address and name that it comes from, the queue's where it writes mail, and where an answer
    goes."""
    row = await outbound.SQL.sender_of.one(conn, queue_id=found.contact["queue_id"])
    if row is None:
        return f"no-reply@{office.post.domain}", "", None
    key = await reply_token.signing_key(conn) if office.post.reply_tokens else None
    head = letterhead(
        key,
        case=found.case["id"],
        sender=row["address"],
        queue=names_of(row["name"]),
        from_name=names_of(row["from_name"]),
        language=language,
    )
    return row["address"], head.sender_name, head.reply_to
