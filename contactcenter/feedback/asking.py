"""Asks by mail, some time after a contact was closed, how it went (kind `feedback`).

One node at a time. What is due is committed with the close, and goes in the commit that decides
about it, so nobody is asked twice. The mail repeats nothing of what was written, and is marked as
automatic (RFC 3834); an answer to it joins the case.
"""

from __future__ import annotations

from dataclasses import dataclass

from contactcenter.cases import outbound, reply_token
from contactcenter.cases.feedback_links import FeedbackLinks
from contactcenter.cases.letterhead import letterhead
from contactcenter.feedback import rules
from contactcenter.kernel.db import Database
from contactcenter.kernel.i18n import Catalogue, names_of
from contactcenter.kernel.ids import Ids
from contactcenter.kernel.lease import Lease
from contactcenter.kernel.sql import Connection, Row, load_sql
from contactcenter.queue.publish import Change, Publisher

SQL = load_sql(__file__)
BATCH = 50


@dataclass(frozen=True)
class Way:
    """How the mails leave: so many a minute; `domain` is ours in Message-IDs; `reply_tokens`:
    whether answers go to an address that names the case; `days`: for how long the link is good."""

    per_minute: int
    domain: str
    reply_tokens: bool
    days: int


class Asking:
    """Asks whom it is time to ask."""

    def __init__(
        self,
        db: Database,
        ids: Ids,
        publisher: Publisher,
        texts: Catalogue,
        links: FeedbackLinks,
        way: Way,
        node: str,
    ) -> None:
        self._db = db
        self._ids = ids
        self._publisher = publisher
        self._texts = texts
        self._links = links
        self._way = way
        self._lease = Lease(db, "feedback", node)

    async def run_once(self) -> int:
        """One pass. Returns how many were asked; 0 where another node has the lease, or this
        minute's mails are used up."""
        if await self._lease.hold() is None:
            return 0
        async with self._db.connection() as conn:
            waiting: int = await SQL.waiting.value(conn, most=BATCH)
        if not waiting:
            return 0
        ids = await self._ids.take(waiting)
        await self._links.ready()
        async with self._db.transaction() as conn:
            room: int = await SQL.room.value(conn, most=self._way.per_minute)
            if room <= 0:
                return 0
            asked = await self._decide(conn, min(room, waiting), ids)
        if asked:
            await self._publisher.publish(Change(sends=True))
        return asked

    async def _decide(self, conn: Connection, most: int, ids: list[int]) -> int:
        due = await SQL.due.all(conn, most=most)
        await SQL.hold_cases.run(conn, cases=[row["case_id"] for row in due])
        key = await reply_token.signing_key(conn) if self._way.reply_tokens else None
        asked = 0
        for row, send_id in zip(due, ids, strict=False):
            if rules.reads_nothing(row["address"]):
                continue
            if await SQL.asked_lately.value(
                conn,
                organisation_id=row["organisation_id"],
                person=row["person_id"],
                mailbox=row["mailbox"],
                days=row["every_days"],
            ):
                continue
            await self._ask(conn, row, key, send_id)
            asked += 1
        return asked

    async def _ask(self, conn: Connection, row: Row, key: bytes | None, send_id: int) -> None:
        language = row["language"]
        head = letterhead(
            key,
            case=row["case_id"],
            sender=row["sender"],
            queue=names_of(row["queue"]),
            from_name=names_of(row["from_name"]),
            language=language,
        )
        await outbound.add_notice(
            conn,
            kind="feedback",
            send_id=send_id,
            organisation_id=row["organisation_id"],
            contact=row["id"],
            case=row["case_id"],
            sender=row["sender"],
            sender_name=head.sender_name,
            recipient=row["address"],
            reply_to=head.reply_to,
            subject=self._texts.t(language, "mail.feedback.subject", queue=head.queue),
            text=self._texts.t(
                language,
                "mail.feedback.text",
                queue=head.queue,
                case=row["case_id"],
                url=await self._links.url(row["id"]),
                days=self._way.days,
            ),
            language=language,
            domain=self._way.domain,
        )
