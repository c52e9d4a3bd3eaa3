"""The sender: claims what is due, lets the channel send it, writes down what became of it."""

from __future__ import annotations

import asyncio
import random
from datetime import UTC, datetime

import structlog

from contactcenter.channel import Channel, Outbound, Receipt
from contactcenter.delivery import rules
from contactcenter.delivery.actions import tell_delivery
from contactcenter.delivery.store import SQL
from contactcenter.kernel.db import Database
from contactcenter.kernel.failpoint import failpoint
from contactcenter.kernel.sql import Row
from contactcenter.queue.publish import Publisher

_log = structlog.get_logger(__name__)
LEASE_S = 180.0  # longer than any attempt: its time-outs add up to less
ATTEMPT_S = 170.0
AT_ONCE = 8


class Sender:
    """Sends for one channel. Several may run: each message is claimed by one."""

    def __init__(self, db: Database, publisher: Publisher, channel: Channel, node: str) -> None:
        self._db = db
        self._publisher = publisher
        self._channel = channel
        self._node = node
        self._chance = random.Random()  # noqa: S311 - spreads retries, guards nothing
        self.woken = asyncio.Event()

    async def run_once(self) -> int:
        """Send what is due now. Returns how many attempts were made."""
        await self.mark_lost()
        async with self._db.connection() as conn:
            claimed = await SQL.claim.all(
                conn, node=self._node, channel=self._channel.name, most=AT_ONCE, lease_s=LEASE_S
            )
        await asyncio.gather(*(self._send(row) for row in claimed))
        if len(claimed) == AT_ONCE:
            self.woken.set()
        return len(claimed)

    async def mark_lost(self) -> None:
        """Mark what a dead sender left in `sending` as not known."""
        async with self._db.connection() as conn:
            rows = await SQL.lost.all(conn)
        for row in rows:
            await tell_delivery(self._db, self._publisher, row["send_id"])

    async def _send(self, row: Row) -> None:
        try:
            async with asyncio.timeout(ATTEMPT_S):
                receipt = await self._channel.send(_outbound(row))
        except TimeoutError:
            receipt = Receipt(outcome="unknown", code="no answer in time")
        failpoint("delivery.after_send")
        age_s = (datetime.now(UTC) - row["at"]).total_seconds()
        state = rules.next_state(receipt, age_s)
        async with self._db.connection() as conn:
            done = await SQL.finish.one(
                conn,
                send_id=row["send_id"],
                fence=row["fence"],
                state=state,
                code=receipt.code[:500],
                wait_s=rules.wait_s(row["attempts"], self._chance),
            )
        if done is not None:
            _log.info("delivery", send_id=row["send_id"], state=state, attempt=row["attempts"])
            await tell_delivery(self._db, self._publisher, row["send_id"])


def _outbound(row: Row) -> Outbound:
    return Outbound(
        send_id=str(row["send_id"]),
        message_id=row["external_id"],
        sender=row["sender"],
        sender_name=row["sender_name"],
        to=row["recipient"],
        subject=row["subject"],
        text=row["text"] or "",
        language=row["language"],
        in_reply_to=row["in_reply_to"],
        references=tuple(row["refs"]),
        automatic=row["automatic"],
    )
