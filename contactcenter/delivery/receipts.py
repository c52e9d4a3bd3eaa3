"""Acknowledgements of mail (RFC 3834): what intake noted as due is decided and queued.

One node at a time. What is due is committed with its contact, and goes in the commit that queues
its acknowledgement, so none is lost and none is made twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from contactcenter.accounts.authorise import Actor, require, scope_for
from contactcenter.cases import outbound, reply_token
from contactcenter.cases.letterhead import letterhead
from contactcenter.cases.pages import CasePages
from contactcenter.delivery import receipt_rules as rules
from contactcenter.kernel.db import Database
from contactcenter.kernel.i18n import Catalogue, names_of
from contactcenter.kernel.ids import Ids
from contactcenter.kernel.lease import Lease
from contactcenter.kernel.live import LiveUnavailable
from contactcenter.kernel.sql import Connection, Row, load_sql
from contactcenter.queue.bands import Band, Bands, line_name
from contactcenter.queue.publish import Change, Publisher

SQL = load_sql(__file__)
MAIL = "mail"
BATCH = 50
LOOP_S = 600.0  # the short time in which too many mails of one person make a loop


@dataclass(frozen=True)
class Caps:
    """The settings. `domain` is ours in Message-IDs; `reply_tokens`: whether answers go to an
    address that names the case."""

    per_day: int
    per_minute: int
    loop_mails: int
    privacy_url: str | None
    domain: str
    reply_tokens: bool = True


class Receipts:
    """Acknowledges what is due."""

    def __init__(
        self,
        db: Database,
        ids: Ids,
        publisher: Publisher,
        bands: Bands,
        texts: Catalogue,
        caps: Caps,
        pages: CasePages,
        node: str,
    ) -> None:
        self._db = db
        self._ids = ids
        self._publisher = publisher
        self._bands = bands
        self._texts = texts
        self._caps = caps
        self._pages = pages
        self._lease = Lease(db, "receipts", node)

    async def run_once(self) -> int:
        """One pass. Returns how many were queued; 0 where another node has the lease, or this
        minute's are used up."""
        if await self._lease.hold() is None:
            return 0
        async with self._db.connection() as conn:
            waiting = await SQL.waiting.all(conn, most=BATCH)
        if not waiting:
            return 0
        ids = await self._ids.take(len(waiting))
        estimated = await self._estimated([row for row in waiting if row["stands"]])
        await self._pages.ready()
        async with self._db.transaction() as conn:
            room: int = await SQL.room.value(conn, most=self._caps.per_minute)
            if room <= 0:
                return 0
            due = await SQL.due.all(
                conn,
                most=min(room, len(waiting)),
                loop_mails=self._caps.loop_mails,
                loop_s=LOOP_S,
            )
            queued = await self._decide(conn, due, ids, estimated) if due else 0
        if queued:
            await self._publisher.publish(Change(sends=True))
        return queued

    async def _estimated(self, waiting: list[Row]) -> dict[int, Band]:
        """How long these mails will wait yet, of which it is known and may be told. One that is not
        in the line yet stands at its end."""
        lines = [(row["requirement"], row["id"]) for row in waiting]
        try:
            places = await self._publisher.line.places_of(lines) if lines else []
            known = await self._bands.of({line_name(asks, MAIL) for asks, _ in lines})
        except LiveUnavailable:
            return {}
        found: dict[int, Band] = {}
        for row, place in zip(waiting, places, strict=True):
            band = known.told(row["queue_id"], row["requirement"], MAIL, place)
            if band is not None:
                found[row["id"]] = band
        return found

    async def _decide(
        self, conn: Connection, due: list[Row], ids: list[int], estimated: Mapping[int, Band]
    ) -> int:
        fresh, queued = iter(ids), 0
        more: Counter[str] = Counter()  # of this pass, to the same mailbox
        waits: dict[int, Row] = {}
        key = await reply_token.signing_key(conn) if self._caps.reply_tokens else None
        await SQL.hold_cases.run(conn, cases=[row["case_id"] for row in due])
        given: list[int] = []
        for row in due:
            if row["aside"] is not None or row["sender"] is None:
                continue  # said to be spam meanwhile, or the queue writes no mail any more
            why = rules.problem(
                own=row["own"],
                names_receipt=row["names_receipt"],
                lately=row["lately"],
                loop_mails=self._caps.loop_mails,
                today=row["today"] + more[row["mailbox"]],
                per_day=self._caps.per_day,
            )
            if why is not None:
                await SQL.hit.run(
                    conn, organisation_id=row["organisation_id"], address=row["address"], why=why
                )
                continue
            if row["queue_id"] not in waits:
                waits[row["queue_id"]] = await SQL.waits.row(conn, queue_id=row["queue_id"])
            wait = self._wait(row["language"], estimated.get(row["id"]), waits[row["queue_id"]])
            await self._queue(conn, row, wait, key, next(fresh))
            more[row["mailbox"]] += 1
            given.append(row["case_id"])
            queued += 1
        await self._pages.give(conn, given)
        return queued

    def _wait(self, language: str, band: Band | None, waited: Row) -> str:
        """As it stands, where that is known; else as it has been lately."""
        if band is not None:
            return rules.expected(self._texts, language, band)
        return rules.wait(self._texts, language, waited["accepted"], waited["wait_us"])

    async def _queue(
        self, conn: Connection, row: Row, wait: str, key: bytes | None, send_id: int
    ) -> None:
        language = row["language"]
        head = letterhead(
            key,
            case=row["case_id"],
            sender=row["sender"],
            queue=names_of(row["queue"]),
            from_name=names_of(row["from_name"]),
            language=language,
        )
        subject, text = rules.words(
            self._texts,
            language,
            case=row["case_id"],
            queue=head.queue,
            at=row["first_arrival"],
            zone=ZoneInfo(row["time_zone"]),
            wait=wait,
            page_url=await self._pages.url(row["case_id"]),
            privacy_url=self._caps.privacy_url,
        )
        await SQL.add.run(
            conn,
            send_id=send_id,
            organisation_id=row["organisation_id"],
            contact_id=row["id"],
            case_id=row["case_id"],
            external_id=outbound.message_id(send_id, self._caps.domain),
            sender=row["sender"],
            sender_name=head.sender_name,
            recipient=row["address"],
            subject=subject,
            text=text,
            language=language,
            in_reply_to=row["external_id"],
            refs=outbound.references(row),
            reply_to=head.reply_to,
        )


async def hits(db: Database, actor: Actor) -> list[Row]:
    """Where the loop breaker held back acknowledgements in the last 30 days, newest first:
    organisation, address, why, day, n, at."""
    require(actor, "read_quarantine")
    async with db.connection() as conn:
        return await SQL.hits.all(conn, scope=scope_for(actor, "read_quarantine"))
