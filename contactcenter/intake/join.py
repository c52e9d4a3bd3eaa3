"""A further message on a known case: appended to its open contact, or a new one that reopens it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from contactcenter.cases import store as cases
from contactcenter.cases.rules import MAX_NAME, one_line
from contactcenter.channel import Inbound
from contactcenter.intake import reports, rules, store, threads
from contactcenter.intake.rules import Target
from contactcenter.intake.store import SQL
from contactcenter.kernel import blobs
from contactcenter.kernel.db import Database
from contactcenter.kernel.failpoint import failpoint
from contactcenter.kernel.ids import Ids
from contactcenter.kernel.mask import sendable, stored
from contactcenter.kernel.sealing import Seals
from contactcenter.kernel.sql import Connection, Row
from contactcenter.queue import store as queue_store
from contactcenter.queue.publish import Change, Publisher
from contactcenter.queue.rules import pick_language, requirement


@dataclass(frozen=True)
class Joined:
    """What joined a known case, and the targets it did not concern: other organisations', or all
    where it answers none of ours."""

    contacts: tuple[str, ...]
    rest: Sequence[tuple[str, Target]]
    known: bool = True


class TakenMeanwhile(Exception):
    """Another door took the same in, and not into this case: it read another token, or none."""


async def to_case(
    db: Database,
    ids: Ids,
    publisher: Publisher,
    inbound: Inbound,
    targets: Sequence[tuple[str, Target]],
) -> Joined:
    """Join the case that the Inbound answers, for the organisation whose case it is."""
    async with db.connection() as conn:
        thread = await threads.find(conn, inbound, (t.organisation_id for _, t in targets))
    if thread is None:
        return Joined((), targets)
    mine = [t for t in targets if t[1].organisation_id == thread["organisation_id"]]
    rest = [t for t in targets if t[1].organisation_id != thread["organisation_id"]]
    fresh_ids = iter(await ids.take(3 + 2 * len(inbound.attachments)))
    failpoint("intake.before_commit")
    change = Change()
    while True:
        try:
            async with db.transaction() as conn:
                contact = await join(
                    conn, db.seals, thread["case_id"], inbound, mine, fresh_ids, change
                )
                if not rest:  # else with the rest: only then all of it is taken in
                    await store.move_on(conn, inbound.cursor)
            break
        except TakenMeanwhile:  # it is known now
            change = Change()
    failpoint("intake.after_commit")
    await publisher.publish(change)
    return Joined((str(contact),), rest, known=not change.contacts)


async def join(
    conn: Connection,
    seals: Seals,
    case_id: int,
    inbound: Inbound,
    targets: Sequence[tuple[str, Target]],
    ids: Iterator[int],
    change: Change,
    client_id: str | None = None,
) -> int:
    """The contact that the Inbound is in from now on, or has been: the case's open one, or a new
    one. `client_id`: the message's own, where its writer gave one. Raises
    TakenMeanwhile: then the transaction is to be begun again."""
    case = await cases.lock(conn, case_id)
    keys = [rules.key(address, inbound) for address, _ in targets]
    known = await store.known(conn, inbound.channel, keys)
    if known:
        return next(iter(known.values()))
    contact = await _contact(conn, case, inbound, targets[0][1], next(ids), change)
    message_id, raw_blob = next(ids), next(ids)
    message = await cases.add_message(
        conn,
        id=message_id,
        case_id=case["id"],
        contact_id=contact["id"],
        direction="inbound",
        author=one_line(inbound.sender.name, MAX_NAME) or rules.address_of(inbound),
        address=rules.address_of(inbound) or None,
        client_id=client_id,
        at=inbound.received_at,
        external_id=None if inbound.external_id is None else sendable(inbound.external_id),
        refs=rules.refs(inbound),
        automatic=inbound.automatic,
        raw_blob=raw_blob if inbound.raw else None,
        raw_size=None if inbound.raw is None else len(inbound.raw),
        subject=one_line(inbound.subject, rules.MAX_SUBJECT),
        text=await stored(inbound.text),
        html=None if inbound.html is None else await stored(inbound.html),
        rest=await stored(inbound.rest) or None,
        facts=None if (facts := rules.facts(inbound)) is None else bytes(facts).decode(),
    )
    await _keep(conn, seals, inbound, keys, contact, message, raw_blob, ids)
    await reports.land(conn, inbound, case["id"], change)
    if contact["state"] in ("active", "wrap_up"):  # an offer shows nothing of what was written
        owner = contact["owner"]
        frame = await cases.newest_frame(conn, case, contact["id"], owner)
        change.tell.append((owner, frame))
        change.show[contact["id"]] = [contact["owner"]]
    return int(contact["id"])


async def _contact(
    conn: Connection,
    case: Row,
    inbound: Inbound,
    target: Target,
    new_id: int,
    change: Change,
) -> Row:
    """The case's open contact, one version on; or a new one. An automatic answer opens nothing: it
    lands with the last contact."""
    found = await SQL.open_contact.one(conn, case_id=case["id"])
    if found is None and inbound.automatic:
        found = await SQL.last_contact.one(conn, case_id=case["id"])
    if found is not None:
        row = await queue_store.SQL.touch.row(
            conn, contact=found["id"], unread=0 if inbound.automatic else 1
        )
    else:
        row = await _new_contact(conn, case, inbound, target, new_id)
    if not inbound.automatic:
        await cases.wake(conn, case["id"])
    await queue_store.put_out(conn, row, *([row["owner"]] if row["owner"] else []))
    change.contacts.append(row["id"])
    return row


async def _new_contact(
    conn: Connection, case: Row, inbound: Inbound, target: Target, new_id: int
) -> Row:
    language = pick_language(inbound.language or case["language"], list(target.languages))
    row = await SQL.add_contact.row(
        conn,
        id=new_id,
        case_id=case["id"],
        person_id=case["person_id"],
        organisation_id=target.organisation_id,
        queue_id=target.queue_id,
        channel=inbound.channel,
        language=language,
        requirement=requirement(target.organisation, target.task, language, target.level),
        target_s=target.target_s,
        priority_s=case["priority_s"],
        received_at=inbound.received_at,
        external_id=None if inbound.external_id is None else sendable(inbound.external_id),
    )
    kept_for = row["preferred"]
    await queue_store.note(conn, "entered", row, agent=kept_for, why="reopened", waits=True)
    return row


async def _keep(
    conn: Connection,
    seals: Seals,
    inbound: Inbound,
    keys: list[str],
    contact: Row,
    message: Row,
    raw_blob: int,
    ids: Iterator[int],
) -> None:
    for key in sorted(keys):  # as the intake of new ones does: so neither waits for the other
        added = await SQL.add_key.value(
            conn,
            channel=inbound.channel,
            key=key,
            contact_id=contact["id"],
        )
        if added is None:
            raise TakenMeanwhile
    if inbound.raw:
        await blobs.put(conn, seals, raw_blob, inbound.raw)
    await add_files(conn, seals, inbound, contact, message, ids)


async def add_files(
    conn: Connection,
    seals: Seals,
    inbound: Inbound,
    contact: Row,
    message: Row,
    ids: Iterator[int],
) -> None:
    """Store what came with a message."""
    made = rules.files(inbound.attachments, contact["id"], ids)
    for file, attachment in zip(made, inbound.attachments, strict=True):
        await blobs.put(conn, seals, file.blob_id, attachment.content)
        await cases.add_file(
            conn,
            id=file.id,
            message_id=message["id"],
            organisation_id=message["organisation_id"],
            blob_id=file.blob_id,
            name=file.name,
            media_type=file.media_type,
            size=file.size,
            content_id=file.content_id,
            inline=file.inline,
        )
